"""Ends of calls that do not come from the line."""

from datetime import timedelta

import pytest

from interviews.calls.facts import FactKind
from interviews.services import call_endings
from interviews.services.call_planning import PLACE_CALL, plan_call
from interviews.states import CallStatus
from talenti.history import CANDIDATE
from talenti.models import HistoryEntry
from talenti.work import claims
from talenti.work.models import WorkItem
from tests.interviews.call_rows import make_phone_interview
from tests.interviews.services.staged_calls import happens, picked_up
from tests.people import People

pytestmark = pytest.mark.django_db


def test_a_plan_that_can_never_be_carried_out_is_cancelled(people: People) -> None:
    call = plan_call(make_phone_interview(people.home), CANDIDATE, by_candidate=True)
    claim = claims.take(WorkItem.objects.get(kind=PLACE_CALL).pk, timedelta(seconds=60))
    assert claim is not None
    claims.bury(claim, cause="error", error="ValueError")
    call.refresh_from_db()
    assert call.status == CallStatus.CANCELLED


def test_an_outcome_that_turns_out_to_be_another_one_is_in_the_history(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.SETTLED, op=0, data={"how": "gone"})
    before = call.outcome
    happens(call, FactKind.DISCONNECTED, op=0, code="540503")
    moves = HistoryEntry.objects.filter(subject_id=call.pk, verb="outcome")
    assert [(before, call.outcome)] == list(moves.values_list("from_state", "to_state"))
    assert before != call.outcome


def test_a_call_that_says_goodbye_already_is_stopped_by_nobody(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.HEARD, tone="1")
    happens(call, FactKind.HEARD, tone="2")  # the refusal ends the interview, and that its calls
    call_endings.end_calls_of(call.interview_id)
    assert not call.ledger.filter(type="talenti.stop").exists()
    assert not HistoryEntry.objects.filter(subject_id=call.pk, verb="stopped").exists()
