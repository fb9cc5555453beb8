"""Who may call: what one process knows, how many calls it makes, and what it costs."""

import os
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from talenti.errors import ProviderFull, ProviderPaused
from talenti.models import Breaker
from talenti.providers import breakers, gates
from talenti.providers.gates import Gate, Verdict, enter

NAME, LIVE = "azure-openai", "azure-openai-live"


def fail(times: int = 5, name: str = NAME) -> None:
    for _ in range(times):
        enter(name, seconds=1).leave(Verdict.FAILED, "503")


def end_pause() -> None:
    """Let the time of every pause be over, and the view of this process be old."""
    Breaker.objects.filter(state="open").update(next_try_at=timezone.now() - timedelta(seconds=1))
    gates.forget_everything()


def refusal(name: str = NAME, above: str = "") -> ProviderPaused:
    with pytest.raises(ProviderPaused) as refused:
        enter(name, seconds=1, above=above)
    return refused.value


@pytest.mark.django_db
def test_calls_that_go_well_ask_the_database_nothing(django_assert_num_queries) -> None:
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    with django_assert_num_queries(0):
        for _ in range(100):
            enter(NAME, seconds=1).leave(Verdict.ANSWERED)


@pytest.mark.django_db
def test_the_view_is_read_again_after_a_second(monkeypatch, django_assert_num_queries) -> None:
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    breakers.read_breakers([NAME])
    later = time.monotonic() + 1.001
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        enter(NAME, seconds=1).leave(Verdict.ANSWERED)
        enter(NAME, seconds=1).leave(Verdict.ANSWERED)


@pytest.mark.django_db
def test_after_five_failures_nobody_calls_and_no_attempt_is_spent() -> None:
    fail(4)
    enter(NAME, seconds=1).leave(Verdict.UNKNOWN)
    fail(1)
    refused = refusal()
    assert (refused.code, refused.counts) == ("provider_paused", False)
    assert 25 < (refused.after_seconds or 0) <= 30
    assert refused.message == "Azure OpenAI did not answer lately and is left alone for a while."


@pytest.mark.django_db
def test_the_first_call_after_the_pause_is_the_try_and_closes(django_assert_num_queries) -> None:
    fail()
    end_pause()
    passage = enter(NAME, seconds=1)
    assert refusal().after_seconds == gates.WHILE_TRIED_SECONDS
    passage.leave(Verdict.ANSWERED)
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    assert Breaker.objects.get().state == "closed"


@pytest.mark.django_db
def test_others_do_not_ask_the_database_while_they_know_of_the_try(
    django_assert_num_queries,
) -> None:
    fail()
    end_pause()
    enter(NAME, seconds=1)
    gates.forget_everything()
    refusal()
    with django_assert_num_queries(0):
        refusal()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verdict", "state", "pause"),
    [(Verdict.FAILED, "open", 60), (Verdict.UNKNOWN, "open", 30), (Verdict.ANSWERED, "closed", 0)],
)
def test_the_end_of_the_try_decides(verdict: Verdict, state: str, pause: int) -> None:
    fail()
    end_pause()
    enter(NAME, seconds=1).leave(verdict, "500")
    row = Breaker.objects.get()
    assert (row.state, row.pause_seconds, row.trying_until) == (state, pause, None)


@pytest.mark.django_db
def test_failures_among_many_good_calls_are_no_outage() -> None:
    for _ in range(10):
        for _ in range(3):
            enter(NAME, seconds=1).leave(Verdict.ANSWERED)
        fail(1)
    assert Breaker.objects.get().failures == 0
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)


def test_good_calls_of_a_while_ago_do_not_excuse_an_outage(monkeypatch) -> None:
    gate = Gate(NAME)
    assert [gate.note(failed=False) for _ in range(50)] == [False] * 50
    assert gate.note(failed=True) is False
    later = time.monotonic() + gates.LATELY_SECONDS + 0.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert gate.note(failed=True) is True


@pytest.mark.django_db
def test_live_calls_fail_on_their_own_and_heed_the_others_pause() -> None:
    fail(name=LIVE)
    refusal(LIVE, above=NAME)
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    end_pause()
    enter(LIVE, seconds=1, above=NAME).leave(Verdict.ANSWERED)
    fail()
    assert refusal(LIVE, above=NAME).code == "provider_paused"


@pytest.mark.django_db
def test_live_calls_leave_the_try_after_a_pause_to_those_with_time() -> None:
    fail()
    end_pause()
    enter(LIVE, seconds=1, above=NAME).leave(Verdict.FAILED, "late")
    row = Breaker.objects.get(pk=NAME)
    assert (row.turn, row.trying_until, row.pause_seconds) == (1, None, 30)


@pytest.mark.django_db
def test_calls_under_way_are_limited_for_each_provider(settings) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 2
    first, _ = enter(NAME, seconds=1), enter(NAME, seconds=1)
    with pytest.raises(ProviderFull) as refused:
        enter(NAME, seconds=1)
    assert (refused.value.code, refused.value.counts) == ("provider_full", False)
    enter("azure-speech", seconds=1)
    first.leave(Verdict.UNKNOWN)
    enter(NAME, seconds=1)


@pytest.mark.django_db
def test_refused_calls_take_no_place(settings) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 1
    fail()
    assert [refusal().code for _ in range(3)] == ["provider_paused"] * 3


def test_calls_go_on_without_a_database(caplog) -> None:
    """Outside a database test no connection can be had."""
    fail(6)
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    assert {record.getMessage() for record in caplog.records} == {
        "provider breakers are not reachable cause=RuntimeError"
    }


@pytest.mark.django_db
def test_the_try_goes_on_without_a_database(monkeypatch) -> None:
    fail()
    end_pause()
    enter(NAME, seconds=1).leave(Verdict.UNKNOWN)
    gates.forget_everything()

    def fail_to_update(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(breakers, "take_try", fail_to_update)
    passage = enter(NAME, seconds=1)
    assert passage.tried is None
    passage.leave(Verdict.ANSWERED)


@pytest.mark.django_db
def test_nobody_waits_for_whoever_reads_the_view(monkeypatch) -> None:
    reading, read_on = threading.Event(), threading.Event()

    def read_slowly(_names: object) -> dict[str, Breaker]:
        reading.set()
        read_on.wait(30)
        return {}

    monkeypatch.setattr(breakers, "read_breakers", read_slowly)
    slow = threading.Thread(target=lambda: enter(NAME, seconds=1))
    slow.start()
    assert reading.wait(30)
    enter(NAME, seconds=1).leave(Verdict.ANSWERED)
    assert slow.is_alive()
    read_on.set()
    slow.join()


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_begins_with_no_calls_under_way(settings) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 1
    gate = Gate(NAME)
    gates._gates[NAME] = gate
    gate.take_place()
    child = os.fork()
    if child == 0:
        os._exit(len(gates._gates))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert gates._gates == {NAME: gate}
