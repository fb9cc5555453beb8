"""The line of the benchmark: candidates who answer quickly, and a clock on what is sent and asked.

A reaction is the time from sending the callback that ends an operation to the arrival of the
next command of the same call.
"""

import json
import random
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Self

import requests

from tests.emulators.acs import AcsEmulator
from tests.emulators.acs_callee import Happening, Scripted
from tests.emulators.acs_calls import Exchange
from tests.emulators.acs_delivery import Post, Postman, _post
from tests.emulators.acs_events import PREFIX, result
from tests.emulators.acs_http import Answer, Received

POSTMEN = 24  # lanes that deliver beside each other
LEAST_SECONDS, MOST_SECONDS = 1.5, 2.5  # that one operation lasts, before the reaction to it
REACTION_SECONDS = 0.3  # that are allowed for
TOKEN_SECONDS = 60.0
ENDING = {
    PREFIX + name
    for name in ("CallConnected", "RecognizeCompleted", "RecognizeFailed", "PlayCompleted")
}
RECORDS = PREFIX + "RecordingStateChanged"
COMMANDS = {"recognize", "play", "start_recording", "hang_up"}
ANSWER = "I looked at the log, found the cause, repaired it and told everybody what I had learned."


class Candidate(Scripted):
    """Agrees to everything and answers each question in one go; everything takes about 2 s."""

    def __init__(self) -> None:
        super().__init__(
            says=["1", "yes", "1", *(word for _ in range(99) for word in (ANSWER, ""))]
        )

    def ring(self) -> Sequence[Happening]:
        return [Happening(0.5, "CallConnected", result(200, 0))]

    def listen(self, texts: list[str]) -> Sequence[Happening]:
        return [_in_time(happening) for happening in super().listen(texts)[1:]]

    def answer(
        self, texts: list[str], *, language: str, keys_only: bool, patience: int
    ) -> Sequence[Happening]:
        came = super().answer(texts, language=language, keys_only=keys_only, patience=patience)
        return [_in_time(happening) for happening in came]


def _in_time(happening: Happening) -> Happening:
    seconds = random.uniform(LEAST_SECONDS, MOST_SECONDS)
    return Happening(seconds, happening.name, happening.data, happening.ends)


@dataclass
class Seen:
    """What was measured between begin and end; times in milliseconds."""

    callbacks: int = 0
    refused: int = 0
    begun: int = 0
    over: int = 0
    objections: int = 0
    own_cpu: float = 0.0
    reactions: list[float] = field(default_factory=list)
    doors: list[float] = field(default_factory=list)

    def share(self, times: list[float], part: float) -> float:
        """Return the time within which this part of them stayed."""
        return sorted(times)[min(int(len(times) * part), len(times) - 1)] if times else 0.0

    def in_words(self, times: list[float]) -> str:
        """Return the median, the slow ones and the slowest."""
        return " / ".join(f"{self.share(times, part):.0f}" for part in (0.5, 0.95, 0.99))


class TimedPostman(Postman):
    """Tells when each event leaves and how it was answered."""

    phones: "Phones"

    def _deliver(self, session: requests.Session, post: Post) -> None:
        happened = post.happens()
        if happened:
            (event,) = json.loads(post.body)
            self.phones.leaves(event)
            began = time.perf_counter()
            status = _post(session, post)
            self.phones.answered(status, time.perf_counter() - began)
        with self._changed:
            self._under_way -= 1


class TimedEmulator(AcsEmulator):
    """Tells when each command arrives."""

    phones: "Phones"

    def answer(self, received: Received) -> Answer:
        self.phones.arrives(received)
        return super().answer(received)


class Phones(AbstractContextManager["Phones"]):
    """So many calls at once that their callbacks come at the wanted rate."""

    def __init__(self, per_second: float) -> None:
        cycle = (LEAST_SECONDS + MOST_SECONDS) / 2 + REACTION_SECONDS
        self.at_once = round(per_second * cycle)
        self.over = self.begun = self.planned_before = 0
        self.is_measuring = False
        self._seen = Seen()
        self._ended_at: dict[str, float] = {}
        self._lock = threading.Lock()
        self._emulator = emulator = TimedEmulator()
        emulator.phones = self
        emulator.postman = postman = TimedPostman(workers=POSTMEN)
        postman.phones = self
        emulator.exchange = Exchange(postman, emulator.signer)
        emulator.exchange.pace = 1.0
        emulator.exchange.callee = lambda _: Candidate()
        self._token, self._token_until = "", 0.0
        emulator.exchange._authority = self._authority  # type: ignore[method-assign]
        emulator.exchange.tapes._authority = self._authority

    @property
    def connection_string(self) -> str:
        """What AZURE_ACS_CONNECTION_STRING takes."""
        return self._emulator.connection_string

    @property
    def resource_id(self) -> str:
        """Whose events these are."""
        return self._emulator.resource_id

    def jwks(self) -> bytes:
        """Return the keys that events are signed with."""
        return self._emulator.jwks()

    def __enter__(self) -> Self:
        self._emulator.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._emulator.__exit__(*raised)

    def begin(self) -> None:
        """Count from now on."""
        with self._lock:
            self._seen, self.is_measuring = Seen(), True
            self._seen.own_cpu = -time.process_time()
            self._counted = (self.begun, self.over, len(self._emulator.objections))

    def end(self) -> Seen:
        """Return what was counted."""
        with self._lock:
            seen, self._seen = self._seen, Seen()
            seen.own_cpu += time.process_time()
            begun, over, objections = self._counted
            seen.begun, seen.over = self.begun - begun, self.over - over
            seen.objections = len(self._emulator.objections) - objections
        return seen

    def leaves(self, event: dict[str, Any]) -> None:
        """Note that an event is being sent."""
        name, data = event["type"], event["data"]
        with self._lock:
            if name in ENDING or (name == RECORDS and data["state"] == "active"):
                self._ended_at[data["callConnectionId"]] = time.perf_counter()
            self.begun += name == PREFIX + "CallConnected"
            self.over += name == PREFIX + "CallDisconnected"

    def answered(self, status: int, seconds: float) -> None:
        """Note how an event was received."""
        with self._lock:
            self._seen.callbacks += 1
            self._seen.refused += status != 200
            self._seen.doors.append(1000 * seconds)

    def arrives(self, received: Received) -> None:
        """Note that a command has come."""
        if received.command not in COMMANDS:
            return
        call = received.subject or received.body["callConnectionId"]
        with self._lock:
            ended_at = self._ended_at.pop(call, None)
            if ended_at is not None:
                self._seen.reactions.append(1000 * (time.perf_counter() - ended_at))

    def _authority(self) -> dict[str, str]:
        """Return a token that is made once a minute: signing is not what is measured."""
        if time.monotonic() > self._token_until:
            self._token = self._emulator.signer.token()
            self._token_until = time.monotonic() + TOKEN_SECONDS
        return {"Authorization": f"Bearer {self._token}"}
