"""Each file by what it is, and the verdict on it."""

import pytest

from recordings.media.structure.mpeg import check, frame_length, looks_like
from tests.recordings.media.structure.verdicts import verdict

FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s at 44.1 kHz
ID3 = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
APE = (
    b"APETAGEX" + (2000).to_bytes(4, "little") + (36).to_bytes(4, "little") + bytes(16) + bytes(36)
)
XING = FRAME[:36] + b"Xing\0\0\0\1" + (100).to_bytes(4, "big") + FRAME[48:]

FILES = {
    "frames": (FRAME * 4, "whole"),
    "tag before": (ID3 + FRAME * 4, "whole"),
    "tag between": (FRAME * 2 + ID3 + FRAME * 2, "whole"),
    "tag behind": (FRAME * 4 + b"TAG" + bytes(125), "whole"),
    "other tag behind": (FRAME * 4 + APE, "whole"),
    "both tags behind": (FRAME * 4 + APE + b"TAG" + bytes(125), "whole"),
    "zeros behind": (FRAME * 4 + bytes(99), "whole"),
    "last frame cut": (FRAME * 4 + FRAME[:99], "whole"),
    "too few frames": (FRAME * 2 + b"?" * 99, "not_accepted"),
    "tag cut": (ID3[:-5], "truncated"),
    "fewer frames than told": (XING + FRAME * 50, "truncated"),
    "tag with more behind": (FRAME * 4 + b"TAG" + bytes(126), "polyglot"),
    "words behind": (FRAME * 4 + b"words", "polyglot"),
}


@pytest.mark.parametrize("name", FILES)
def test_mp3(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected


HEADERS = {
    "128 kbit/s, 44.1 kHz": (b"\xff\xfb\x90\x00", 417),
    "the same, padded": (b"\xff\xfb\x92\x00", 418),
    "64 kbit/s, 24 kHz": (b"\xff\xf3\x84\x00", 192),
    "8 kbit/s, 8 kHz": (b"\xff\xe3\x18\x00", 72),
    "reserved version": (b"\xff\xeb\x90\x00", 0),
    "reserved rate": (b"\xff\xfb\x9c\x00", 0),
    "free format": (b"\xff\xfb\x00\x00", 0),
    "layer II": (b"\xff\xfd\x90\x00", 0),
    "AAC": (b"\xff\xf1\x50\x80", 0),
    "too short": (b"\xff\xfb", 0),
}


@pytest.mark.parametrize("name", HEADERS)
def test_frame_length(name: str) -> None:
    header, length = HEADERS[name]
    assert frame_length(header) == length
    assert looks_like(header) == (length > 0)
