"""The other end of a call: the network, a recogniser, and a candidate who follows a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from interviews.calls.facts import FactKind
from interviews.calls.plan import Plan, PlannedTurn
from interviews.calls.state import Operation, OpKind
from tests.interviews.calls import events

if TYPE_CHECKING:
    from tests.interviews.calls.harness import World

SILENCE, NOISE, FOREVER = "(silence)", "(noise)", "(forever)"
TURNS = tuple(
    PlannedTurn(f"t{number}", number, "question", f"Please tell me about case {number}.", 60)
    for number in (1, 2, 3)
)
PLAN = Plan(
    language="en",
    organisation="Acme",
    job="Nurse",
    contact="",
    consent_version="phone-2026-11-24",
    max_seconds=1800,
)


@dataclass(frozen=True)
class Script:
    """A candidate, and what else happens. The last reaction to a subject is repeated.

    A reaction is words, a key ("key 1"), a fault ("fault 8565"), "hang up" or one of the names
    above. `asked` is by subject (greeting, consent, assessment, a turn), `more` is said when the
    line listens on after a part of an answer.
    """

    name: str
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    more: Mapping[str, Sequence[str]] = field(default_factory=dict)
    refuses: int = 0  # the code with which it is never connected
    plan: Plan = PLAN
    turns: Sequence[PlannedTurn] = TURNS
    # Two seconds after this subject is asked about for the first time ("ringing": while it rings):
    stopped_in: str = ""  # we stop the call
    stopped_after: float = 2
    ceiling_in: str = ""  # the call has lasted long enough
    breaks_in: str = ""  # the network ends the call


class Line:
    """What is at the other end: the network, a recogniser, and a candidate who follows a script."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alive = False
        self.given_up = False  # hung up while it rang
        self.recording = False
        self.running = 0  # the media operation
        self.reactions = {
            (kind, subject): list(reactions)
            for kind, of_kind in (("asked", world.script.asked), ("more", world.script.more))
            for subject, reactions in of_kind.items()
        }

    def answer(self) -> None:
        code = self.world.script.refuses
        if code:
            self.world.emit("CreateCallFailed", **events.result(code % 1000, code))
            return
        if self.given_up:
            self.world.emit("CreateCallFailed", **events.result(487, 560487))
            return
        self.alive = True
        self.world.emit("ParticipantsUpdated", participants=[])
        self.world.emit("CallConnected", **events.result(200, 0))

    def end(self, code: int, sub_code: int) -> None:
        if self.alive:
            self.alive = False
            self.world.emit("CallDisconnected", **events.result(code, sub_code))

    def perform(self, operation: Operation) -> None:
        if operation.kind is OpKind.HANG_UP:
            self.given_up = True
            self.end(200, 7000)
        elif operation.kind is OpKind.RECORD:
            self.record(operation)
        else:
            self.play(operation)

    def record(self, operation: Operation) -> None:
        if self.recording:
            number = operation.number
            refuse = FactKind.REFUSED
            self.world.later(0, lambda: self.world.note(refuse, number, code="already_recording"))
            return
        self.recording = True
        started_at = self.world.moment.isoformat()
        self.world.emit(
            "RecordingStateChanged",
            state="active",
            recordingId=events.RECORDING,
            startDateTime=started_at,
        )

    def play(self, operation: Operation) -> None:
        if operation.interrupts:
            self.cancel()
        assert not self.running, "one media operation at a time"
        self.running = operation.number
        seconds = len(operation.text) / 14
        if operation.kind is OpKind.SAY:
            self.ends(operation, seconds, "PlayCompleted", **events.result(200, 0))
        else:
            self.react(operation, seconds, self.reaction(operation))

    def cancel(self) -> None:
        if self.running:
            number, self.running = self.running, 0
            kind = self.world.operations[number].kind
            name = "PlayCanceled" if kind is OpKind.SAY else "RecognizeCanceled"
            self.world.emit(name, op=number, **events.result(400, 8508))

    def reaction(self, operation: Operation) -> str:
        kind = "more" if operation.about in ("listening", "moment") else "asked"
        subject = self.world.subject(operation.number)
        left = self.reactions.get((kind, subject), [SILENCE if kind == "more" else "I did it."])
        return left.pop(0) if len(left) > 1 else left[0]

    def react(self, operation: Operation, seconds: float, reaction: str) -> None:
        silence = seconds + operation.initial_silence_seconds
        word, _, detail = reaction.partition(" ")
        if reaction == FOREVER:
            return
        if reaction == "hang up":
            self.world.later(seconds + 1, lambda: self.end(200, 560000))
        elif reaction in (SILENCE, NOISE):
            code = 8510 if reaction == SILENCE else 8563
            self.ends(operation, silence, "RecognizeFailed", **events.result(400, code))
        elif word == "fault":
            self.ends(operation, 1, "RecognizeFailed", **events.result(500, int(detail)))
        elif word == "key":
            self.ends(operation, seconds + 1, "RecognizeCompleted", **events.pressed(detail))
        else:
            spoken = seconds + len(reaction) / 10
            self.ends(operation, spoken, "RecognizeCompleted", **events.said(reaction))

    def ends(self, operation: Operation, seconds: float, name: str, **data: Any) -> None:
        """Tell how an operation ended, unless it is cancelled or the call is over before."""

        def end() -> None:
            if self.alive and self.running == operation.number:
                self.running = 0
                self.world.emit(name, op=operation.number, **data)

        self.world.later(seconds, end)
