"""The conversation itself: a question is asked, answered in parts, and closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from interviews.calls import asking, ending, wishes
from interviews.calls.answers import close, turn_of
from interviews.calls.facts import Fact
from interviews.calls.sentences import say
from interviews.calls.state import CallState, Counts
from interviews.calls.wishes import Wish

FIRST_WORD_SECONDS = 12  # a question is thought about
MORE_SECONDS = 4  # between two parts of an answer
MOMENT_SECONDS = 20
MAX_REPEATS = MAX_MOMENTS = 3
MAX_PARTS = 100  # of one answer, in case the line's clock stands still
SHORTEST, LONGEST = 10, 3600  # seconds that an answer may take at least and at most


def turn_chosen(state: CallState, fact: Fact) -> CallState:
    """Ask the chosen turn. We have acted upon it, so it counts whatever is known by now."""
    turn = turn_of(fact)
    if turn is None or fact.op < state.op:
        return state
    lead_in = state.lead_in
    if state.turn:
        state = close(state, fact, "answered")
    state = replace(
        state,
        op=fact.op,
        turn=turn,
        asked_at=fact.at,
        heard=(),
        answering=False,
        counts=Counts(),
        lead_in="",
    )
    return _ask_question(state, fact, lead_in)


def no_more_turns(state: CallState, fact: Fact) -> CallState:
    """Everything was asked: thank, and say goodbye."""
    if fact.op < state.op:
        return state
    if state.turn:
        state = close(state, fact, "answered")
    return ending.completed(replace(state, op=fact.op, all_asked=True))


def heard(state: CallState, fact: Fact) -> CallState:
    """Do what is wished for; everything else is a part of the answer."""
    wish = (
        wishes.wish_of_tone(fact.tone)
        if fact.tone
        else wishes.wish_of(fact.words, state.plan.language)
    )
    if wish is Wish.REPEAT:
        return _repeat(state, fact)
    if wish is Wish.SKIP:
        return _close(state, fact, "skipped", "skipped")
    if wish is Wish.MOMENT:
        return _moment(state, fact, "moment")
    if wish in ending.CANDIDATES:
        return ending.CANDIDATES[wish](state, fact)
    return silent(state, fact) if fact.tone else _part(state, fact)


def silent(state: CallState, fact: Fact) -> CallState:
    """Take silence for the end of an answer; before one it is met with patience, once."""
    if state.wanted and state.wanted.about == "moment":
        return _moment(state, fact, "")
    if state.answering:
        return _close(state, fact, "answered", "thanks")
    return _once_more(state, fact, "take_your_time", "silent")


def timed_out(state: CallState, fact: Fact) -> CallState:
    """Go on where the line never said how it ended: talk without end, or news that was lost."""
    if state.answering:
        return _close(state, fact, "answered", "enough")
    return _once_more(state, fact, "once_more", "silent")


def again(state: CallState, fact: Fact) -> CallState:
    """Ask the same question after a fault; what was said before it is kept as the answer."""
    if state.answering:
        return _close(state, fact, "answered", "thanks")
    return _ask_question(state, fact, "once_more")


def _once_more(state: CallState, fact: Fact, lead_in: str, farewell: str) -> CallState:
    counts = replace(state.counts, silences=state.counts.silences + 1)
    if counts.silences >= 2:
        return _close(state, fact, "silent", farewell)
    return _ask_question(replace(state, counts=counts), fact, lead_in)


def _repeat(state: CallState, fact: Fact) -> CallState:
    counts = replace(state.counts, repeats=state.counts.repeats + 1)
    state = replace(state, counts=counts)
    if counts.repeats <= MAX_REPEATS:
        return _ask_question(state, fact, "repeating")
    if counts.repeats <= 2 * MAX_REPEATS:
        return _listen(state, fact, "no_more_repeats", FIRST_WORD_SECONDS)
    return silent(state, fact)


def _moment(state: CallState, fact: Fact, lead_in: str) -> CallState:
    """Wait in silence; three times at most, whether wished for or just taken."""
    counts = replace(state.counts, moments=state.counts.moments + 1)
    state = replace(state, counts=counts)
    if counts.moments <= MAX_MOMENTS:
        return _listen(state, fact, lead_in, MOMENT_SECONDS, about="moment")
    if state.answering:
        return _close(state, fact, "answered", "thanks")
    return _once_more(state, fact, "go_on", "silent")


def _part(state: CallState, fact: Fact) -> CallState:
    state = replace(state, heard=(*state.heard, fact.words), answering=True)
    if _seconds_left(state, fact) <= 0 or len(state.heard) >= MAX_PARTS:
        return _close(state, fact, "answered", "enough")
    return _listen(state, fact, "", MORE_SECONDS)


def _close(
    state: CallState, fact: Fact, how: Literal["answered", "skipped", "silent"], farewell: str
) -> CallState:
    return replace(close(state, fact, how), wanted=None, wants_turn=True, lead_in=farewell)


def _ask_question(state: CallState, fact: Fact, lead_in: str) -> CallState:
    """Say the question (after one sentence) and listen to the beginning of an answer."""
    said = " ".join(filter(None, (say(state.plan, lead_in), state.turn.text if state.turn else "")))
    spoken = timedelta(seconds=asking.speech_seconds(said))
    if not state.answering:
        state = replace(state, listening_since=fact.at + spoken)
    return _ask(state, fact, said, FIRST_WORD_SECONDS, "question")


def _listen(
    state: CallState, fact: Fact, name: str, seconds: int, about: str = "listening"
) -> CallState:
    """Say no more than one sentence, or nothing, and listen on."""
    return _ask(state, fact, say(state.plan, name), seconds, about)


def _ask(state: CallState, fact: Fact, text: str, seconds: int, about: str) -> CallState:
    initial = asking.silence(seconds, state.plan)
    answer = min(max(_seconds_left(state, fact), SHORTEST), LONGEST)
    return asking.ask(
        state, text, about=about, listens="speech_or_keys", initial=initial, answer=answer
    )


def _seconds_left(state: CallState, fact: Fact) -> int:
    """Return how much of the question's time is left at this fact, by the times of the facts."""
    limit = state.turn.time_limit_seconds if state.turn else 0
    limit = min(max(asking.scaled(min(limit, LONGEST), state.plan), SHORTEST), LONGEST)
    since = state.listening_since or fact.at
    return limit - max(int((fact.at - since).total_seconds()), 0)
