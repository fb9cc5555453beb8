"""Byte ranges of RFC 9110: one range is served, several or a malformed header mean the whole."""

import re

RANGE = re.compile(r"bytes=[ \t]*(\d{0,20})-(\d{0,20})[ \t]*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies outside the file (416)."""


def parse_range(header: str, size: int) -> range | None:
    """Return the positions asked for in a file of `size` bytes, or None for the whole of it.

    Raises Unsatisfiable.
    """
    match = RANGE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None
    return _positions(first, last, size)


def _positions(first: str, last: str, size: int) -> range:
    if first:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    else:
        start, stop = max(0, size - int(last)), size
    if start >= stop:
        raise Unsatisfiable
    return range(start, stop)
