"""Each file by what it is, and the verdict on it."""

import pytest

from recordings.media.structure.ogg import MAX_SERIALS, check
from tests.recordings.media.structure.verdicts import verdict


def page(serial: int, content: bytes = b"sound") -> bytes:
    head = b"OggS" + bytes(10) + serial.to_bytes(4, "little") + bytes(8) + b"\x01"
    return head + bytes([len(content)]) + content


FILES = {
    "pages": (page(1) * 3, "whole"),
    "chained streams": (page(1) + page(2), "whole"),
    "page cut": ((page(1) * 2)[:-1], "truncated"),
    "header cut": (page(1) + b"OggS\0", "truncated"),
    "table cut": (page(1) + page(1)[:27], "truncated"),
    "junk behind": (page(1) + b"<html></html>", "polyglot"),
    "endless streams": (b"".join(map(page, range(MAX_SERIALS + 1))), "too_many_streams"),
}


@pytest.mark.parametrize("name", FILES)
def test_ogg(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected
