"""The conversation: one open turn, one answer each, and an end."""

import threading

import pytest
from django.db import connection

from interviews import consent
from interviews.models import Interview, Turn
from interviews.services.consents import give_consent
from interviews.services.conversation import begin, mark_answered, open_turn, proceed
from interviews.services.interviews import cancel_interview
from interviews.states import Status
from talenti.errors import Invalid, WrongState
from talenti.history import Actor
from talenti.models import HistoryEntry
from tests.people import People
from tests.rows import make_interview

pytestmark = pytest.mark.django_db
LONG = "I found the broken sensor, replaced it and afterwards the alarms fell from 30 to 2. " * 5


@pytest.fixture
def agreed(people: People) -> Interview:
    """An interview whose candidate agreed to everything."""
    interview = make_interview(people.home)
    text = consent.current("en-US")
    give_consent(interview, version=text.version, purposes=text.purposes)
    return interview


def texts(interview: Interview) -> list[tuple[str, str]]:
    return list(interview.turns.values_list("kind", "text"))


def test_first_question_is_asked_once(agreed: Interview) -> None:
    first = begin(agreed)
    assert begin(agreed) == first
    agreed.refresh_from_db()
    assert agreed.status == Status.IN_PROGRESS
    assert texts(agreed) == [("question", "Tell me about a fault that you found and repaired.")]


def test_whole_answers_lead_through_the_questions_to_the_end(agreed: Interview) -> None:
    turn = begin(agreed)
    while turn is not None:
        mark_answered(turn, text=LONG)
        turn = proceed(agreed)
    agreed.refresh_from_db()
    assert agreed.status == Status.COMPLETED
    assert [kind for kind, _ in texts(agreed)] == ["question", "question"]


def test_short_answer_is_followed_by_the_planned_probe(agreed: Interview) -> None:
    turn = begin(agreed)
    assert turn is not None
    mark_answered(turn, text="I repaired a sensor.")
    probe = proceed(agreed)
    assert probe is not None
    assert (probe.kind, probe.source, probe.text) == ("probe", "planned", "What was the result?")


def test_second_answer_to_a_turn_is_refused(agreed: Interview) -> None:
    turn = begin(agreed)
    assert turn is not None
    mark_answered(turn, text="one")
    with pytest.raises(WrongState):
        mark_answered(turn, text="two")
    turn.refresh_from_db()
    assert turn.answer_text == "one"


def test_answer_of_a_cancelled_interview_is_refused(agreed: Interview, people: People) -> None:
    turn = begin(agreed)
    assert turn is not None
    cancel_interview(agreed, Actor.person(people.alice), reason="The position is filled.")
    with pytest.raises(WrongState):
        mark_answered(turn, text="one")
    with pytest.raises(WrongState) as refused:
        begin(agreed)
    assert refused.value.legal_moves == []


def test_lost_answer_to_proceed_is_made_up_by_begin(agreed: Interview) -> None:
    turn = begin(agreed)
    assert turn is not None
    mark_answered(turn, text=LONG)  # the process dies here
    assert open_turn(agreed) is None
    following = begin(agreed)
    assert following is not None
    assert following.position == 2


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_start_at_once_see_the_same_question(agreed: Interview) -> None:
    start = threading.Barrier(4)
    seen: list[Turn | None] = []

    def tab() -> None:
        start.wait(timeout=10)
        seen.append(begin(Interview.objects.get(pk=agreed.pk)))
        connection.close()

    threads = [threading.Thread(target=tab) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(seen) == 4
    assert len({turn.pk for turn in seen if turn}) == 1
    assert agreed.turns.count() == 1
    started = HistoryEntry.objects.filter(root_id=agreed.pk, to_state=Status.IN_PROGRESS)
    assert started.count() == 1


@pytest.mark.parametrize(
    ("version", "purposes"),
    [
        ("1999-01", ["recording", "transcription"]),
        (None, ["recording"]),
        (None, []),
        (None, ["recording", "transcription", "selling"]),
    ],
)
def test_consent_that_does_not_fit_is_refused(
    people: People, version: str | None, purposes: list[str]
) -> None:
    interview = make_interview(people.home)
    with pytest.raises(Invalid):
        give_consent(
            interview, version=version or consent.current("en-US").version, purposes=purposes
        )
    interview.refresh_from_db()
    assert (interview.status, interview.consents.count()) == (Status.CREATED, 0)


def test_consent_keeps_the_words_that_were_agreed_to(agreed: Interview) -> None:
    kept = agreed.consents.get()
    text = consent.current("en-US")
    assert (kept.version, kept.text_sha256, kept.source) == (text.version, text.sha256, "candidate")
    assert kept.purposes == sorted(text.purposes)
    with pytest.raises(WrongState):
        give_consent(agreed, version=text.version, purposes=text.purposes)
