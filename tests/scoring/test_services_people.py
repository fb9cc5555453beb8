"""Reviews and decisions: by people, on the same anchors, with the same arithmetic."""

from decimal import Decimal

import pytest

from interviews.models import Interview
from interviews.states import Channel, Stage
from recordings.models import Segment
from scoring.models import Decision, Evidence, Score, Scorecard
from scoring.services.decisions import decide
from scoring.services.reviews import Quote, Rating, submit_review
from talenti.errors import Invalid, WrongState
from talenti.history import Actor
from talenti.models import HistoryEntry
from tests.people import People
from tests.rows import make_interview
from tests.scoring.rows import make_confirmed, make_review, spoken


@pytest.fixture
def interview(people: People) -> Interview:
    return make_confirmed(people.home)


@pytest.fixture
def bob(people: People) -> Actor:
    return Actor.person(people.bob)


def test_review_is_a_scorecard_in_ones_own_name(interview: Interview, bob: Actor):
    card = submit_review(
        interview, [Rating("ownership", 2), Rating("teamwork", 5)], bob, comment="Mixed."
    )
    interview.refresh_from_db()
    assert (card.kind, card.status, card.reviewer, card.comment) == (
        "reviewer",
        "ready",
        bob.user,
        "Mixed.",
    )
    assert (card.overall, card.assessed_share) == (Decimal("3.00"), Decimal("1.00"))
    assert card.missed_must_haves == ["ownership"]
    assert interview.stage == Stage.REVIEWED


def test_review_may_leave_competencies_out_and_shows_the_share(interview: Interview, bob: Actor):
    card = submit_review(interview, [Rating("ownership", 4)], bob)
    values = Score.objects.filter(scorecard=card).values_list("competency__key", "level", "reason")
    assert list(values) == [("ownership", 4, ""), ("teamwork", None, "not_rated")]
    assert (card.overall, card.assessed_share) == (Decimal("4.00"), Decimal("0.67"))


def test_quote_of_a_review_is_stored_as_it_stands_in_the_words(interview: Interview, bob: Actor):
    segment = spoken(interview)
    quote = Quote(segment.pk, "  I REPLACED   the relay ")
    submit_review(interview, [Rating("ownership", 4, evidence=(quote,))], bob)
    row = Evidence.objects.get()
    assert (row.quote, segment.text[row.start : row.end]) == (("i replaced the relay",) * 2)


@pytest.mark.parametrize("words", ["i replaced the whole building", "", "replaced"])
def test_quote_that_is_not_in_the_words_is_invalid(interview, bob, words: str):
    rating = Rating("ownership", 4, evidence=(Quote(spoken(interview).pk, words),))
    with pytest.raises(Invalid):
        submit_review(interview, [rating], bob)
    assert not Scorecard.objects.exists()


def test_quote_of_the_interviewer_is_no_evidence(interview: Interview, bob: Actor):
    Segment.objects.update(speaker="interviewer")
    with pytest.raises(Invalid):
        make_review(interview, bob.user)


def test_quote_of_another_interview_is_no_evidence(interview, people: People, bob: Actor):
    foreign = spoken(make_confirmed(people.elsewhere))
    rating = Rating("ownership", 4, evidence=(Quote(foreign.pk, "i replaced the relay"),))
    with pytest.raises(Invalid):
        submit_review(interview, [rating], bob)


@pytest.mark.parametrize(
    ("ratings", "path"),
    [
        ([Rating("charm", 4)], "scores[0].competency"),
        ([Rating("ownership", 4), Rating("ownership", 5)], "scores[1].competency"),
        ([Rating("ownership", None, reason="no_answer")], "scores"),
        ([], "scores"),
    ],
)
def test_ratings_that_do_not_fit_are_named(interview, bob, ratings: list[Rating], path: str):
    with pytest.raises(Invalid) as refused:
        submit_review(interview, ratings, bob)
    assert list(refused.value.errors) == [path]


def test_second_review_of_the_same_person_is_a_wrong_state(interview: Interview, bob: Actor):
    make_review(interview, bob.user)
    with pytest.raises(WrongState):
        make_review(interview, bob.user)
    assert Scorecard.objects.count() == 1


def test_review_before_the_answers_are_complete_is_a_wrong_state(people: People, bob: Actor):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    with pytest.raises(WrongState):
        submit_review(interview, [Rating("ownership", 4)], bob)


def test_decision_is_made_by_a_person_with_a_reason(interview: Interview, people: People):
    decision = decide(interview, "advance", "  Strong examples. ", Actor.person(people.alice))
    interview.refresh_from_db()
    assert (decision.outcome, decision.reason, decision.decided_by) == (
        "advance",
        "Strong examples.",
        people.alice,
    )
    assert interview.stage == Stage.DECIDED


def test_decision_without_a_reason_is_invalid(interview: Interview, bob: Actor):
    with pytest.raises(Invalid):
        decide(interview, "advance", " \n", bob)


def test_hold_may_still_become_something_else_and_keeps_its_history(interview, people: People):
    alice, olive = Actor.person(people.alice), Actor.person(people.olive)
    decide(interview, "hold", "Wait for the second talk.", alice)
    decision = decide(interview, "reject", "The second talk was weak.", olive)
    assert (decision.outcome, decision.reason, decision.decided_by) == (
        "reject",
        "The second talk was weak.",
        people.olive,
    )
    told = HistoryEntry.objects.filter(subject="decision").values_list("to_state", "reason")
    assert list(told) == [
        ("hold", "Wait for the second talk."),
        ("reject", "The second talk was weak."),
    ]


@pytest.mark.parametrize("second", ["advance", "hold", "reject"])
def test_made_decision_stands(interview: Interview, bob: Actor, second: str):
    decide(interview, "advance", "Good.", bob)
    with pytest.raises(WrongState) as refused:
        decide(interview, second, "Changed my mind.", bob)
    assert refused.value.legal_moves == []
    assert Decision.objects.get().reason == "Good."


def test_review_after_the_decision_is_a_wrong_state_and_after_a_hold_is_not(interview, bob, people):
    decide(interview, "hold", "Wait.", Actor.person(people.alice))
    make_review(interview, bob.user)
    decide(interview, "advance", "Good.", Actor.person(people.alice))
    with pytest.raises(WrongState):
        make_review(interview, people.alice)


def test_decision_before_the_answers_are_complete_is_a_wrong_state(people: People, bob: Actor):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    with pytest.raises(WrongState) as refused:
        decide(interview, "advance", "Now.", bob)
    assert refused.value.legal_moves == ["complete"]


def test_decision_about_nothing_known_is_refused(interview: Interview, bob: Actor):
    with pytest.raises(ValueError, match="promote"):
        decide(interview, "promote", "Good.", bob)
    assert not Decision.objects.exists()
