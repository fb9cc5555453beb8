"""What Azure Speech heard, as it tells it: unchecked, in our units. Imports nothing of Django's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TICKS_PER_MS = 10_000  # the service counts in 100 ns
# What reading a document that is not as it should be may raise, also a number like 1e999.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


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


def words_of_sdk(words: Any) -> tuple[HeardWord, ...]:
    """Return the timed words of a reading in the detailed format; none where they are unreadable.

    Words only refine a phrase, so that they never cost it.
    """
    return _read(words, _word_of_sdk)


def words_of_rest(words: Any) -> tuple[HeardWord, ...]:
    """Return the timed words of fast transcription, which tells no confidence of a word."""
    return _read(words, _word_of_rest)


def _read(words: Any, read: Callable[[Mapping[str, Any]], HeardWord]) -> tuple[HeardWord, ...]:
    try:
        return tuple(read(word) for word in words or ())
    except UNREADABLE:
        return ()


def _word_of_sdk(word: Mapping[str, Any]) -> HeardWord:
    start, lasting = int(word["Offset"]), int(word["Duration"])
    until_ms = (start + lasting) // TICKS_PER_MS
    return HeardWord(
        str(word["Word"]), start // TICKS_PER_MS, until_ms, share(word.get("Confidence"))
    )


def _word_of_rest(word: Mapping[str, Any]) -> HeardWord:
    start_ms, lasting_ms = int(word["offsetMilliseconds"]), int(word["durationMilliseconds"])
    return HeardWord(str(word["text"]), start_ms, start_ms + lasting_ms)


def share(told: Any) -> float | None:
    """Return a confidence as a number, None where it is not told."""
    return None if told is None else float(told)
