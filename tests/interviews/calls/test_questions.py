"""How questions are asked and answered."""

from dataclasses import replace

import pytest

from interviews.calls.facts import FactKind
from interviews.calls.sentences import say
from interviews.calls.state import Answer, Fault, Operation, OpKind, Outcome, Phase
from tests.interviews.calls.talk import PLAN, TURN, K, answer, asked


def test_the_first_question_explains_what_can_be_wished_for() -> None:
    wanted = asked().wanted
    text = f"{say(PLAN, 'instructions')} What did you do?"
    assert wanted == Operation(
        number=3,
        kind=OpKind.ASK,
        text=text,
        listens="speech_or_keys",
        initial_silence_seconds=12,
        end_silence_seconds=2,
        ceiling_seconds=-(-len(text) // 13) + 12 + 60 + 15,
        turn_id="t1",
        about="question",
    )


def test_an_answer_is_listened_to_in_parts() -> None:
    talk = asked()
    asked_at = talk.at
    talk.words("First I looked.")
    assert (talk.wanted.text, talk.wanted.initial_silence_seconds) == ("", 4)
    assert talk.wanted.about == "listening"
    talk.words("Then I did it.")
    state = talk.silence()
    text = "First I looked. Then I did it."
    assert state.answers == (Answer("t1", "answered", text, asked_at, talk.at),)
    assert (state.wants_turn, state.wanted) == (True, None)
    talk.turn(replace(TURN, turn_id="t2", text="And then?"))
    assert talk.wanted.text == "Thank you. And then?"


def test_silence_is_met_with_patience_once() -> None:
    talk = asked()
    talk.silence()
    assert talk.wanted.text == f"{say(PLAN, 'take_your_time')} What did you do?"
    talk.add(K.NOT_HEARD, code="8563")
    assert answer(talk) == ("silent", "")
    talk.turn(replace(TURN, turn_id="t2", text="And then?"))
    assert talk.wanted.text == "That is fine. Let us go on. And then?"


@pytest.mark.parametrize("wish", ["*", "Could you repeat that, please?"])
def test_a_question_is_repeated_three_times(wish: str) -> None:
    talk = asked()
    for _ in range(3):
        talk.add(K.HEARD, **({"tone": wish} if wish == "*" else {"words": wish}))
        assert talk.wanted.text == "Of course. What did you do?"
    talk.key("*")
    assert talk.wanted.text == say(PLAN, "no_more_repeats")


def test_a_question_is_skipped() -> None:
    talk = asked()
    talk.key("#")
    assert answer(talk) == ("skipped", "")
    assert talk.add(K.NO_MORE_TURNS, talk.state.op).outcome is Outcome.COMPLETED
    assert talk.wanted.text == say(PLAN, "skipped", "goodbye_completed")


def test_skipping_the_rest_keeps_what_was_said() -> None:
    talk = asked()
    talk.words("I did it.")
    talk.words("Next question, please.")
    assert answer(talk) == ("answered", "I did it.")


def test_a_moment_is_silent_for_three_times_twenty_seconds() -> None:
    talk = asked()
    talk.words("One moment, please.")
    heard = []
    for _ in range(3):
        heard.append((talk.wanted.text, talk.wanted.initial_silence_seconds))
        talk.silence()
    assert heard == [(say(PLAN, "moment"), 20), ("", 20), ("", 20)]
    assert talk.wanted.text == f"{say(PLAN, 'go_on')} What did you do?"
    talk.words("Now I know.")
    talk.silence()
    assert answer(talk) == ("answered", "Now I know.")


def test_the_candidate_may_stop() -> None:
    talk = asked()
    talk.words("I did it.")
    state = talk.words("Please stop the interview.")
    assert (state.phase, state.outcome) == (Phase.GOODBYE, Outcome.HUNG_UP_EARLY)
    assert answer(talk) == ("answered", "I did it.")
    assert talk.wanted.about == "goodbye_wish"


def test_a_key_without_meaning_is_no_answer() -> None:
    talk = asked()
    talk.key("5")
    assert talk.wanted.text == f"{say(PLAN, 'take_your_time')} What did you do?"


def test_an_answer_ends_with_the_time_of_its_question() -> None:
    talk = asked()
    talk.words("I could go on for ever.", after=100)
    assert answer(talk) == ("answered", "I could go on for ever.")
    talk.turn(replace(TURN, turn_id="t2", text="And then?"))
    assert talk.wanted.text == f"{say(PLAN, 'enough')} And then?"


def test_extra_time_is_given_for_thinking_and_for_answering() -> None:
    talk = asked(plan=replace(PLAN, extra_time=50))
    assert (talk.wanted.initial_silence_seconds, talk.wanted.end_silence_seconds) == (18, 3)
    talk.words("I could go on for ever.", after=100)
    assert talk.wanted.about == "listening"
    assert asked(plan=replace(PLAN, extra_time=200)).wanted.initial_silence_seconds == 20


def test_a_question_whose_end_never_came_is_asked_once_more_and_interrupts() -> None:
    talk = asked()
    talk.add(K.TIMED_OUT)
    assert (talk.wanted.text, talk.wanted.interrupts) == (
        f"{say(PLAN, 'once_more')} What did you do?",
        True,
    )
    talk.add(K.TIMED_OUT)
    assert answer(talk) == ("silent", "")
    talk.turn(replace(TURN, turn_id="t2"))
    assert talk.wanted.interrupts


def test_an_answer_in_parts_survives_an_end_that_never_came() -> None:
    talk = asked()
    talk.words("I did it.")
    talk.add(K.TIMED_OUT)
    assert answer(talk) == ("answered", "I did it.")


@pytest.mark.parametrize("kind", [K.NOT_HEARD, K.REFUSED, K.CANCELLED])
def test_a_fault_of_the_line_is_forgiven_once(kind: FactKind) -> None:
    talk = asked()
    talk.add(kind, code="8565")
    assert talk.wanted.text == f"{say(PLAN, 'once_more')} What did you do?"
    state = talk.add(kind, code="8565")
    assert (state.outcome, state.fault, state.code) == (Outcome.FAILED, Fault.PROVIDER, "8565")
    assert talk.wanted.about == "goodbye_trouble"


def test_words_that_come_too_late_fill_in_and_steer_nothing() -> None:
    talk = asked()
    talk.add(K.TIMED_OUT)
    again = talk.wanted
    talk.add(K.HEARD, 3, words="I did it.")
    assert talk.wanted == again
    talk.silence()
    assert answer(talk) == ("answered", "I did it.")


def test_words_that_come_after_their_turn_are_its_answer_still() -> None:
    talk = asked()
    talk.add(K.TIMED_OUT)
    talk.add(K.TIMED_OUT)
    assert answer(talk) == ("silent", "")
    talk.turn(replace(TURN, turn_id="t2"))
    running = talk.wanted
    talk.add(K.HEARD, 3, words="I did it.")
    talk.add(K.HEARD, 4, words="And more.")
    assert answer(talk) == ("answered", "I did it. And more.")
    assert talk.wanted == running


def test_a_wish_that_comes_too_late_is_no_answer() -> None:
    talk = asked()
    talk.add(K.TIMED_OUT)
    talk.add(K.HEARD, 3, words="Could you repeat that?")
    talk.silence()
    assert answer(talk) == ("silent", "")


def test_a_moment_in_the_middle_of_an_answer_is_as_long() -> None:
    talk = asked()
    talk.words("First I looked.")
    talk.words("One moment, please.")
    for _ in range(2):
        assert talk.silence().wanted is not None
    talk.words("Then I did it.")
    talk.silence()
    assert answer(talk) == ("answered", "First I looked. Then I did it.")


def test_a_fault_in_our_own_set_up_is_ours() -> None:
    talk = asked()
    talk.add(K.REFUSED, code="8567")
    state = talk.add(K.REFUSED, code="8567")
    assert (state.outcome, state.fault) == (Outcome.FAILED, Fault.OURS)


def test_moments_in_the_middle_of_an_answer_end_with_it() -> None:
    talk = asked()
    talk.words("First I looked.")
    talk.key("0")
    for _ in range(3):
        talk.silence()
    assert answer(talk) == ("answered", "First I looked.")


def test_a_fault_in_the_middle_of_an_answer_ends_it() -> None:
    talk = asked()
    talk.words("First I looked.")
    talk.add(K.NOT_HEARD, code="8565")
    assert answer(talk) == ("answered", "First I looked.")


def test_somebody_who_only_ever_wants_it_repeated_is_silent() -> None:
    talk = asked()
    for _ in range(8):
        talk.key("*")
    assert answer(talk) == ("silent", "")


def test_a_turn_that_was_chosen_is_asked_whatever_the_line_still_tells() -> None:
    talk = asked()
    talk.words("I did it.")
    talk.silence()
    talk.turn(replace(TURN, turn_id="t2", text="And then?"))
    talk.add(K.HEARD, 4, words="A line that tells two ends of one operation.")
    state = talk.state
    assert (state.turn, talk.wanted.number) == (replace(TURN, turn_id="t2", text="And then?"), 5)
    assert answer(talk)[0] == "answered"
    talk.add(K.NO_MORE_TURNS, 5)
    assert talk.state.all_asked
