"""The offline interviewer: order, probes, and when a probe is due."""

import pytest

from interviews.guide_body import QuestionBody
from interviews.interviewer.offline import OfflineInterviewer
from interviews.interviewer.protocol import AskedTurn, Conversation, NextTurn

PART, END, COUNT, LESSON = (
    "What was your own part in it?",
    "How did it end?",
    "How many people were concerned?",
    "What do you do differently since then?",
)
FIRST = QuestionBody("care", "Tell me about a mistake.", (PART, END), 120)
SECOND = QuestionBody("pace", "Tell me about a rush.", (), 120)
LONG = "word " * 40
FULL = LONG + "I repaired it. In the end 3 people were helped, and I learned to ask."
PLAIN = LONG + "and that was all there was to say"


def question(answer=None, ms=None, *, position=0, answered=True) -> AskedTurn:
    text = (FIRST, SECOND)[position].text
    return AskedTurn(position, "question", text, answered, answer, ms)


def probe(text, answer=None, ms=None, *, answered=True) -> AskedTurn:
    return AskedTurn(0, "probe", text, answered, answer, ms)


def ask(*turns: AskedTurn, language: str = "en", first: QuestionBody = FIRST) -> NextTurn | None:
    return OfflineInterviewer().next_turn(Conversation(language, (first, SECOND), turns))


FIRST_TURN = NextTurn(0, "question", FIRST.text, "planned")
SECOND_TURN = NextTurn(1, "question", SECOND.text, "planned")


def probe_turn(text: str) -> NextTurn:
    return NextTurn(0, "probe", text, "planned")


CASES = {
    "it starts with the first question": ((), FIRST_TURN),
    "a short text is probed": ((question("It was fine."),), probe_turn(PART)),
    "an empty text is probed": ((question(""),), probe_turn(PART)),
    "39 words are short": ((question("I " * 39 + " "),), probe_turn(PART)),
    "40 words that have all are enough": ((question("I ended it " * 13 + "now"),), SECOND_TURN),
    "a full answer is not probed": ((question(FULL),), SECOND_TURN),
    "an own part that is missing is asked for": ((question(PLAIN),), probe_turn(PART)),
    "only the end that is missing is asked for": ((question("I " + PLAIN),), probe_turn(END)),
    "after a probe the next one follows while words are few": (
        (question("It was fine."), probe(PART, "My part.")),
        probe_turn(END),
    ),
    "words of question and probe count together": (
        (question("I tried."), probe(PART, FULL)),
        SECOND_TURN,
    ),
    "no probe is asked twice": (
        (question("Fine."), probe(PART, "Yes."), probe(END, "Well.")),
        SECOND_TURN,
    ),
    "a probe in other words uses up the number": (
        (question("Fine."), probe("And then?", "Yes."), probe("Really?", "Yes.")),
        SECOND_TURN,
    ),
    "who declines is not pressed": ((question("I'd rather not say."),), SECOND_TURN),
    "who declines a probe is not pressed": (
        (question("Fine."), probe(PART, "Next question please.")),
        SECOND_TURN,
    ),
    "what others would rather not say is no refusal": (
        (question("Customers would rather not say it."),),
        probe_turn(PART),
    ),
    "a short recording is probed": ((question(None, 19_999),), probe_turn(PART)),
    "20 seconds are enough": ((question(None, 20_000),), SECOND_TURN),
    "times of question and probe count together": (
        (question(None, 12_000), probe(PART, None, 9_000)),
        SECOND_TURN,
    ),
    "one unknown text leaves the times to decide": (
        (question(FULL, 4_000), probe(PART, None, 5_000)),
        probe_turn(END),
    ),
    "without text and time nothing is probed": ((question(None, None),), SECOND_TURN),
    "an unanswered question is passed over": ((question(answered=False),), SECOND_TURN),
    "an unanswered probe ends probing": (
        (question("Fine."), probe(PART, answered=False)),
        SECOND_TURN,
    ),
    "a question without probes has none": (
        (question(FULL), question("Fine.", position=1)),
        None,
    ),
    "after the last question it is over": ((question(FULL), question(FULL, position=1)), None),
    "a question that was left out is asked later": ((question(FULL, position=1),), FIRST_TURN),
    "a turn outside the guide is no reason to fail": (
        (AskedTurn(7, "question", "Gone?", True, "x", None),),
        FIRST_TURN,
    ),
}


@pytest.mark.parametrize(("turns", "expected"), CASES.values(), ids=CASES)
def test_the_next_turn_follows_from_the_conversation(turns, expected):
    assert ask(*turns) == expected


@pytest.mark.parametrize(
    ("wanted", "lacking", "having"),
    [
        (PART, "we repaired it", "I repaired it"),
        (END, "we repaired it", "as a result it worked"),
        (COUNT, "we helped people", "we helped 12 people"),
        (COUNT, "we helped people", "we helped three people"),
        (LESSON, "we helped people", "I learned to ask"),
    ],
)
def test_a_long_answer_is_probed_for_what_it_lacks(wanted, lacking, having):
    first = QuestionBody("care", FIRST.text, (wanted,), 120)
    assert ask(question(LONG + lacking), first=first) == probe_turn(wanted)
    assert ask(question(LONG + having), first=first) == SECOND_TURN


def test_a_long_answer_in_another_language_is_not_searched_for_english_words():
    assert ask(question(PLAIN), language="de-DE") == SECOND_TURN
    assert ask(question("kurz"), language="de-DE") == probe_turn(PART)


def test_a_probe_that_is_planned_twice_is_asked_once():
    first = QuestionBody("care", FIRST.text, (PART, PART), 120)
    assert ask(question("Fine."), probe(PART, "Yes."), first=first) == SECOND_TURN


def test_a_guide_without_questions_is_over_at_once():
    assert OfflineInterviewer().next_turn(Conversation("en", (), ())) is None


def test_a_silent_candidate_is_asked_every_question_once():
    turns: list[AskedTurn] = []
    while (following := ask(*turns)) is not None:
        turns.append(AskedTurn(following.question, following.kind, following.text, True, "", 0))
    assert [turn.text for turn in turns] == [FIRST.text, PART, END, SECOND.text]


def test_the_offline_interviewer_is_ready_at_once():
    assert (OfflineInterviewer().name, OfflineInterviewer().check()) == ("offline", [])
