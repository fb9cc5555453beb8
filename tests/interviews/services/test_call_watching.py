"""Whoever looks after a call never leaves it alone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from interviews.calls.facts import FactKind
from interviews.models import Call, Interview
from interviews.services.call_planning import PLACE_CALL, plan_call
from interviews.services.call_steps import CHOOSE_TURN, WATCH
from interviews.services.interviews import expire_overdue
from interviews.states import CallStatus
from talenti.errors import ProviderAway
from talenti.history import CANDIDATE
from talenti.work.backoff import MAX_ATTEMPTS
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from talenti.work.sweep import reconcile_all
from tests.interviews.call_rows import make_phone_interview
from tests.interviews.services.staged_calls import (
    StagedRoom,
    do_one,
    happens,
    picked_up,
    recording_begins,
    staged,
)
from tests.people import People

pytestmark = pytest.mark.django_db
AWAY = ProviderAway("It is away.", fault="503")


@pytest.fixture
def room(settings: Any) -> Iterator[type[StagedRoom]]:
    yield from staged(settings)


def watched(call: Call) -> Call:
    enqueue(WATCH, organisation_id=call.organisation_id, subject_id=call.pk)
    return call


def test_a_line_that_is_away_for_long_is_asked_until_it_answers(
    people: People, room: type[StagedRoom]
) -> None:
    call = watched(picked_up(people.home))
    call.operations.update(deadline_at=timezone.now() - timedelta(minutes=1))
    room.faults = [AWAY] * (MAX_ATTEMPTS + 1)
    for _ in range(MAX_ATTEMPTS + 2):
        do_one(WATCH)
    assert call.ledger.filter(type="talenti.timed_out").exists()


def test_a_call_whose_watch_died_is_watched_again(people: People) -> None:
    call = watched(picked_up(people.home))
    WorkItem.objects.filter(kind=WATCH).update(
        state=State.DEAD, cause="error", finished_at=timezone.now()
    )
    assert reconcile_all() == []
    assert reconcile_all() == []
    assert WorkItem.objects.open().filter(kind=WATCH, subject_id=call.pk).count() == 1


def test_a_choice_that_was_never_made_is_made_by_whoever_watches(
    people: People, room: type[StagedRoom]
) -> None:
    call = watched(picked_up(people.home))
    recording_begins(call)
    WorkItem.objects.filter(kind=CHOOSE_TURN).delete()
    do_one(WATCH)
    assert call.ledger.filter(type="talenti.turn").exists()


def test_a_call_that_nobody_is_to_dial_any_more_ends(
    people: People, room: type[StagedRoom]
) -> None:
    call = plan_call(make_phone_interview(people.home), CANDIDATE, by_candidate=True)
    room.faults = [AWAY]
    do_one(PLACE_CALL)
    do_one(WATCH)
    call.refresh_from_db()
    assert call.status == CallStatus.DIALLING

    WorkItem.objects.filter(kind=PLACE_CALL).update(
        state=State.CANCELLED, finished_at=timezone.now()
    )
    do_one(WATCH)
    call.refresh_from_db()
    assert (call.status, call.outcome, call.code) == (CallStatus.ENDED, "failed", "not_dialled")


def test_an_interview_does_not_expire_while_its_candidate_is_on_the_telephone(
    people: People,
) -> None:
    call = picked_up(people.home)
    now = timezone.now()
    Interview.objects.filter(pk=call.interview_id).update(expires_at=now)
    assert expire_overdue(now) == 0
    happens(call, FactKind.DISCONNECTED, op=0)
    assert expire_overdue(now) == 1
