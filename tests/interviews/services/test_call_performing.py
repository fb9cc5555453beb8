"""Operations that are sent late, twice, or to a line that is busy."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from interviews.callroom.protocol import LineBusy
from interviews.calls.facts import FactKind
from interviews.models import CallOperation
from interviews.services import call_performing
from interviews.services.call_steps import PERFORM
from talenti.work.models import State, WorkItem
from tests.interviews.services.staged_calls import StagedRoom, do_one, happens, picked_up, staged
from tests.people import People

pytestmark = pytest.mark.django_db
BUSY = LineBusy("Something else runs.", after_seconds=0.5)


@pytest.fixture
def room(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[StagedRoom]]:
    monkeypatch.setattr(call_performing, "BUSY_PAUSE", 0)
    yield from staged(settings)


def test_what_the_call_went_past_is_not_said_any_more(
    people: People, room: type[StagedRoom]
) -> None:
    call = picked_up(people.home)
    greeting = call.operations.get(number=1)
    call.operations.update(wanted_at=timezone.now() - timedelta(minutes=1))
    happens(call, FactKind.TIMED_OUT, op=1)  # whoever was to send it died
    do_one(PERFORM, greeting.pk)
    assert room.asked == []
    assert WorkItem.objects.get(kind=PERFORM, subject_id=greeting.pk).state == State.DONE


def test_a_line_that_stays_busy_has_not_taken_the_question(
    people: People, room: type[StagedRoom]
) -> None:
    call = picked_up(people.home)
    room.faults = [BUSY] * 50
    do_one(PERFORM)
    do_one(PERFORM)
    assert call.operations.get().accepted_at is None
    room.faults = []
    do_one(PERFORM)
    assert call.operations.get().accepted_at is not None


def test_a_line_that_is_busy_for_a_moment_is_asked_again_at_once(
    people: People, room: type[StagedRoom]
) -> None:
    call = picked_up(people.home)
    room.faults = [BUSY]
    do_one(PERFORM)
    assert (room.asked, call.operations.filter(accepted_at=None).exists()) == (
        ["ask op-1", "ask op-1"],
        False,
    )


def test_what_is_running_since_somebody_died_is_not_sent_again(
    people: People, room: type[StagedRoom]
) -> None:
    call = picked_up(people.home)
    CallOperation.objects.update(sent_at=timezone.now())
    room.faults = [BUSY]
    do_one(PERFORM)
    assert (room.asked, call.operations.filter(accepted_at=None).exists()) == (["ask op-1"], False)


def test_somebody_on_the_line_waits_for_a_retry_a_moment_only(
    people: People, room: type[StagedRoom]
) -> None:
    picked_up(people.home)
    room.faults = [BUSY] * 50
    do_one(PERFORM)
    again_at = WorkItem.objects.get(kind=PERFORM).next_run_at
    assert again_at - timezone.now() < timedelta(seconds=1.1)
