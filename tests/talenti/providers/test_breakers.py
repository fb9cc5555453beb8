"""Breakers' rows: what opens and closes them, and who is the one that tries."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from talenti.models import Breaker, BreakerState
from talenti.providers import breakers
from talenti.providers.breakers import (
    close_after_try,
    down_now,
    give_try_back,
    note_failure,
    pause_after_try,
    read_breakers,
    read_open,
    take_try,
)
from talenti.telemetry import recorder
from tests.at_once import at_once
from tests.talenti.providers.recordings import Keeper

NAME = "azure-openai"


def fail(times: int) -> Breaker:
    read_breakers([NAME])
    for _ in range(times):
        note_failure(NAME, "503")
    return Breaker.objects.get()


def open_since(seconds: int) -> Breaker:
    """An open breaker whose first pause began so many seconds ago."""
    fail(5)
    began = timezone.now() - timedelta(seconds=seconds)
    Breaker.objects.update(since=began, next_try_at=began + timedelta(seconds=30))
    return Breaker.objects.get()


@pytest.mark.django_db
def test_every_named_provider_has_a_row_and_is_read_once(django_assert_num_queries) -> None:
    assert read_breakers([NAME, "other"]) == {}
    with django_assert_num_queries(1):
        found = read_breakers([NAME, "other"])
    assert {name: row.state for name, row in found.items()} == {NAME: "closed", "other": "closed"}


@pytest.mark.django_db
def test_the_fifth_failure_within_a_minute_opens_for_half_a_minute() -> None:
    row = fail(4)
    assert (row.state, row.failures, row.next_try_at) == (BreakerState.CLOSED, 4, None)
    row = fail(1)
    assert (row.state, row.failures, row.pause_seconds, row.last_fault) == ("open", 5, 30, "503")
    assert row.next_try_at == row.since + timedelta(seconds=30)


@pytest.mark.django_db
def test_failures_of_more_than_a_minute_ago_do_not_count() -> None:
    row = fail(4)
    long_ago = timezone.now() - timedelta(seconds=61)
    Breaker.objects.update(recent=[long_ago.isoformat(), *row.recent[1:]])
    row = fail(1)
    assert (row.state, row.failures) == (BreakerState.CLOSED, 4)


@pytest.mark.django_db
def test_failures_of_calls_that_were_under_way_do_not_lengthen_a_pause() -> None:
    opened = fail(5)
    again = fail(20)
    assert (again.failures, again.turn) == (opened.failures, opened.turn)
    assert again.next_try_at == opened.next_try_at


@pytest.mark.django_db(transaction=True)
def test_failures_at_once_are_all_counted_and_open_once(caplog) -> None:
    read_breakers([NAME])
    caplog.set_level(logging.WARNING)
    at_once(8, lambda: note_failure(NAME, "APITimeoutError"))
    row = Breaker.objects.get()
    assert (row.state, row.failures, row.turn) == ("open", 5, 1)
    assert [record.getMessage() for record in caplog.records] == [
        "provider breaker provider=azure-openai state=open seconds=30 fault=APITimeoutError"
    ]


@pytest.mark.django_db(transaction=True)
def test_one_of_many_gets_the_try() -> None:
    seen = open_since(31)
    taken = [one for one in at_once(8, lambda: take_try(seen, 60)) if one]
    assert [one.turn for one in taken] == [seen.turn + 1]
    assert take_try(Breaker.objects.get(), 60) is None


@pytest.mark.django_db
def test_nobody_tries_within_the_pause() -> None:
    assert take_try(open_since(29), 60) is None


@pytest.mark.django_db
def test_a_try_that_is_lost_is_made_by_another_and_its_late_failure_changes_nothing() -> None:
    lost = take_try(open_since(31), -1)
    assert lost is not None
    assert take_try(Breaker.objects.get(), 60) is not None
    before = Breaker.objects.values().get()
    give_try_back(lost)
    pause_after_try(lost, "late")
    assert Breaker.objects.values().get() == before


@pytest.mark.django_db
def test_an_answer_closes_however_late_it_is_but_not_another_outage() -> None:
    lost = take_try(open_since(31), -1)
    assert lost is not None
    assert take_try(Breaker.objects.get(), 60) is not None
    close_after_try(lost)
    assert Breaker.objects.get().state == BreakerState.CLOSED
    fail(5)
    close_after_try(lost)
    assert Breaker.objects.get().state == BreakerState.OPEN


@pytest.mark.django_db
def test_an_answered_try_closes_and_forgets() -> None:
    tried = take_try(open_since(31), 60)
    assert tried is not None
    close_after_try(tried)
    row = Breaker.objects.get()
    assert (row.state, row.failures, row.recent, row.pause_seconds) == ("closed", 0, [], 0)
    assert (row.next_try_at, row.trying_until) == (None, None)
    assert fail(4).state == BreakerState.CLOSED
    assert fail(1).pause_seconds == 30


@pytest.mark.django_db
def test_each_failed_try_doubles_the_pause() -> None:
    open_since(31)
    pauses = []
    for _ in range(6):
        Breaker.objects.update(next_try_at=timezone.now())
        tried = take_try(Breaker.objects.get(), 60)
        assert tried is not None
        pause_after_try(tried, "500")
        row = Breaker.objects.get()
        assert row.next_try_at is not None
        left = (row.next_try_at - timezone.now()).total_seconds()
        assert row.pause_seconds - 5 < left <= row.pause_seconds
        pauses.append(row.pause_seconds)
    assert pauses == [60, 120, 240, 480, 600, 600]
    assert (row.failures, row.last_fault, row.trying_until) == (11, "500", None)


@pytest.mark.django_db
def test_a_try_without_an_answer_is_left_to_the_next_caller() -> None:
    tried = take_try(open_since(31), 60)
    assert tried is not None
    give_try_back(tried)
    assert take_try(Breaker.objects.get(), 60) is not None


@pytest.mark.django_db
def test_down_are_those_that_are_left_alone_or_tried() -> None:
    assert down_now() == []
    seen = open_since(29)
    assert [row.name for row in down_now()] == [NAME]
    Breaker.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert down_now() == []
    take_try(Breaker.objects.get(), 60)
    assert [row.name for row in down_now()] == [seen.name]


@pytest.mark.django_db
def test_changes_are_counted_and_the_state_is_a_gauge(monkeypatch) -> None:
    keeper = Keeper()
    monkeypatch.setattr(recorder, "_recorder", keeper)
    open_since(31)
    assert read_open() == [(1.0, {"provider": NAME})]
    tried = take_try(Breaker.objects.get(), 60)
    assert tried is not None
    close_after_try(tried)
    assert read_open() == [(0.0, {"provider": NAME})]
    assert keeper.counts == [
        ("provider_breaker_changes", {"provider": NAME, "state": "open"}),
        ("provider_breaker_changes", {"provider": NAME, "state": "closed"}),
    ]
    assert recorder.gauges["provider_breaker_open"] is breakers.read_open
