"""How a conversation begins: a person, consent, and a recording."""

from dataclasses import replace

import pytest

from interviews.calls.facts import FactKind
from interviews.calls.sentences import say
from interviews.calls.state import Agreement, CallState, Fault, Operation, OpKind, Outcome, Phase
from tests.interviews.calls.talk import AGREED, PLAN, K, Talk, asked_for_consent, greeted, recording


def test_while_it_rings_nothing_is_wanted() -> None:
    assert Talk().state == CallState(PLAN)


def test_the_greeting_says_who_calls_and_waits_for_a_key() -> None:
    names = ("greeting", "greeting_consent_first", "greeting_keys")
    text = say(PLAN, *names)
    assert greeted().wanted == Operation(
        number=1,
        kind=OpKind.ASK,
        text=text,
        listens="keys",
        initial_silence_seconds=10,
        end_silence_seconds=2,
        ceiling_seconds=-(-len(text) // 13) + 10 + 5 + 15,
        about="greeting",
    )


def test_the_greeting_tells_of_a_human_of_an_agreement_and_of_going_on() -> None:
    plan = replace(PLAN, contact="+49 30 1", agreed=AGREED, resumes=True)
    names = ("greeting", "greeting_resumes", "greeting_agreed", "greeting_human", "greeting_keys")
    assert greeted(plan).wanted.text == say(plan, *names)


def test_star_and_other_keys_repeat_the_greeting_at_most_three_times() -> None:
    talk = greeted()
    text = talk.wanted.text
    for key in "*5":
        talk.key(key)
        assert talk.wanted.text == text
    state = talk.key("7")
    assert (state.phase, talk.wanted.about) == (Phase.GOODBYE, "goodbye_no_start")
    assert state.outcome is Outcome.HUNG_UP_EARLY


def test_twice_silent_is_a_machine_and_nothing_is_left_on_it() -> None:
    talk = greeted()
    assert talk.silence().phase is Phase.GREETING
    assert talk.wanted.text == say(PLAN, "greeting_again", "greeting_keys")
    state = talk.silence()
    assert (state.phase, state.outcome) == (Phase.HANGING_UP, Outcome.VOICEMAIL)
    assert (talk.wanted.number, talk.wanted.kind) == (3, OpKind.HANG_UP)


def test_nine_is_the_wrong_number() -> None:
    talk = greeted()
    assert talk.key("9").outcome is Outcome.WRONG_NUMBER
    assert talk.wanted.about == "goodbye_wrong_number"


def test_consent_is_asked_for_with_voice_or_keys() -> None:
    wanted = asked_for_consent().wanted
    assert wanted.text == say(PLAN, "recording_question", "consent_keys")
    assert (wanted.listens, wanted.about) == ("speech_or_keys", "consent")


@pytest.mark.parametrize("given_as", ["1", "Yes, please."])
def test_consent_is_kept_as_it_was_given(given_as: str) -> None:
    talk = asked_for_consent()
    state = talk.key(given_as) if given_as == "1" else talk.words(given_as, confidence=0.8)
    assert state.agreements == (Agreement(AGREED, agreed=True, given_as=given_as),)
    assert state.phase is Phase.ASSESSMENT


def test_a_no_is_respected() -> None:
    talk = asked_for_consent()
    state = talk.words("No, thank you.")
    assert state.agreements == (Agreement(AGREED, agreed=False, given_as="No, thank you."),)
    assert (state.outcome, state.phase) == (Outcome.CONSENT_REFUSED, Phase.GOODBYE)
    assert talk.wanted.text == say(PLAN, "goodbye_refused", "goodbye")


def test_a_yes_that_was_hardly_understood_agrees_to_nothing_but_a_no_counts() -> None:
    talk = asked_for_consent()
    assert talk.words("Yes.", confidence=0.2).agreements == ()
    assert talk.wanted.text == say(PLAN, "consent_unclear", "recording_question", "consent_keys")
    assert talk.words("No.", confidence=0.2).outcome is Outcome.CONSENT_REFUSED


@pytest.mark.parametrize(
    ("given_as", "outcome", "about"),
    [
        ("You have the wrong number.", Outcome.WRONG_NUMBER, "goodbye_wrong_number"),
        ("Please stop.", Outcome.HUNG_UP_EARLY, "goodbye_wish"),
    ],
)
def test_other_wishes_at_the_question_of_consent(
    given_as: str, outcome: Outcome, about: str
) -> None:
    talk = asked_for_consent()
    state = talk.words(given_as)
    assert (state.outcome, talk.wanted.about, state.agreements) == (outcome, about, ())


def test_an_assessment_that_was_agreed_to_is_not_asked_about() -> None:
    talk = greeted(replace(PLAN, agreed=("automated_assessment",)))
    talk.key("1")
    assert talk.key("1").phase is Phase.RECORDING


def test_no_plain_answer_is_no_consent_and_no_refusal() -> None:
    talk = asked_for_consent()
    talk.words("It depends.")
    state = talk.silence()
    assert (state.outcome, state.agreements) == (Outcome.HUNG_UP_EARLY, ())
    assert talk.wanted.about == "goodbye_unclear"


def test_the_question_of_consent_can_be_heard_again() -> None:
    talk = asked_for_consent()
    for _ in range(3):
        talk.words("Could you repeat that?")
        assert talk.wanted.text == say(PLAN, "consent_again", "recording_question", "consent_keys")
    talk.key("*")
    assert talk.wanted.text == say(PLAN, "consent_unclear", "recording_question", "consent_keys")


@pytest.mark.parametrize("unclear", ["Maybe.", ""])
def test_the_interview_goes_on_without_the_assessment(unclear: str) -> None:
    talk = asked_for_consent()
    talk.key("1")
    for _ in range(2):
        state = talk.words(unclear) if unclear else talk.silence()
    assert state.agreements[1] == Agreement(("automated_assessment",), agreed=False, given_as="")
    assert state.phase is Phase.RECORDING


def test_nothing_is_asked_again_that_was_agreed_before() -> None:
    talk = greeted(replace(PLAN, agreed=AGREED))
    assert talk.key("1").phase is Phase.RECORDING
    assert talk.wanted == Operation(2, OpKind.RECORD, ceiling_seconds=20, about="recording")


def test_the_conversation_begins_when_it_records() -> None:
    talk = recording()
    started_at = talk.at
    state = talk.records()
    assert (state.phase, state.op, state.wants_turn, state.wanted) == (
        Phase.CONVERSATION,
        4,
        True,
        None,
    )
    assert (state.recording_id, state.recording_started_at) == ("r", started_at)


@pytest.mark.parametrize("code", ["8553", "8559", "8571", "already_recording"])
@pytest.mark.parametrize("kind", [K.REFUSED, K.RECORDING_REFUSED])
def test_a_call_that_is_recorded_already_is_recorded(kind: FactKind, code: str) -> None:
    talk = recording()
    assert talk.add(kind, 0 if kind is K.RECORDING_REFUSED else 4, code=code).wants_turn


def test_without_a_recording_nothing_is_asked() -> None:
    talk = recording()
    talk.add(K.TIMED_OUT)
    assert (talk.wanted.number, talk.wanted.kind) == (5, OpKind.RECORD)
    state = talk.add(K.RECORDING_REFUSED, 0, code="8608")
    assert (state.outcome, state.fault, state.code) == (Outcome.FAILED, Fault.PROVIDER, "8608")
    assert talk.wanted.about == "goodbye_trouble"


def test_a_recording_that_began_late_ends_the_second_attempt() -> None:
    talk = recording()
    talk.add(K.TIMED_OUT)
    state = talk.records()
    assert (state.op, state.wants_turn) == (5, True)


def test_a_fault_at_the_greeting_is_forgiven_once() -> None:
    talk = greeted()
    text = talk.wanted.text
    talk.add(K.REFUSED, code="8511")
    assert (talk.wanted.text, talk.wanted.interrupts) == (text, True)
    assert talk.add(K.REFUSED, code="8511").outcome is Outcome.FAILED
