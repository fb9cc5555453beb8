"""What a call brings the interview."""

import pytest
from django.utils import timezone

from interviews.calls.facts import Fact, FactKind
from interviews.models import Candidate, Interview
from interviews.services.call_permissions import allow_calls
from interviews.services.call_rules import reasons_against
from talenti.history import CANDIDATE
from tests.interviews.call_rows import tell
from tests.interviews.services.staged_calls import happens, picked_up
from tests.people import People

pytestmark = pytest.mark.django_db


def test_a_stranger_agrees_to_nothing_for_the_candidate(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.HEARD, tone="1")
    happens(call, FactKind.HEARD, words="yes", confidence=0.9)
    happens(call, FactKind.HEARD, words="you have the wrong number")
    happens(call, FactKind.DISCONNECTED, op=0)
    call.interview.refresh_from_db()
    assert (call.outcome, call.interview.status) == ("wrong_number", "created")
    assert not call.interview.consents.exists()


def test_whoever_says_never_call_me_again_is_not_called_again(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.HEARD, tone="1")
    happens(call, FactKind.HEARD, words="Please don't call me again.", confidence=0.9)
    assert call.operations.get(number=3).about == "goodbye_never"
    happens(call, FactKind.DISCONNECTED, op=0)
    candidate = Candidate.objects.get(pk=call.interview.candidate_id)
    assert (candidate.do_not_call, candidate.call_permission) == (True, "")
    assert (call.outcome, call.code) == ("hung_up_early", "do_not_call")
    assert reasons_against(Interview.objects.get(pk=call.interview_id)) != []


def test_whoever_says_so_and_hangs_up_at_once_is_not_called_again(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.HEARD, tone="1")
    now = timezone.now()
    tell(call, [Fact(FactKind.HEARD, now, op=2, words="Never call me again!")])
    happens(call, FactKind.DISCONNECTED, op=0)
    assert Candidate.objects.get(pk=call.interview.candidate_id).do_not_call


def test_what_the_candidate_decides_after_the_call_stays(people: People) -> None:
    call = picked_up(people.home)
    happens(call, FactKind.HEARD, tone="1")
    happens(call, FactKind.HEARD, words="Never call me again!", confidence=0.9)
    happens(call, FactKind.DISCONNECTED, op=0)
    candidate = Candidate.objects.get(pk=call.interview.candidate_id)
    allow_calls(candidate, CANDIDATE)
    happens(call, FactKind.SAID, op=3)
    candidate.refresh_from_db()
    assert candidate.do_not_call is False
