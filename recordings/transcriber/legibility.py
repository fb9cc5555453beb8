"""Whether a draft is good enough to be corrected, or has to be written by a person."""

from collections.abc import Sequence

from recordings.transcriber.protocol import SpokenSegment

LEAST_CONFIDENCE = 0.65  # below it most words of the offline recogniser are wrong
LEAST_WORDS = 8


def is_too_unclear(segments: Sequence[SpokenSegment]) -> bool:
    """Return whether a draft has too few words, or too little confidence (mean over its words)."""
    words = [_count_words(segment.text) for segment in segments]
    if sum(words) < LEAST_WORDS:
        return True
    known = [
        (count, s.confidence)
        for count, s in zip(words, segments, strict=True)
        if s.confidence is not None
    ]
    weighed = sum(count for count, _ in known)
    if not weighed:
        return False
    return sum(count * value for count, value in known) / weighed < LEAST_CONFIDENCE


def _count_words(text: str) -> int:
    return sum(any(char.isalnum() for char in word) for word in text.split())
