"""The sound of a simulated call: what was said on each side, as a WAV with two channels.

A text is heard from its file where there is one, as a whole or sentence by sentence
(audio/README.md); what has none is heard as tones.
"""

import json
import re
import wave
from array import array
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from interviews.callroom.simulated.tones import PER_MS, RATE, Samples, silence, tones, tones_ms

CANDIDATE, OURS = 0, 1  # channels
CHANNELS = 2
SAMPLE_BYTES = 2
BLOCK = RATE  # samples of each channel that are mixed and written at once
LONGEST_MS = 12 * 60 * 60 * 1000  # far above any call, and a WAV's sizes end at 4 GiB
PITCHES_HZ = {CANDIDATE: 115, OURS: 190}
AUDIO = Path(__file__).parent / "audio"
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_LOUDEST = 32_767


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one side said. The sound ends at `end_ms`: earlier than its text if it was cut off."""

    channel: int
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    length_ms: int


_registered: dict[str, _File] = {}
_unmeasured: dict[str, Path] = {}


def text_key(text: str) -> str:
    """Return what a text's file is found by (hex): the same however its white space is written."""
    return sha256(" ".join(text.split()).encode()).hexdigest()


def length_ms(text: str) -> int:
    """Return how long the text takes to be spoken; 0 if there is nothing to speak.

    Raises OSError or ValueError for a registered file that has to be measured and cannot be read.
    """
    return sum(_part_ms(part) for part in _parts(text))


def register(text: str, path: Path, length_ms: int | None = None) -> None:
    """Let a text be heard from a file of sound, for this process; it is measured when needed.

    The file is trusted: it comes with the product, never from outside.
    """
    key = text_key(text)
    _registered.pop(key, None)
    _unmeasured.pop(key, None)
    if length_ms is None:
        _unmeasured[key] = path
    else:
        _registered[key] = _File(path, length_ms)


def write_wav(target: BinaryIO, spoken: Sequence[Spoken], duration_ms: int) -> None:
    """Write 16-bit PCM, the candidate on the first channel and our side on the second.

    16 kHz, as prompts for a telephone line are made: it holds all that a line lets through, and it
    is what recognisers take. Memory does not grow with the length. What overlaps on a channel is
    added up and clipped; what reaches over the end is cut. Raises ValueError for times and channels
    that cannot be, and OSError or ValueError for a registered file that cannot be read.
    """
    _check(spoken, duration_ms)
    frames = _samples(duration_ms)
    sides = [_Side([one for one in spoken if one.channel == side]) for side in range(CHANNELS)]
    with wave.open(target, "wb") as out:
        out.setparams((CHANNELS, SAMPLE_BYTES, RATE, frames, "NONE", "not compressed"))
        for start in range(0, frames, BLOCK):
            out.writeframesraw(_interleaved(sides, start, min(BLOCK, frames - start)))


def _check(spoken: Sequence[Spoken], duration_ms: int) -> None:
    if not 0 <= duration_ms <= LONGEST_MS:
        raise ValueError("A call's recording has 0 to 12 hours.")
    if any(one.start_ms < 0 or one.channel not in PITCHES_HZ for one in spoken):
        raise ValueError("Speech begins in the recording, on one of two channels.")


def _interleaved(sides: Sequence["_Side"], start: int, samples: int) -> Samples:
    both = silence(CHANNELS * samples)
    for channel, side in enumerate(sides):
        both[channel::CHANNELS] = side.block(start, samples)
    return both


class _Side:
    """One channel, asked for block after block."""

    def __init__(self, spoken: Sequence[Spoken]) -> None:
        self._waiting = deque(sorted(spoken, key=lambda one: one.start_ms))
        self._speaking: list[_Voice] = []

    def block(self, start: int, samples: int) -> Samples:
        """Return the samples from `start` on."""
        block = silence(samples)
        end = start + samples
        while self._waiting and _samples(self._waiting[0].start_ms) < end:
            self._speaking.append(_Voice(self._waiting.popleft()))
        for voice in self._speaking:
            voice.speak(block, start)
        self._speaking = [voice for voice in self._speaking if not voice.is_over]
        return block


class _Voice:
    """Somebody who says one thing."""

    def __init__(self, spoken: Spoken) -> None:
        self._start, self._end = _samples(spoken.start_ms), _samples(spoken.end_ms)
        self._pieces = _sound(spoken.text, PITCHES_HZ[spoken.channel])
        self._rest = silence(0)
        self.is_over = False

    def speak(self, block: Samples, start: int) -> None:
        """Add to the block what is said in it."""
        at = max(0, self._start - start)
        wanted = max(0, min(len(block), self._end - start) - at)
        heard = self._take(wanted)
        self.is_over = len(heard) < wanted or self._end <= start + len(block)
        if self.is_over:
            self._pieces.close()
        _add(block, at, heard)

    def _take(self, samples: int) -> Samples:
        """Return the next samples; fewer at the end of the sound."""
        while len(self._rest) < samples and (piece := next(self._pieces, None)) is not None:
            self._rest.extend(piece)
        taken, self._rest = self._rest[:samples], self._rest[samples:]
        return taken


def _add(block: Samples, at: int, heard: Samples) -> None:
    there = block[at : at + len(heard)]
    if any(there):
        both = (one + other for one, other in zip(there, heard, strict=True))
        heard = array("h", (max(-_LOUDEST, min(_LOUDEST, value)) for value in both))
    block[at : at + len(heard)] = heard


def _samples(milliseconds: int) -> int:
    return milliseconds * PER_MS


def _parts(text: str) -> list[str]:
    """Return what is spoken from one file, or as tones, each: the text, or else its sentences."""
    plain = " ".join(text.split())
    return [plain] if _file(plain) is not None else _SENTENCE_END.split(plain)


def _part_ms(part: str) -> int:
    found = _file(part)
    return tones_ms(part) if found is None else found.length_ms


def _sound(text: str, pitch_hz: int) -> Generator[Samples]:
    for part in _parts(text):
        found = _file(part)
        yield from tones(part, pitch_hz) if found is None else _decoded(found.path)


def _file(text: str) -> _File | None:
    key = text_key(text)
    unmeasured = _unmeasured.get(key)
    if unmeasured is not None:
        _registered[key] = _File(unmeasured, _measured_ms(unmeasured))
        _unmeasured.pop(key, None)
    return _registered.get(key) or _own_files().get(key)


@cache
def _own_files() -> Mapping[str, _File]:
    """Return the files of audio/ by the keys of their texts."""
    voices: dict[str, dict[str, int]] = json.loads((AUDIO / "index.json").read_bytes())
    return MappingProxyType(
        {
            (key := text_key(text)): _File(AUDIO / f"{key[:16]}.ogg", length)
            for texts in voices.values()
            for text, length in texts.items()
        }
    )


def _measured_ms(path: Path) -> int:
    return sum(map(len, _decoded(path))) // PER_MS


def _decoded(path: Path) -> Iterator[Samples]:
    """Yield the file's sound, all its channels as one; raises OSError or ValueError."""
    import av  # noqa: PLC0415 (no process has to load it before it makes a sound)

    with path.open("rb") as file:
        try:
            with av.open(file, mode="r") as container:
                resampler = av.AudioResampler("s16", "mono", RATE)
                for frame in chain(container.decode(audio=0), (None,)):
                    for out in resampler.resample(frame):
                        yield array("h", bytes(out.planes[0])[: out.samples * SAMPLE_BYTES])
        except av.FFmpegError as error:
            raise ValueError("This file of sound cannot be read.") from error
