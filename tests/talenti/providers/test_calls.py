"""One call of a provider: what is let through, and what is seen of it."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection

from talenti.errors import (
    PermanentFailure,
    ProviderAway,
    ProviderBusy,
    ProviderPaused,
    RetryLater,
    WrongState,
)
from talenti.models import Breaker
from talenti.providers import calls
from talenti.providers.calls import Call, fault_of, outcome_of, provider_call
from talenti.telemetry import recorder
from tests.talenti.providers.recordings import Keeper

AWAY = ProviderAway("Down.", fault="503")


@pytest.fixture
def keeper(monkeypatch) -> Keeper:
    kept = Keeper()
    monkeypatch.setattr(recorder, "_recorder", kept)
    return kept


def call(error: BaseException | None = None, *, outcome: str = "", live: bool = False) -> None:
    with provider_call("azure-openai", "verdict", seconds=1, live=live) as under_way:
        under_way.note({"gen_ai.request.model": "gpt-4o"})
        if error:
            raise error
        under_way.outcome = outcome or under_way.outcome


def states() -> dict[str, str]:
    return dict(Breaker.objects.order_by("name").values_list("name", "state"))


@pytest.mark.parametrize(
    ("error", "outcome", "fault"),
    [
        (AWAY, "away", "503"),
        (ProviderBusy("Slow down."), "throttled", "retry_later"),
        (RetryLater("No token."), "later", "retry_later"),
        (PermanentFailure("No.", code="provider_unauthorised"), "refused", "provider_unauthorised"),
        (WrongState("No."), "refused", "wrong_state"),
        (ValueError("secret words"), "error", "ValueError"),
    ],
)
def test_every_error_has_an_outcome_and_a_fault_without_its_words(error, outcome, fault) -> None:
    assert (outcome_of(error), fault_of(error)) == (outcome, fault)


@pytest.mark.django_db
def test_a_call_is_one_span_one_count_and_one_time(keeper: Keeper) -> None:
    call()
    labels = {"vendor": "azure-openai", "operation": "verdict", "outcome": "ok"}
    assert [(span.name, span.kind) for span in keeper.spans] == [("azure-openai verdict", "client")]
    assert keeper.spans[0].attributes == {**labels, "gen_ai.request.model": "gpt-4o", "fault": ""}
    assert keeper.counts == [("provider_calls", labels)]
    assert keeper.measured == [("provider_call_duration_ms", labels)]


@pytest.mark.django_db
def test_an_answer_that_is_no_good_counts_as_what_it_is(keeper: Keeper) -> None:
    call(outcome="content_filter")
    assert [attributes["outcome"] for _, attributes in keeper.counts] == ["content_filter"]


@pytest.mark.django_db
def test_a_failed_call_is_seen_with_its_fault_and_passes_on_its_error(keeper: Keeper) -> None:
    with pytest.raises(ProviderAway):
        call(AWAY)
    assert keeper.spans[0].attributes["fault"] == "503"
    assert [attributes["outcome"] for _, attributes in keeper.counts] == ["away"]


@pytest.mark.django_db
def test_a_call_that_is_not_made_has_no_span_but_is_counted(keeper: Keeper) -> None:
    for _ in range(5):
        with pytest.raises(ProviderAway):
            call(AWAY)
    with pytest.raises(ProviderPaused):
        call()
    assert len(keeper.spans) == 5
    assert [a["outcome"] for name, a in keeper.counts if name == "provider_calls"] == [
        *["away"] * 5,
        "provider_paused",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        ProviderBusy("Slow down.", after_seconds=9),
        RetryLater("No token."),
        PermanentFailure("No.", code="provider_unauthorised"),
        ValueError(),
    ],
)
def test_what_is_no_outage_leaves_the_breaker_closed(error: Exception) -> None:
    for _ in range(10):
        with pytest.raises(type(error)):
            call(error)
    assert (states(), Breaker.objects.get().failures) == ({"azure-openai": "closed"}, 0)


@pytest.mark.django_db
def test_failures_while_a_person_waits_stop_only_such_calls() -> None:
    for _ in range(5):
        with pytest.raises(ProviderAway):
            call(AWAY, live=True)
    assert states() == {"azure-openai": "closed", "azure-openai-live": "open"}
    call()
    with pytest.raises(ProviderPaused):
        call(live=True)


@pytest.mark.django_db
def test_a_call_that_is_broken_off_leaves_its_place(settings) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 1
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            call(KeyboardInterrupt())
    call()


@pytest.mark.django_db
def test_a_call_that_our_own_database_stops_leaves_its_place(settings, monkeypatch) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 1
    with monkeypatch.context() as patch:
        patch.setattr(calls, "release_connections", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            call()
    call()


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_during_a_call() -> None:
    with provider_call("azure-openai", "verdict", seconds=1) as under_way:
        assert isinstance(under_way, Call)
        assert connection.connection is None
