"""Who is called, as the emulator sees them: what they do becomes what happens on the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.emulators.acs_events import result
from tests.emulators.acs_recordings import two_channels

SECONDS_PER_CHARACTER = 0.06
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TONES = {**{str(place): name for place, name in enumerate(DIGITS)}, "*": "asterisk", "#": "pound"}


@dataclass(frozen=True)
class Happening:
    """An event `after_seconds` of the line's own time. `ends`: the media operation, or the call."""

    after_seconds: float
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    ends: str = ""  # media | call


class Callee(Protocol):
    """Somebody at the other end. Each method returns what follows from it, in order."""

    def wait(self, lasted: float) -> None:
        """So many seconds of the call have passed by the line's own clock."""

    def ring(self) -> Sequence[Happening]:
        """The telephone rings."""

    def listen(self, texts: list[str]) -> Sequence[Happening]:
        """Nothing but listening."""

    def answer(
        self, texts: list[str], *, language: str, keys_only: bool, patience: int
    ) -> Sequence[Happening]:
        """The prompts were said, and there are `patience` seconds to begin an answer."""

    def record(self, recording_id: str) -> int | None:
        """A recording begins: return the sub-code of what prevents it."""

    def end(self) -> Sequence[Happening]:
        """We hang up: return what follows, nothing for a plain end."""

    def sound(self) -> bytes:
        """Return what was recorded, as a WAV file."""


@dataclass
class Scripted:
    """Somebody who says one thing after another: a key ("1"), words, or nothing at all ("").

    `ringing` is what comes of the call instead of an answer: a code and a sub-code. When nothing is
    left to say, there is silence; `hang-up` ends the call.
    """

    says: list[str] = field(default_factory=lambda: ["1"])
    ringing: tuple[int, int] | None = None
    wav: bytes = field(default_factory=two_channels)
    heard: list[str] = field(default_factory=list)

    def wait(self, lasted: float) -> None:
        """Have no clock."""

    def ring(self) -> Sequence[Happening]:
        if self.ringing is None:
            return [Happening(3.0, "CallConnected", result(200, 0))]
        code, sub_code = self.ringing
        return [Happening(3.0, "CreateCallFailed", result(code, sub_code, sip=code), ends="call")]

    def listen(self, texts: list[str]) -> Sequence[Happening]:
        self.heard += texts
        return [
            Happening(0.2, "PlayStarted", result(200, 0)),
            Happening(_spoken(texts), "PlayCompleted", result(200, 0), ends="media"),
        ]

    def answer(
        self, texts: list[str], *, language: str, keys_only: bool, patience: int
    ) -> Sequence[Happening]:
        self.heard += texts
        said, lasts = (self.says.pop(0) if self.says else ""), _spoken(texts)
        if said == "hang-up":
            return [Happening(lasts, "CallDisconnected", result(487, 560000), ends="call")]
        if said in TONES:
            return [Happening(lasts + 1.0, "RecognizeCompleted", _pressed(said), ends="media")]
        if not said or keys_only:
            failed = result(400, 8510)
            return [Happening(lasts + patience, "RecognizeFailed", failed, ends="media")]
        done = Happening(lasts + _spoken([said]), "RecognizeCompleted", _said(said), ends="media")
        return [done]

    def record(self, recording_id: str) -> int | None:
        return None

    def end(self) -> Sequence[Happening]:
        return []

    def sound(self) -> bytes:
        return self.wav


def _spoken(texts: list[str]) -> float:
    return sum(map(len, texts)) * SECONDS_PER_CHARACTER


def _pressed(key: str) -> dict[str, Any]:
    tones = {"recognitionType": "dtmf", "dtmfResult": {"tones": [TONES[key]]}}
    return tones | result(200, 8531)


def _said(words: str) -> dict[str, Any]:
    speech = {"recognitionType": "speech", "speechResult": {"speech": words, "confidence": 0.93}}
    return speech | result(200, 8569)
