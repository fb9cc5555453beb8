"""Tones in the rhythm of speech: they tell that somebody speaks, and never what is said."""

import math
import re
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

Samples: TypeAlias = "array[int]"  # signed, 16 bits

RATE = 16_000  # samples per second
PER_MS = RATE // 1000
STEP_HZ = 5  # few different tones, each made once
CHARACTERS_PER_SECOND = 13
LEAST_MS, PAUSE_MS = 300, 350
LOUDNESS = 3_500  # of 32 767: softer than the voices in the files
SYLLABLE = 3  # characters
_WORD = re.compile(r"\S+")
_ENDS = (".", "!", "?", "…")
_MELODY = (1.0, 1.07, 0.95, 1.02)
_OVERTONES = ((1, 0.65), (2, 0.25), (3, 0.1))  # the loudnesses of a vowel-like sound: 1 together


def tones_ms(sentence: str) -> int:
    """Return how long the tones of a sentence last, with the pause at its end."""
    return _spoken_ms(sentence) + _pause_ms(sentence)


def tones(sentence: str, pitch_hz: int) -> Iterator[Samples]:
    """Yield a tone for each syllable or so, silence between the words."""
    spoken_ms = _spoken_ms(sentence)
    at = 0
    for number, (start, end) in enumerate(_syllables(sentence)):
        first, last = (place * spoken_ms // len(sentence) for place in (start, end))
        yield silence((first - at) * PER_MS)
        falling = 1.1 - 0.2 * start / len(sentence)
        hz = pitch_hz * falling * _MELODY[number % len(_MELODY)]
        yield _tone((last - first) * PER_MS, round(hz / STEP_HZ) * STEP_HZ)
        at = last
    yield silence((spoken_ms - at + _pause_ms(sentence)) * PER_MS)


def silence(samples: int) -> Samples:
    """Return that many samples without sound."""
    return array("h", bytes(2 * samples))


def _spoken_ms(sentence: str) -> int:
    return max(LEAST_MS, len(sentence) * 1000 // CHARACTERS_PER_SECOND) if sentence else 0


def _pause_ms(sentence: str) -> int:
    return PAUSE_MS if sentence.endswith(_ENDS) else 0


def _syllables(sentence: str) -> Iterator[tuple[int, int]]:
    """Yield where each begins and ends, in characters of the sentence."""
    for word in _WORD.finditer(sentence):
        length = word.end() - word.start()
        parts = max(1, round(length / SYLLABLE))
        for part in range(parts):
            yield (
                word.start() + part * length // parts,
                word.start() + (part + 1) * length // parts,
            )


@lru_cache(maxsize=256)
def _tone(samples: int, hz: int) -> Samples:
    """Return a tone that swells and fades like a syllable. It is shared: never change it."""
    turn = 2 * math.pi * hz / RATE
    fade = 2 * math.pi / samples
    return array(
        "h",
        (
            int(
                LOUDNESS
                * (0.5 - 0.5 * math.cos(fade * at))
                * sum(loudness * math.sin(turn * part * at) for part, loudness in _OVERTONES)
            )
            for at in range(samples)
        ),
    )
