"""Makes operations out of texts: how long is listened, and when one is given up."""

from dataclasses import replace

from interviews.calls.plan import Plan
from interviews.calls.state import CallState, Listening, Operation, OpKind

CHARACTERS_A_SECOND = 13  # of speech
MARGIN = 15  # seconds for the line's own work and for events on their way
LONGEST_SILENCE = 20  # seconds: no line waits longer for the first word
KEYS_SECONDS = 10  # to find a key
SHORT_ANSWER_SECONDS = 30  # yes, no, and what is said around it
RECORD_SECONDS = 20
HANG_UP_SECONDS = 10
MAX_EXTRA_TIME = 300  # percent


def speech_seconds(text: str) -> int:
    """Return about how long it takes to say the text."""
    return -(-len(text) // CHARACTERS_A_SECOND)


def scaled(seconds: int, plan: Plan) -> int:
    """Return time for thinking with the candidate's extra time, rounded up."""
    percent = 100 + min(max(plan.extra_time, 0), MAX_EXTRA_TIME)
    return -(-seconds * percent // 100)


def silence(seconds: int, plan: Plan) -> int:
    """Return how long the first word is waited for."""
    return min(scaled(seconds, plan), LONGEST_SILENCE)


def next_number(state: CallState) -> int:
    """Return the number after the operation that ended last."""
    return state.op + 1


def ask(
    state: CallState, text: str, *, about: str, listens: Listening, initial: int, answer: int
) -> CallState:
    """Want something said and listened for; `answer` is how many seconds it may take."""
    operation = Operation(
        number=next_number(state),
        kind=OpKind.ASK,
        text=text,
        listens=listens,
        initial_silence_seconds=initial,
        end_silence_seconds=silence(2, state.plan),
        ceiling_seconds=speech_seconds(text) + initial + answer + MARGIN,
        interrupts=state.unended,
        turn_id=state.turn.turn_id if state.turn else "",
        about=about,
    )
    return want(state, operation)


def ask_keys(state: CallState, text: str, *, about: str) -> CallState:
    """Want it said, and a key pressed."""
    initial = silence(KEYS_SECONDS, state.plan)
    return ask(state, text, about=about, listens="keys", initial=initial, answer=5)


def ask_yes_or_no(state: CallState, text: str, *, about: str) -> CallState:
    """Want it said, and a short answer or a key."""
    initial = silence(KEYS_SECONDS, state.plan)
    answer = scaled(SHORT_ANSWER_SECONDS, state.plan)
    return ask(state, text, about=about, listens="speech_or_keys", initial=initial, answer=answer)


def say(state: CallState, text: str, *, about: str, interrupts: bool) -> CallState:
    """Want it said to its end."""
    operation = Operation(
        number=next_number(state),
        kind=OpKind.SAY,
        text=text,
        ceiling_seconds=speech_seconds(text) + MARGIN,
        interrupts=interrupts,
        about=about,
    )
    return want(state, operation)


def record(state: CallState) -> CallState:
    """Want the recording to begin."""
    operation = Operation(
        number=next_number(state),
        kind=OpKind.RECORD,
        ceiling_seconds=RECORD_SECONDS,
        about="recording",
    )
    return want(state, operation)


def hang_up(state: CallState, *, ceiling_seconds: int = HANG_UP_SECONDS) -> CallState:
    """Want the call ended."""
    operation = Operation(
        number=next_number(state),
        kind=OpKind.HANG_UP,
        ceiling_seconds=ceiling_seconds,
        about="hang_up",
    )
    return want(state, operation)


def want(state: CallState, operation: Operation) -> CallState:
    """Want this operation, and nothing else."""
    return replace(state, wanted=operation, wants_turn=False, unended=False)
