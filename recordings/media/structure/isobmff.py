"""MP4 and MOV: nested boxes. Source: ISO/IEC 14496-12 and Apple's QuickTime File Format."""

from collections.abc import Iterator
from typing import BinaryIO

from recordings.media.refusals import Refusal

MAX_BOXES = 200_000
TOP = frozenset(
    b"ftyp moov mdat free skip wide uuid moof mfra sidx styp meta pdin ssix emsg prft udta".split()
)
TO_DATA_REFERENCES = (b"trak", b"mdia", b"minf", b"dinf", b"dref")
SELF_CONTAINED = 1


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless known boxes fill the file, with an index that names no other file."""
    movie: tuple[int, int] | None = None
    has_data = False
    for kind, start, end in _boxes(file, 0, size):
        if kind not in TOP:
            raise Refusal("polyglot")
        if end > size:
            raise Refusal("truncated")
        if kind == b"moov":
            movie = (start, end)
        has_data = has_data or (kind == b"mdat" and end > start)
    if movie is None:
        raise Refusal("truncated")
    if not has_data:
        raise Refusal("no_sound")
    _check_movie(file, *movie)


def _check_movie(file: BinaryIO, start: int, end: int) -> None:
    for kind, _, _ in _boxes(file, start, end):
        if kind == b"cmov":  # a compressed index: nothing current writes it, and it hides its size
            raise Refusal("not_accepted")
    for at, stop in _descend(file, start, end, TO_DATA_REFERENCES):
        for _, entry, _ in _boxes(file, at + 8, stop):
            file.seek(entry)
            if not int.from_bytes(file.read(4), "big") & SELF_CONTAINED:
                raise Refusal("external_reference")


def _descend(
    file: BinaryIO, start: int, end: int, path: tuple[bytes, ...]
) -> Iterator[tuple[int, int]]:
    """Yield start and end of every box at the end of this path of kinds."""
    for kind, inner, stop in _boxes(file, start, end):
        if stop > end:
            raise Refusal("damaged")
        if kind == path[0] and len(path) == 1:
            yield inner, stop
        elif kind == path[0]:
            yield from _descend(file, inner, stop, path[1:])


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start of the payload and end of each box; size 0 means to the end."""
    for _ in range(MAX_BOXES):
        if at + 8 > end:
            break
        file.seek(at)
        header = file.read(16)
        length, kind, width = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, width = int.from_bytes(header[8:16], "big"), 16
        length = length or end - at
        if length < width:
            raise Refusal("polyglot" if kind not in TOP else "damaged")
        yield kind, at + width, at + length
        at += length
    else:
        raise Refusal("damaged")
    if end - at > 4:  # a closing zero of 4 bytes is allowed in QuickTime
        raise Refusal("polyglot")
