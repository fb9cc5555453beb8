"""Sounds of calls: files as a line writes them, each side on a channel of its own."""

import io
import math
import wave
from array import array
from pathlib import Path

RATE = 16_000
LOUDNESS = 9_000


def samples_of(path: Path) -> "array[int]":
    """Return the 16-bit samples of a mono WAV file."""
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return array("h", file.readframes(file.getnframes()))


def tone(count: int, hertz: int = 440) -> "array[int]":
    """Return so many samples of a tone."""
    step = 2 * math.pi * hertz / RATE
    return array("h", (round(LOUDNESS * math.sin(step * at)) for at in range(count)))


def silence(count: int) -> "array[int]":
    """Return so many samples of nothing."""
    return array("h", bytes(2 * count))


def unmixed(*channels: "array[int]", rate: int = RATE) -> bytes:
    """Return a WAV file with these channels; shorter ones end in silence."""
    longest = max(len(channel) for channel in channels)
    woven = array("h", bytes(2 * longest * len(channels)))
    for place, channel in enumerate(channels):
        woven[place : len(channel) * len(channels) : len(channels)] = channel
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(woven.tobytes())
    return target.getvalue()
