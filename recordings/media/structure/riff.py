"""WAV: RIFF chunks, of which `data` holds the sound. Source: RIFF/WAVE, 1991."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from recordings.media.refusals import Refusal

# Writers to a pipe cannot know the length: they leave the largest number, or nearly.
UNKNOWN_FROM = 0x7FFF0000
MAX_CHUNKS = 4096


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless the chunks fill the file and `data` holds something."""
    file.seek(4)
    (declared,) = struct.unpack("<I", file.read(4))
    live = declared >= UNKNOWN_FROM
    end = size if live else _declared_end(declared, size)
    for name, start, length in _chunks(file, end):
        if name == b"data":
            _check_data(start, length, end, live=live)
            return
        if start + length > end:
            raise Refusal("damaged")
    raise Refusal("no_sound")


def _declared_end(declared: int, size: int) -> int:
    end = 8 + declared
    if declared == 0 or end > size + 1:
        raise Refusal("truncated")
    if size > end + 1:
        raise Refusal("polyglot")
    return min(end, size)


def _check_data(start: int, length: int, end: int, *, live: bool) -> None:
    if live and (length == 0 or length >= UNKNOWN_FROM):
        length = end - start
    if length == 0:
        raise Refusal("no_sound")
    if start + length > end:
        raise Refusal("truncated")


def _chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and length in bytes of each chunk; chunks are padded to even length."""
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > end:
            return
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        yield name, at + 8, length
        at += 8 + length + (length & 1)
    raise Refusal("damaged")
