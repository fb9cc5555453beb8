"""What is known of a call: facts of the line and of our own, and the one order they are read in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact says. The first group is ours, the second is what the line told us."""

    PLANNED = "planned"  # data: see Plan.as_data
    TURN = "turn"  # a turn was chosen after operation `op`; data: see PlannedTurn.as_data
    NO_MORE_TURNS = "no_more_turns"  # everything was asked
    TIMED_OUT = "timed_out"  # operation `op` did not end within its ceiling
    REFUSED = "refused"  # the line did not accept operation `op`; `code` says why
    CEILING = "ceiling"  # the whole call has lasted long enough
    STOP = "stop"  # a person pressed the stop button
    DIAL_REFUSED = "dial_refused"  # the line did not accept the call; `code` says why
    SETTLED = "settled"  # asked the line; data: {"how": "connected" | "gone"}

    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"  # `code` says why
    DISCONNECTED = "disconnected"
    HEARD = "heard"  # `tone` or `words`
    NOT_HEARD = "not_heard"  # `code` says why: silence, noise, a fault
    CANCELLED = "cancelled"
    SAID = "said"
    NOT_SAID = "not_said"
    RECORDING_ON = "recording_on"  # data: {"started_at": ISO 8601, "recording_id": ...}
    RECORDING_OFF = "recording_off"
    RECORDING_REFUSED = "recording_refused"
    FILE_READY = "file_ready"  # data: {"chunks": [{"content", "metadata", "delete", "index"}], ...}
    OTHER = "other"  # known, and nothing follows from it


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known. `at` is aware, by the clock of whoever said it.

    `op` is the number of the operation that it ends, or after which it was decided; 0 for the call
    itself. `code` is a provider's sub-code or our own word, `confidence` 0 to 1.
    """

    kind: FactKind
    at: datetime
    op: int = 0
    code: str = ""
    tone: str = ""
    words: str = ""
    confidence: float | None = None
    data: Mapping[str, object] = field(default_factory=dict)


# Within one operation: our own word comes first, because we have acted upon it; the line's best
# news comes before its worse; what was decided afterwards comes last.
_RANKS = {
    FactKind.TIMED_OUT: 0,
    FactKind.REFUSED: 0,
    FactKind.HEARD: 1,
    FactKind.SAID: 1,
    FactKind.RECORDING_ON: 1,
    FactKind.NOT_HEARD: 2,
    FactKind.NOT_SAID: 2,
    FactKind.RECORDING_REFUSED: 2,
    FactKind.CANCELLED: 3,
    FactKind.TURN: 8,
    FactKind.NO_MORE_TURNS: 8,
    FactKind.CEILING: 9,
    FactKind.STOP: 9,
}
_GROUPS = {
    FactKind.PLANNED: 0,
    FactKind.CONNECTED: 1,
    # What belongs to operations stands between: 2.
    FactKind.DIAL_REFUSED: 3,
    FactKind.NOT_CONNECTED: 3,
    FactKind.DISCONNECTED: 4,
    FactKind.SETTLED: 5,
    FactKind.RECORDING_OFF: 6,
    FactKind.FILE_READY: 7,
    FactKind.OTHER: 8,
}


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts in the one order they are read in, whatever order they came in.

    Times do not decide: those of the line go backwards. They only break ties.
    """
    return sorted(facts, key=_place)


def _place(fact: Fact) -> tuple[object, ...]:
    group = _GROUPS.get(fact.kind, 2)
    if fact.kind is FactKind.SETTLED and fact.data.get("how") == "connected":
        group = 1
    op, rank = (fact.op, _RANKS.get(fact.kind, 5)) if group == 2 else (0, 0)
    said = (
        fact.code,
        fact.tone,
        fact.words,
        repr(fact.confidence),
        repr(sorted(fact.data.items())),
    )
    return (group, op, rank, fact.at, fact.kind.value, *said)
