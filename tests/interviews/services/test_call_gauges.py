"""What the sweeper tells of the phone: counted from rows, so no process has to remember it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from interviews.models import Call, CallOperation, DeadLetter
from interviews.services import call_gauges
from interviews.states import CallStatus
from talenti.telemetry.recorder import gauges
from tests.people import People
from tests.rows import make_interview

pytestmark = pytest.mark.django_db


def ago(**values: float) -> Any:
    return timezone.now() - timedelta(**values)


def call_of(people: People, **values: Any) -> Call:
    """Return a call of an interview of its own."""
    interview = make_interview(people.home, channel="phone")
    facts = {"scheduled_at": ago(minutes=9), "secret_hash": "0" * 64, "engine": "offline"}
    return Call.objects.create(
        organisation_id=interview.organisation_id, interview=interview, **(facts | values)
    )


def ended(people: People, outcome: str, fault: str = "", **values: Any) -> Call:
    facts = {"status": CallStatus.ENDED, "outcome": outcome, "fault": fault}
    return call_of(people, **(facts | {"ended_at": ago(minutes=2)} | values))


def step_of(call: Call, number: int, **values: Any) -> CallOperation:
    """Return an operation of the call."""
    facts = {"kind": "ask", "deadline_at": timezone.now(), "wanted_at": ago(minutes=1)}
    return CallOperation.objects.create(
        organisation_id=call.organisation_id, call=call, number=number, **(facts | values)
    )


def test_ended_calls_are_counted_for_an_hour_by_outcome_and_fault(people: People) -> None:
    ended(people, "completed")
    ended(people, "completed")
    ended(people, "failed", "provider")
    ended(people, "failed", "network", ended_at=ago(minutes=61))
    call_of(people)

    assert sorted(call_gauges.read_ended(), key=str) == [
        (1, {"outcome": "failed", "fault": "provider"}),
        (2, {"outcome": "completed", "fault": ""}),
    ]


def test_calls_on_the_line_are_those_dialled_and_not_over(people: People) -> None:
    call_of(people)
    call_of(people, status=CallStatus.DIALLING)
    call_of(people, status=CallStatus.CONNECTED)
    ended(people, "busy")

    assert call_gauges.read_on_the_line() == [(2, {})]


def test_longest_step_is_of_calls_on_the_line_sent_lately_or_still_waiting(people: People) -> None:
    assert call_gauges.read_longest_step() == [(0.0, {})]
    live = call_of(people, status=CallStatus.CONNECTED)
    step_of(live, 1, wanted_at=ago(minutes=30), sent_at=ago(minutes=20))  # long ago
    step_of(live, 2, wanted_at=ago(seconds=60), sent_at=ago(seconds=53))
    over = ended(people, "hung_up_early")
    step_of(over, 1)  # never sent, and nobody waits for it

    ((longest, _),) = call_gauges.read_longest_step()
    assert 6.9 < longest < 7.1

    step_of(live, 3, wanted_at=ago(minutes=8))
    ((longest, _),) = call_gauges.read_longest_step()
    assert 480 <= longest < 490


def test_recording_is_missing_until_it_is_stored_or_lost(people: People) -> None:
    begun = {"recording_started_at": ago(hours=9)}
    ended(people, "completed", ended_at=ago(hours=8))  # was never recorded
    ended(people, "completed", ended_at=ago(hours=7), recording_stored_at=ago(hours=6), **begun)
    ended(people, "completed", ended_at=ago(days=4), **begun)
    assert call_gauges.read_missing_recording() == [(0.0, {})]

    ended(people, "completed", ended_at=ago(hours=2), **begun)
    ended(people, "hung_up_early", ended_at=ago(hours=3), **begun)

    ((seconds, _),) = call_gauges.read_missing_recording()
    assert 3 * 3600 <= seconds < 3 * 3600 + 60


def test_dead_letters_are_counted_for_a_day(people: People) -> None:
    for number, hours in enumerate((1, 2, 25)):
        DeadLetter.objects.create(
            source="eventgrid",
            reason="unknown call",
            size=2,
            body=b"{}",
            body_sha256=f"{number:064}",
            received_at=ago(hours=hours),
        )

    assert call_gauges.read_dead_letters() == [
        (2, {"source": "eventgrid", "reason": "unknown call"})
    ]


def test_the_sweeper_asks_for_all_of_them() -> None:
    assert {
        "calls_ended_lately": call_gauges.read_ended,
        "calls_on_the_line": call_gauges.read_on_the_line,
        "call_longest_step_seconds": call_gauges.read_longest_step,
        "call_recording_missing_seconds": call_gauges.read_missing_recording,
        "call_dead_letters": call_gauges.read_dead_letters,
    }.items() <= gauges.items()
