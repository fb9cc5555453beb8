"""The machine of a call: what follows from a set of facts, whatever order they came in.

The line tells of a recording without naming an operation: such a fact ends the recording that is
being waited for. What we decided ourselves comes first, because we have acted upon it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from interviews.calls import ending, opening, questions
from interviews.calls.answers import fill_in
from interviews.calls.codes import ALREADY_RECORDING, SILENCE
from interviews.calls.facts import Fact, FactKind, in_order
from interviews.calls.plan import Plan
from interviews.calls.recording import note_recording
from interviews.calls.sentences import languages
from interviews.calls.state import CallState, OpKind, Phase

Handler = Callable[[CallState, Fact], CallState]
K = FactKind
MAX_FAULTS = 2  # of the line, at one thing that is said and listened for

_OURS = (K.TIMED_OUT, K.REFUSED)
_ENDS = {
    OpKind.ASK: (K.HEARD, K.NOT_HEARD, K.CANCELLED, *_OURS),
    OpKind.SAY: (K.SAID, K.NOT_SAID, K.CANCELLED, *_OURS),
    OpKind.RECORD: (K.RECORDING_ON, K.RECORDING_REFUSED, *_OURS),
    OpKind.HANG_UP: _OURS,
}
_ENDINGS = frozenset(kind for kinds in _ENDS.values() for kind in kinds)
_OF_RECORDING = (K.RECORDING_ON, K.RECORDING_REFUSED)


def fold(facts: Iterable[Fact]) -> CallState:
    """Return where a call stands. Raises ValueError without a plan that can be spoken."""
    *_, (_, state) = steps(facts)
    return state


def steps(facts: Iterable[Fact]) -> Iterator[tuple[Fact, CallState]]:
    """Yield each fact with the state after it, in the order they are read; ValueError as `fold`."""
    known = list(_without_doubles(in_order(facts)))
    planned = next((fact for fact in known if fact.kind is K.PLANNED), None)
    if planned is None:
        raise ValueError("The call was never planned.")
    reading = _Reading(CallState(_plan_of(planned)), known)
    yield planned, reading.state
    yield from reading.steps()


class _Reading:
    """The state while the facts are read, and the recording's facts that wait for their place."""

    def __init__(self, state: CallState, known: list[Fact]) -> None:
        self.state = state
        nameless = [fact for fact in known if fact.kind in _OF_RECORDING and not fact.op]
        self.recording = deque(sorted(nameless, key=lambda fact: fact.at))
        self.facts = [fact for fact in known if fact.kind is not K.PLANNED and fact not in nameless]
        self.turns: dict[int, str] = {}  # which turn each operation asked

    def steps(self) -> Iterator[tuple[Fact, CallState]]:
        for fact in self.facts:
            while (due := self._due_before(fact)) is not None:
                yield self._take(due)
            yield self._take(fact)
        while (due := self._due_before(None)) is not None:
            yield self._take(due)

    def _due_before(self, fact: Fact | None) -> Fact | None:
        """Return what the line told of the recording, if this is its place."""
        if not self.recording:
            return None
        wanted = self.state.wanted
        if wanted and wanted.kind is OpKind.RECORD:
            is_later = fact is None or fact.op > self.state.op or not _is_of_operation(fact)
            is_own_word = fact and fact.op == wanted.number and fact.kind in _OURS
            if is_later and not is_own_word:
                return replace(self.recording.popleft(), op=wanted.number)
        if fact is None or not (_is_of_operation(fact) or _begins(fact)):
            return self.recording.popleft()
        return None

    def _take(self, fact: Fact) -> tuple[Fact, CallState]:
        before = self.state
        self.state = _apply(before, fact)
        if self.state is before and fact.kind is K.HEARD and fact.op in self.turns:
            self.state = fill_in(before, fact, self.turns[fact.op])
        wanted = self.state.wanted
        if wanted and wanted.turn_id:
            self.turns[wanted.number] = wanted.turn_id
        return fact, self.state


def _without_doubles(facts: list[Fact]) -> Iterator[Fact]:
    """Yield each fact once: the same ones stand beside each other."""
    last = None
    for fact in facts:
        if fact != last:
            yield fact
        last = fact


def _plan_of(fact: Fact) -> Plan:
    try:
        plan = Plan.from_data(fact.data)
    except (KeyError, TypeError):
        raise ValueError("The call's plan is broken.") from None
    texts = (plan.language, plan.organisation, plan.job, plan.contact, *plan.agreed)
    numbers = (plan.extra_time, plan.max_seconds, plan.retention_days)
    if not (_all(str, texts) and _all(int, numbers)):
        raise ValueError("The call's plan is broken.")
    if plan.language.split("-")[0].lower() not in languages():
        raise ValueError("There are no sentences in this language.")
    return plan


def _all(kind: type, values: Iterable[object]) -> bool:
    return all(type(value) is kind for value in values)


def _is_of_operation(fact: Fact) -> bool:
    return fact.kind in _ENDINGS or fact.kind in (K.TURN, K.NO_MORE_TURNS, K.STOP, K.CEILING)


def _begins(fact: Fact) -> bool:
    return fact.kind is K.CONNECTED or (fact.kind is K.SETTLED and _is_connected(fact))


def _is_connected(fact: Fact) -> bool:
    return fact.data.get("how") == "connected"


def _apply(state: CallState, fact: Fact) -> CallState:
    state = note_recording(state, fact)
    if fact.kind in _ENDINGS:
        return _end_operation(state, fact)
    handler = _DECISIONS.get((state.phase, fact.kind)) or _ALWAYS.get(fact.kind)
    return handler(state, fact) if handler else state


def _end_operation(state: CallState, fact: Fact) -> CallState:
    """End what is running, if this fact is about it; an old one changes nothing any more."""
    running = state.wanted
    if running is None or fact.op != running.number or fact.kind not in _ENDS[running.kind]:
        return state
    ended = replace(state, op=fact.op, unended=fact.kind in _OURS)
    return _ENDED[state.phase, fact.kind](ended, fact)


def _by_code(silent: Handler, faulty: Handler) -> Handler:
    """Tell silence and noise from a fault of the line."""

    def handle(state: CallState, fact: Fact) -> CallState:
        is_silence = not fact.code or fact.code in SILENCE
        return silent(state, fact) if is_silence else faulty(state, fact)

    return handle


def _faulty(again: Handler) -> Handler:
    """Do it once more after the line's first fault; then there is no sense in going on."""

    def handle(state: CallState, fact: Fact) -> CallState:
        counts = replace(state.counts, faults=state.counts.faults + 1)
        if counts.faults >= MAX_FAULTS and not state.answering:
            return ending.trouble(state, fact, fact.code, "The line could not speak or listen.")
        return again(replace(state, counts=counts), fact)

    return handle


def _unless_recording(failed: Handler) -> Handler:
    """Take a refusal because it records already for what it is."""

    def handle(state: CallState, fact: Fact) -> CallState:
        is_on = fact.code in ALREADY_RECORDING
        return opening.recording_on(state, fact) if is_on else failed(state, fact)

    return handle


def _settled(state: CallState, fact: Fact) -> CallState:
    """Do as the line said when it was asked: the call is there, or it is not."""
    if not _is_connected(fact):
        return ending.over(state, fact)
    return opening.connected(state, fact) if state.phase is Phase.DIALLING else state


def _talk(
    phase: Phase, *, heard: Handler, silent: Handler, lost: Handler, again: Handler
) -> dict[tuple[Phase, FactKind], Handler]:
    """Return the rows of a phase in which something is said and listened for."""
    faulty = _faulty(again)
    return {
        (phase, K.HEARD): heard,
        (phase, K.NOT_HEARD): _by_code(silent, faulty),
        (phase, K.TIMED_OUT): lost,
        (phase, K.REFUSED): faulty,
        (phase, K.CANCELLED): faulty,
    }


def _consent(phase: Phase) -> dict[tuple[Phase, FactKind], Handler]:
    return _talk(
        phase,
        heard=opening.consent_heard,
        silent=opening.consent_unclear,
        lost=opening.consent_unclear,
        again=opening.consent_again,
    )


# What follows when the running operation ends.
_ENDED: dict[tuple[Phase, FactKind], Handler] = {
    **_talk(
        Phase.GREETING,
        heard=opening.greeting_heard,
        silent=opening.greeting_silent,
        lost=opening.greeting_silent,
        again=opening.greeting_again,
    ),
    **_consent(Phase.CONSENT),
    **_consent(Phase.ASSESSMENT),
    (Phase.RECORDING, K.RECORDING_ON): opening.recording_on,
    (Phase.RECORDING, K.RECORDING_REFUSED): _unless_recording(opening.recording_failed),
    (Phase.RECORDING, K.REFUSED): _unless_recording(opening.recording_failed),
    (Phase.RECORDING, K.TIMED_OUT): opening.recording_failed,
    **_talk(
        Phase.CONVERSATION,
        heard=questions.heard,
        silent=questions.silent,
        lost=questions.timed_out,
        again=questions.again,
    ),
    **{(Phase.GOODBYE, kind): ending.hang_up for kind in _ENDS[OpKind.SAY]},
    **{(Phase.HANGING_UP, kind): ending.hang_up_again for kind in _ENDS[OpKind.HANG_UP]},
}

# What follows in one phase only.
_DECISIONS: dict[tuple[Phase, FactKind], Handler] = {
    (Phase.DIALLING, K.CONNECTED): opening.connected,
    (Phase.DIALLING, K.DIAL_REFUSED): ending.over,
    (Phase.HANGING_UP, K.DIAL_REFUSED): ending.over,  # stopped before it was dialled
    (Phase.CONVERSATION, K.TURN): questions.turn_chosen,
    (Phase.CONVERSATION, K.NO_MORE_TURNS): questions.no_more_turns,
}

# What follows whatever was going on.
_ALWAYS: dict[FactKind, Handler] = {
    K.STOP: ending.stop,
    K.CEILING: ending.ceiling,
    K.NOT_CONNECTED: ending.over,
    K.DISCONNECTED: ending.over,
    K.SETTLED: _settled,
}
