"""Where a call stands, and what is to be done next on the line."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from interviews.calls.plan import Plan, PlannedTurn


class Phase(StrEnum):
    """How far the conversation has come."""

    DIALLING = "dialling"
    GREETING = "greeting"  # a person, not a machine?
    CONSENT = "consent"
    ASSESSMENT = "assessment"  # may software compare the words with the scales?
    RECORDING = "recording"  # waiting for the recording to begin
    CONVERSATION = "conversation"
    GOODBYE = "goodbye"
    HANGING_UP = "hanging_up"
    OVER = "over"


class Outcome(StrEnum):
    """How a call ended."""

    COMPLETED = "completed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    HUNG_UP_EARLY = "hung_up_early"
    CONSENT_REFUSED = "consent_refused"
    STOPPED = "stopped"  # by a person of ours
    FAILED = "failed"


class Fault(StrEnum):
    """Whose fault a failed call is."""

    NONE = ""
    NETWORK = "network"
    PROVIDER = "provider"
    OURS = "ours"
    UNKNOWN = "unknown"


class OpKind(StrEnum):
    """What is done on the line."""

    ASK = "ask"  # say something (or nothing), then listen
    SAY = "say"
    RECORD = "record"
    HANG_UP = "hang_up"


Listening = Literal["", "keys", "speech_or_keys"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do on the line. Numbers count from 1 and are never used twice in a call.

    It has ended when the line says so, or after `ceiling_seconds` of wall clock; one media
    operation runs at a time, and with `interrupts` the one before is cancelled first.
    """

    number: int
    kind: OpKind
    text: str = ""
    listens: Listening = ""
    initial_silence_seconds: int = 0
    end_silence_seconds: int = 0
    ceiling_seconds: int = 30
    interrupts: bool = False
    turn_id: str = ""
    about: str = ""  # which sentence this is, for the timeline: greeting, consent, question ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one turn. Times are the line's; `text` is what its recogniser understood."""

    turn_id: str
    how: Literal["answered", "skipped", "silent"]
    text: str
    asked_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """One question of consent and its answer: `given_as` is the key or the words."""

    purposes: tuple[str, ...]
    agreed: bool
    given_as: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How often something happened since the last question (of ours, or of the guide) was new."""

    asked: int = 0
    silences: int = 0
    repeats: int = 0  # that the candidate wished for
    moments: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class CallState:
    """Everything that follows from the facts. `wanted` is the operation that is to run now.

    With `wants_turn` the next turn has to be chosen first, after operation `op`.
    """

    plan: Plan
    phase: Phase = Phase.DIALLING
    op: int = 0
    wanted: Operation | None = None
    wants_turn: bool = False
    counts: Counts = field(default_factory=Counts)
    unended: bool = False  # what ran last was given up: the next operation interrupts it
    turn: PlannedTurn | None = None  # the open one
    asked_at: datetime | None = None
    listening_since: datetime | None = None  # since when the candidate may answer
    heard: tuple[str, ...] = ()
    answering: bool = False  # heard in time: words that come too late fill in, and steer nothing
    lead_in: str = ""  # the sentence before the next question
    answers: tuple[Answer, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    recording_id: str = ""
    recording_started_at: datetime | None = None
    all_asked: bool = False
    leaving: int = 0  # the operation with which it goes to its end
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None  # as things stand; final once the phase is OVER
    fault: Fault = Fault.NONE
    code: str = ""
    remark: str = ""  # why it goes to its end, for the timeline
