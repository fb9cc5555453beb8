"""Dialling that has to be tried again: by then much may speak against it."""

from collections.abc import Iterator
from typing import Any

import pytest

from interviews.models import Call
from interviews.services.call_planning import PLACE_CALL, plan_call, refuse_calls, stop_call
from interviews.states import CallStatus
from talenti.errors import ProviderAway
from talenti.history import CANDIDATE
from tests.interviews.call_rows import make_phone_interview
from tests.interviews.services.staged_calls import StagedRoom, do_one, staged
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(settings: Any) -> Iterator[type[StagedRoom]]:
    yield from staged(settings)


@pytest.fixture
def call(people: People, room: type[StagedRoom], settings: Any) -> Call:
    """A call that could not be dialled at the first try."""
    settings.CALL_HOURS, settings.CALL_DAYS = (
        (0, 24),
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
    call = plan_call(make_phone_interview(people.home), CANDIDATE)
    room.faults = [ProviderAway("It is away.", fault="503")]
    do_one(PLACE_CALL)
    call.refresh_from_db()
    assert (call.status, call.first_sent_at, room.asked) == (CallStatus.DIALLING, None, ["place"])
    room.asked.clear()
    return call


def assert_never_dialled(call: Call, outcome: str, fault: str) -> None:
    call.refresh_from_db()
    assert (call.status, call.outcome, call.fault, call.first_sent_at) == (
        CallStatus.ENDED,
        outcome,
        fault,
        None,
    )
    assert StagedRoom.asked == []


def test_it_is_dialled_when_nothing_speaks_against_it(call: Call) -> None:
    do_one(PLACE_CALL)
    assert StagedRoom.asked == ["place"]


def test_nobody_is_called_when_it_has_become_night(call: Call, settings: Any) -> None:
    settings.CALL_DAYS = ()
    do_one(PLACE_CALL)
    assert_never_dialled(call, "failed", "ours")


def test_nobody_is_called_who_refused_meanwhile(call: Call) -> None:
    refuse_calls(call.interview.candidate, CANDIDATE)
    do_one(PLACE_CALL)
    assert_never_dialled(call, "stopped", "")


def test_a_stopped_call_does_not_ring_any_more(call: Call) -> None:
    stop_call(call, CANDIDATE)
    assert_never_dialled(call, "stopped", "")
    do_one(PLACE_CALL)
    assert_never_dialled(call, "stopped", "")
