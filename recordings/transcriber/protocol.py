"""What a transcriber is: audio in, spoken segments with times out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """One stretch of speech. Times are milliseconds from the start; confidence is 0 to 1, linear.

    `speaker` is None where the engine cannot tell voices apart: the declared speaker holds.
    """

    start_ms: int
    end_ms: int
    text: str
    confidence: float | None
    speaker: str | None = None


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
