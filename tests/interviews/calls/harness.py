"""A whole call in memory: a clock, a line with a scripted candidate, a bad delivery, the machine.

The conductor does what the product's services do, without a database: it keeps events, folds them,
runs each wanted operation once, and notes what ran out of time.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from interviews.calls.dialect import own_fact, read_event
from interviews.calls.facts import Fact, FactKind
from interviews.calls.machine import fold
from interviews.calls.state import CallState, Operation, OpKind, Phase
from tests.interviews.calls import events
from tests.interviews.calls.line import Line, Script

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Weather:
    """How badly events are delivered: shares of them, and seconds."""

    doubled: float = 0
    late: float = 0
    lateness: float = 0
    lost: float = 0


CALM = Weather()


class World:
    """One call from dialling to its end."""

    def __init__(self, script: Script, *, seed: int = 0, weather: Weather = CALM) -> None:
        self.script, self.weather = script, weather
        self.chance = random.Random(f"{script.name}-{seed}")
        self.now = 0.0
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self.emitted = 0
        self.bodies: dict[str, bytes] = {}
        self.facts: list[Fact] = []
        self.folded: tuple[int, CallState] | None = None
        self.operations: dict[int, Operation] = {}
        self.contradictions: list[str] = []
        self.unheard: Counter[str] = Counter()  # how often a subject ended without being heard
        self.lost: list[str] = []
        self.line = Line(self)
        self.turns_left = list(script.turns)
        self.seen: set[str] = set()

    def run(self) -> CallState:
        self.keep(Fact(FactKind.PLANNED, self.moment, data=self.script.plan.as_data()))
        self.later(3, self.line.answer)
        self.later(90, self.look_at_ringing)
        self.happen_in("ringing")
        while self.agenda and self.now < 20_000:
            self.now, _, do = heapq.heappop(self.agenda)
            do()
        return self.state

    @property
    def moment(self) -> datetime:
        return START + timedelta(seconds=self.now)

    @property
    def state(self) -> CallState:
        if self.folded is None or self.folded[0] != len(self.facts):
            self.folded = (len(self.facts), fold(self.facts))
        return self.folded[1]

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.emitted += 1
        heapq.heappush(self.agenda, (self.now + seconds, self.emitted, do))

    def emit(self, name: str, *, op: int = 0, **data: Any) -> None:
        """Send an event on its way: it may be lost, doubled or late."""
        self.emitted += 1
        body = events.event(name, self.emitted, self.moment, op=op, **data)
        if self.chance.random() < self.weather.lost:
            self.lost.append(name)
            if name.startswith("Recognize"):
                self.unheard[self.subject(op)] += 1
            return
        if name == "RecognizeFailed":
            self.unheard[self.subject(op)] += 1
        for _ in range(2 if self.chance.random() < self.weather.doubled else 1):
            is_late = self.chance.random() < self.weather.late
            delay = 0.1 + (self.chance.random() * self.weather.lateness if is_late else 0)
            self.later(delay, lambda: self.receive(body))

    def subject(self, op: int) -> str:
        return self.operations[op].turn_id or self.operations[op].about

    def receive(self, body: bytes) -> None:
        event = read_event(body, self.moment)
        if event.event_id not in self.bodies:
            self.bodies[event.event_id] = body
            self.facts.append(event.fact)
            self.go_on()

    def keep(self, fact: Fact) -> None:
        """Keep a fact of our own, as it is read back."""
        event = read_event(own_fact(fact))
        assert event.fact == fact
        if event.event_id not in self.bodies:
            self.bodies[event.event_id] = own_fact(fact)
            self.facts.append(event.fact)

    def note(self, kind: FactKind, op: int | None = None, **values: Any) -> None:
        state = self.state
        if state.phase is not Phase.OVER:
            running = state.wanted.number if state.wanted else state.op
            self.keep(Fact(kind, self.moment, running if op is None else op, **values))
            self.go_on()

    def go_on(self) -> None:
        state = self.state
        while state.wants_turn:
            self.keep(self.chosen(state))
            if self.state == state:
                break
            state = self.state
        if state.wanted is None:
            return
        if state.wanted.number in self.operations:
            if self.operations[state.wanted.number] != state.wanted:
                self.contradictions.append(f"{self.operations[state.wanted.number]} {state.wanted}")
            return
        self.perform(state.wanted)

    def chosen(self, state: CallState) -> Fact:
        if not self.turns_left:
            return Fact(FactKind.NO_MORE_TURNS, self.moment, state.op)
        data = self.turns_left.pop(0).as_data()
        return Fact(FactKind.TURN, self.moment, state.op, data=data)

    def perform(self, operation: Operation) -> None:
        self.operations[operation.number] = operation
        self.happen_in(self.subject(operation.number))
        self.later(operation.ceiling_seconds, lambda: self.look_at(operation))
        if self.line.alive or operation.kind is OpKind.HANG_UP:
            self.line.perform(operation)
        else:
            self.later(0.1, self.find_gone)

    def look_at(self, operation: Operation) -> None:
        wanted = self.state.wanted
        if wanted is None or wanted.number != operation.number:
            return
        if not self.line.alive:
            self.find_gone()
        else:
            self.note(FactKind.TIMED_OUT, operation.number)

    def look_at_ringing(self) -> None:
        if self.state.phase is Phase.DIALLING:
            how = "connected" if self.line.alive else "gone"
            self.note(FactKind.SETTLED, 0, data={"how": how})

    def find_gone(self) -> None:
        self.note(FactKind.SETTLED, 0, data={"how": "gone"})

    def happen_in(self, subject: str) -> None:
        """Let happen what the script has for a subject that is new."""
        if subject in self.seen:
            return
        self.seen.add(subject)
        script = self.script
        if script.stopped_in == subject:
            self.later(script.stopped_after, lambda: self.note(FactKind.STOP))
        if script.ceiling_in == subject:
            self.later(2, lambda: self.note(FactKind.CEILING))
        if script.breaks_in == subject:
            self.later(2, lambda: self.line.end(503, 560503))
