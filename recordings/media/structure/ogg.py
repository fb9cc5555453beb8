"""Ogg: a row of pages, each with its own length. Source: RFC 3533."""

from typing import BinaryIO

from recordings.media.refusals import Refusal

PAGE = b"OggS"
HEADER = 27
MAX_SERIALS = 64  # logical streams, chained ones included


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless whole pages fill the file to its end."""
    at = 0
    serials: set[bytes] = set()
    while at < size:
        file.seek(at)
        header = file.read(HEADER)
        if not header.startswith(PAGE[: len(header)]):
            raise Refusal("polyglot")
        table = file.read(header[26]) if len(header) == HEADER else b""
        at += HEADER + len(table) + sum(table)
        if len(header) < HEADER or len(table) < header[26] or at > size:
            raise Refusal("truncated")
        serials.add(header[14:18])
        if len(serials) > MAX_SERIALS:
            raise Refusal("too_many_streams", streams=MAX_SERIALS)
