"""What a call brings the interview."""

import pytest

from interviews.calls.facts import FactKind
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
