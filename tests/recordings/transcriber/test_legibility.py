"""Drafts that a person can correct, and drafts that a person has to write."""

import pytest

from recordings.transcriber.legibility import is_too_unclear
from recordings.transcriber.protocol import SpokenSegment


def said(text: str, *, confidence: float | None) -> SpokenSegment:
    return SpokenSegment(start_ms=0, end_ms=1000, text=text, confidence=confidence)


@pytest.mark.parametrize(
    ("segments", "too_unclear"),
    [
        ([], True),
        ([said("one two three four five six seven", confidence=0.99)], True),
        ([said("one two three four five six seven eight", confidence=0.99)], False),
        ([said("one two three four five six seven eight", confidence=0.64)], True),
        ([said("one two three four five six seven eight", confidence=None)], False),
        # Words decide, not segments: one unsure word beside nine sure ones.
        ([said("no", confidence=0.1), said("one two three four " * 3, confidence=0.8)], False),
        ([said("...", confidence=0.9)] * 20, True),
    ],
)
def test_a_draft_without_enough_sure_words_is_too_unclear(segments, too_unclear):
    assert is_too_unclear(segments) is too_unclear
