"""How calls end."""

from dataclasses import replace

import pytest

from interviews.calls.facts import FactKind
from interviews.calls.state import Fault, OpKind, Outcome, Phase
from tests.interviews.calls.talk import (
    AGREED,
    PLAN,
    K,
    Talk,
    answer,
    asked,
    asked_for_consent,
    greeted,
)


def test_the_goodbye_is_heard_to_its_end() -> None:
    talk = asked()
    talk.words("I did it.")
    talk.silence()
    state = talk.add(K.NO_MORE_TURNS, talk.state.op)
    assert (state.phase, state.all_asked, state.outcome) == (
        Phase.GOODBYE,
        True,
        Outcome.COMPLETED,
    )
    assert talk.wanted.kind is OpKind.SAY
    talk.add(K.SAID)
    assert (talk.wanted.kind, talk.wanted.ceiling_seconds) == (OpKind.HANG_UP, 10)
    state = talk.add(K.DISCONNECTED, 0, code="7000")
    assert (state.phase, state.wanted, state.ended_at) == (Phase.OVER, None, talk.at)
    assert (state.outcome, state.fault, state.code) == (Outcome.COMPLETED, Fault.NONE, "7000")


@pytest.mark.parametrize("kind", [K.NOT_SAID, K.TIMED_OUT, K.REFUSED, K.CANCELLED])
def test_a_goodbye_that_fails_is_followed_by_hanging_up(kind: FactKind) -> None:
    talk = greeted()
    talk.key("9")
    assert talk.add(kind).phase is Phase.HANGING_UP


def test_a_line_that_never_hangs_up_is_given_up() -> None:
    talk = greeted()
    talk.key("9")
    talk.add(K.SAID)
    ceilings = []
    for _ in range(5):
        ceilings.append(talk.wanted.ceiling_seconds)
        state = talk.add(K.TIMED_OUT)
    assert ceilings == [10, 20, 30, 40, 50]
    assert (state.phase, state.outcome) == (Phase.OVER, Outcome.WRONG_NUMBER)


def test_a_stop_says_goodbye_after_what_is_running() -> None:
    talk = asked()
    state = talk.add(K.STOP)
    assert (state.op, state.outcome) == (3, Outcome.STOPPED)
    assert (talk.wanted.number, talk.wanted.interrupts) == (4, True)
    goodbye = talk.wanted
    talk.words("I did it.", after=1)
    assert talk.wanted == goodbye
    talk.facts[-1] = replace(talk.facts[-1], op=3)
    assert talk.wanted == goodbye
    assert answer(talk) == ("answered", "I did it.")


def test_a_stop_where_nothing_runs_is_next() -> None:
    talk = greeted(replace(PLAN, agreed=AGREED))
    talk.key("1")
    talk.records()
    talk.add(K.STOP, 2)
    assert (talk.wanted.number, talk.wanted.about) == (3, "goodbye_stopped")


def test_a_stop_while_it_rings_hangs_up() -> None:
    talk = Talk()
    state = talk.add(K.STOP, 0)
    assert (talk.wanted.number, talk.wanted.kind) == (1, OpKind.HANG_UP)
    assert talk.add(K.CONNECTED, 0).wanted == state.wanted
    assert talk.add(K.DISCONNECTED, 0, code="7000").outcome is Outcome.STOPPED


def test_a_stop_during_the_goodbye_changes_nothing() -> None:
    talk = greeted()
    talk.key("9")
    before = talk.state
    assert talk.add(K.STOP) == before
    assert talk.add(K.SAID, 2).phase is Phase.HANGING_UP


def test_a_refusal_that_comes_after_a_stop_is_still_a_refusal() -> None:
    talk = asked_for_consent()
    talk.add(K.STOP)
    goodbye = talk.wanted
    state = talk.add(K.HEARD, 2, tone="2")
    assert state.outcome is Outcome.CONSENT_REFUSED
    assert talk.wanted == goodbye


def test_work_that_can_never_be_done_is_our_fault() -> None:
    talk = asked()
    state = talk.add(K.STOP, code="broken_guide")
    assert (state.outcome, state.fault, state.code) == (Outcome.FAILED, Fault.OURS, "broken_guide")
    assert talk.wanted.about == "goodbye_trouble"


def test_a_call_does_not_last_for_ever() -> None:
    talk = asked()
    talk.words("I did it.")
    state = talk.add(K.CEILING)
    assert (state.outcome, state.fault, state.code) == (Outcome.FAILED, Fault.OURS, "call_ceiling")
    assert (talk.wanted.number, talk.wanted.about) == (5, "goodbye_ceiling")
    assert answer(talk) == ("answered", "I did it.")


@pytest.mark.parametrize(
    ("code", "outcome", "fault"),
    [
        ("560480", Outcome.NO_ANSWER, Fault.NONE),
        ("560486", Outcome.BUSY, Fault.NONE),
        ("560603", Outcome.DECLINED, Fault.NONE),
        ("560404", Outcome.WRONG_NUMBER, Fault.NONE),
        ("560503", Outcome.FAILED, Fault.NETWORK),
        ("7507", Outcome.FAILED, Fault.OURS),
        ("", Outcome.FAILED, Fault.UNKNOWN),
    ],
)
@pytest.mark.parametrize("kind", [K.NOT_CONNECTED, K.DISCONNECTED, K.DIAL_REFUSED])
def test_a_call_that_is_never_connected(
    kind: FactKind, code: str, outcome: Outcome, fault: Fault
) -> None:
    state = Talk().add(kind, 0, code=code)
    assert (state.phase, state.outcome, state.fault, state.code) == (
        Phase.OVER,
        outcome,
        fault,
        code,
    )


def test_a_call_that_is_gone_without_a_word() -> None:
    gone = {"how": "gone"}
    state = Talk().add(K.SETTLED, 0, data=gone)
    assert (state.outcome, state.fault, state.code) == (Outcome.FAILED, Fault.UNKNOWN, "gone")
    state = asked().add(K.SETTLED, 0, data=gone)
    assert (state.outcome, state.fault) == (Outcome.HUNG_UP_EARLY, Fault.NONE)


def test_a_call_that_is_found_connected_is_greeted() -> None:
    talk = Talk()
    assert talk.add(K.SETTLED, 0, data={"how": "connected"}).phase is Phase.GREETING
    assert talk.add(K.CONNECTED, 0).phase is Phase.GREETING


@pytest.mark.parametrize(
    ("code", "outcome", "fault"),
    [
        ("560000", Outcome.HUNG_UP_EARLY, Fault.NONE),
        ("", Outcome.HUNG_UP_EARLY, Fault.NONE),
        ("560503", Outcome.FAILED, Fault.NETWORK),
        ("9999", Outcome.FAILED, Fault.PROVIDER),
    ],
)
def test_a_connected_call_that_ends_too_soon(code: str, outcome: Outcome, fault: Fault) -> None:
    state = asked().add(K.DISCONNECTED, 0, code=code)
    assert (state.outcome, state.fault, state.wants_turn) == (outcome, fault, False)


def test_after_the_end_it_is_still_found_out_whether_everything_was_asked() -> None:
    talk = asked()
    talk.words("I did it.")
    state = talk.add(K.DISCONNECTED, 0, code="560000")
    assert (state.outcome, state.wants_turn, state.wanted) == (Outcome.HUNG_UP_EARLY, True, None)
    assert answer(talk) == ("answered", "I did it.")
    state = talk.add(K.NO_MORE_TURNS, state.op)
    assert (state.phase, state.outcome, state.all_asked) == (Phase.OVER, Outcome.COMPLETED, True)


def test_late_words_of_a_call_that_is_over_are_an_answer() -> None:
    talk = asked()
    talk.add(K.DISCONNECTED, 0, code="560000")
    assert talk.state.answers == ()
    state = talk.add(K.HEARD, 3, words="I did it.")
    assert (answer(talk), state.phase) == (("answered", "I did it."), Phase.OVER)
