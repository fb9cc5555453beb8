"""The machine as a whole: plans, steps, and any facts in any order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.calls.facts import Fact
from interviews.calls.machine import fold, steps
from interviews.calls.state import Phase
from tests.interviews.calls.talk import (
    PLAN,
    START,
    TURN,
    K,
    asked,
    asked_for_consent,
    greeted,
    recording,
)


def test_without_a_plan_there_is_no_call() -> None:
    with pytest.raises(ValueError, match="never planned"):
        fold([])
    with pytest.raises(ValueError, match="never planned"):
        fold([Fact(K.CONNECTED, START)])


@pytest.mark.parametrize(
    "data",
    [{}, {**PLAN.as_data(), "language": "it"}, {**PLAN.as_data(), "extra_time": "much"},
     {**PLAN.as_data(), "agreed": 5}, {**PLAN.as_data(), "agreed": [5]},
     {**PLAN.as_data(), "x": 1}],
)  # fmt: skip
def test_a_plan_that_cannot_be_spoken_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"plan|language"):
        fold([Fact(K.PLANNED, START, data=data)])


@pytest.mark.parametrize("data", [{}, {"turn_id": "t1"}, {**TURN.as_data(), "text": 5}])
def test_a_turn_that_is_none_is_not_asked(data: dict[str, object]) -> None:
    talk = recording()
    talk.records()
    assert talk.add(K.TURN, 4, data=data).wants_turn


def test_events_of_other_operations_and_of_other_kinds_change_nothing() -> None:
    talk = asked()
    before = talk.state
    for op in (0, 1, 2, 4, 900):
        for kind in (K.NOT_HEARD, K.CANCELLED, K.SAID, K.NOT_SAID):
            assert talk.add(kind, op, code="8510") == before
    assert talk.add(K.TIMED_OUT, 900) == before
    assert talk.add(K.SAID, 3) == before  # of the sentence within the question
    assert talk.add(K.RECORDING_OFF, 0) == before
    assert talk.add(K.OTHER, 0) == before


def test_steps_show_each_fact_with_what_follows() -> None:
    talk = recording()
    talk.records()
    shown = [(fact.kind, state.phase) for fact, state in steps(reversed(talk.facts))]
    assert shown == [
        (K.PLANNED, Phase.DIALLING),
        (K.CONNECTED, Phase.GREETING),
        (K.HEARD, Phase.CONSENT),
        (K.HEARD, Phase.ASSESSMENT),
        (K.HEARD, Phase.RECORDING),
        (K.RECORDING_ON, Phase.CONVERSATION),
    ]


def facts() -> st.SearchStrategy[Fact]:
    return st.builds(
        Fact,
        kind=st.sampled_from([kind for kind in K if kind is not K.PLANNED]),
        at=st.integers(0, 4000).map(lambda seconds: START + timedelta(seconds=seconds)),
        op=st.integers(0, 9),
        code=st.sampled_from(["", "8510", "8565", "8508", "560000", "560503", "already_recording"]),
        tone=st.sampled_from(["", "1", "2", "9", "*", "#", "0", "12"]),
        words=st.sampled_from(
            ["", "I did it.", "Stop.", "Repeat.", "Skip.", "One moment.", "Yes."]
        ),
        confidence=st.sampled_from([None, 0.2, 0.9]),
        data=st.sampled_from(
            [{}, TURN.as_data(), {"how": "gone"}, {"how": "connected"}, {"turn_id": 5},
             {**TURN.as_data(), "time_limit_seconds": 10**30}]
        ),
    )  # fmt: skip


def conversations() -> Iterator[list[Fact]]:
    for begin in (greeted, asked_for_consent, recording, asked):
        yield begin().facts


@given(st.sampled_from(list(conversations())), st.lists(facts(), max_size=12), st.randoms())
@settings(max_examples=150, deadline=None)
def test_any_facts_have_one_state_in_any_order(
    begun: list[Fact], more: list[Fact], chance: Any
) -> None:
    known = [*begun, *more]
    state = fold(known)
    chance.shuffle(known)
    assert fold([*known, *more]) == state
    assert state.wanted is None or state.wanted.number == state.op + 1
    assert state.wanted is None or 0 < state.wanted.ceiling_seconds < 12_000
    assert not (state.wanted and state.wants_turn)
    assert (state.phase is not Phase.OVER) or (state.outcome is not None and state.wanted is None)
