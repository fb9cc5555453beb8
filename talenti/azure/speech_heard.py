"""What Azure Speech heard, as it tells it: unchecked, in our units. Imports nothing of Django's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TICKS_PER_MS = 10_000  # the service counts in 100 ns


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word. Milliseconds; confidence is 0 to 1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase. Milliseconds; confidence is 0 to 1; `voice` is the service's label of a voice."""

    start_ms: int
    end_ms: int
    text: str
    confidence: float | None
    voice: str = ""
    words: tuple[HeardWord, ...] = ()


def words_of_sdk(best: Mapping[str, Any]) -> list[HeardWord]:
    """Return the timed words of a reading in the detailed format.

    Raises KeyError, TypeError, ValueError or AttributeError for what cannot be read.
    """
    return [
        HeardWord(
            str(word["Word"]),
            int(word["Offset"]) // TICKS_PER_MS,
            (int(word["Offset"]) + int(word["Duration"])) // TICKS_PER_MS,
            share(word.get("Confidence")),
        )
        for word in best.get("Words") or ()
    ]


def words_of_rest(words: Iterable[Mapping[str, Any]]) -> list[HeardWord]:
    """Return the timed words of fast transcription, which tells no confidence of a word."""
    return [
        HeardWord(
            str(word["text"]),
            int(word["offsetMilliseconds"]),
            int(word["offsetMilliseconds"]) + int(word["durationMilliseconds"]),
        )
        for word in words
    ]


def share(told: Any) -> float | None:
    """Return a confidence as a number, None where it is not told."""
    return None if told is None else float(told)
