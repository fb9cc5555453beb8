"""Each file by what it is, and the verdict on it."""

import struct

import pytest

from recordings.media.structure.riff import check
from tests.recordings.media.structure.verdicts import verdict

FMT = b"fmt \x10\0\0\0" + bytes(16)
DATA = b"data\x04\0\0\0\1\2\3\4"


def riff(body: bytes, declared: int | None = None) -> bytes:
    size = len(body) + 4 if declared is None else declared
    return b"RIFF" + struct.pack("<I", size) + b"WAVE" + body


FILES = {
    "whole": (riff(FMT + DATA), "whole"),
    "odd chunk is padded": (riff(b"LIST\x03\0\0\0abc\0" + DATA), "whole"),
    "one closing byte": (riff(FMT + DATA) + b"\0", "whole"),
    "piped": (riff(FMT + b"data\xff\xff\xff\xff1234", 0xFFFFFFFF), "whole"),
    "piped with no sound": (riff(FMT + b"data\xff\xff\xff\xff", 0xFFFFFFFF), "no_sound"),
    "no data": (riff(FMT), "no_sound"),
    "data beyond the end": (riff(FMT + b"data\x08\0\0\0\1\2\3\4"), "truncated"),
    "declared beyond the end": (riff(FMT + DATA, 5000), "truncated"),
    "chunk beyond the end": (riff(b"LIST\xff\0\0\0" + DATA), "damaged"),
    "endless row of chunks": (riff(b"note\0\0\0\0" * 5000 + DATA), "damaged"),
    "more behind": (riff(FMT + DATA) + b"more", "polyglot"),
}


@pytest.mark.parametrize("name", FILES)
def test_wav(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected
