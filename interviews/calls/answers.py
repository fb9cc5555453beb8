"""What came of the turns: answers are closed in time, and words that come late fill them in."""

from dataclasses import replace
from typing import Literal

from interviews.calls import wishes
from interviews.calls.facts import Fact
from interviews.calls.plan import PlannedTurn
from interviews.calls.state import Answer, CallState


def turn_of(fact: Fact) -> PlannedTurn | None:
    """Return the turn that a fact holds, or None where it holds none."""
    try:
        turn = PlannedTurn.from_data(fact.data)
    except TypeError:
        return None
    texts = (turn.turn_id, turn.kind, turn.text)
    numbers = (turn.position, turn.time_limit_seconds)
    is_whole = all(type(text) is str for text in texts) and all(type(one) is int for one in numbers)
    return turn if is_whole else None


def close(state: CallState, fact: Fact, how: Literal["answered", "skipped", "silent"]) -> CallState:
    """End the open turn. Words make it an answer; an answer without any leaves it to be asked."""
    if state.turn is None or (how == "answered" and not state.heard):
        return replace(state, turn=None)
    asked_at = state.asked_at or fact.at
    answer = Answer(
        turn_id=state.turn.turn_id,
        how="answered" if state.heard else how,
        text=" ".join(state.heard),
        asked_at=asked_at,
        ended_at=max(fact.at, asked_at),
    )
    return replace(state, answers=(*state.answers, answer), turn=None, heard=(), answering=False)


def fill_in(state: CallState, fact: Fact, turn_id: str) -> CallState:
    """Add words that came too late to steer anything to the turn they were said to."""
    if not fact.words or wishes.wish_of(fact.words, state.plan.language):
        return state
    if state.turn and state.turn.turn_id == turn_id:
        return replace(state, heard=(*state.heard, fact.words))
    answers = tuple(
        _longer(one, fact.words) if one.turn_id == turn_id else one for one in state.answers
    )
    return replace(state, answers=answers)


def _longer(answer: Answer, words: str) -> Answer:
    return replace(answer, how="answered", text=f"{answer.text} {words}".strip())
