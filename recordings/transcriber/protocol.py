"""What a transcriber is: audio in, spoken segments with times out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as it was heard. Milliseconds from the start; confidence is 0 to 1, linear."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """One stretch of speech. Times are milliseconds from the start; confidence is 0 to 1, linear.

    `voice` is a label that the engine gives to one voice within this recording, empty where it
    tells no voices apart: it is nobody's name. `words` may be missing, all or some of them.
    """

    start_ms: int
    end_ms: int
    text: str
    confidence: float | None
    voice: str = ""
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcription:
    """All segments in order of time, and what produced them."""

    segments: tuple[SpokenSegment, ...]
    language: str
    model: str


class Transcriber(Protocol):
    """Writes down what was said; never writes rows."""

    name: str
    label: str  # shown wherever its words are shown
    is_draft: bool  # True: a person must confirm every word before it may be scored

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def transcribe(self, audio: Path, *, language: str) -> Transcription:
        """Return what is said in the audio file at `audio`.

        Raises PermanentFailure (the audio can never be transcribed) or RetryLater.
        """
