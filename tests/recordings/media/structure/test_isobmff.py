"""Each file by what it is, and the verdict on it."""

import pytest

from recordings.media.structure.isobmff import check
from tests.recordings.media.structure.verdicts import verdict


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def movie(reference: bytes) -> bytes:
    content = box(b"dref", bytes(4) + (1).to_bytes(4, "big") + reference)
    for kind in (b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        content = box(kind, content)
    return content


FTYP, MDAT = box(b"ftyp", b"isom"), box(b"mdat", b"sound")
HERE, THERE = box(b"url ", b"\0\0\0\1"), box(b"url ", b"\0\0\0\0file:///other\0")
LONG = b"\0\0\0\1mdat" + (20).to_bytes(8, "big") + b"data"
OPEN = b"\0\0\0\0mdat" + b"to the end"

FILES = {
    "whole": (FTYP + movie(HERE) + MDAT, "whole"),
    "long size": (FTYP + LONG + movie(HERE), "whole"),
    "size to the end": (FTYP + movie(HERE) + OPEN, "whole"),
    "closing zero": (FTYP + movie(HERE) + MDAT + bytes(4), "whole"),
    "sound elsewhere": (FTYP + movie(THERE) + MDAT, "external_reference"),
    "sound elsewhere by alias": (FTYP + movie(box(b"alis", bytes(9))) + MDAT, "external_reference"),
    "compressed index": (FTYP + box(b"moov", box(b"cmov", b"zlib")) + MDAT, "not_accepted"),
    "no index": (FTYP + MDAT, "truncated"),
    "sound cut": (FTYP + movie(HERE) + MDAT[:-1], "truncated"),
    "no sound": (FTYP + movie(HERE) + box(b"mdat"), "no_sound"),
    "part beyond its whole": (FTYP + box(b"moov", b"\0\0\0\x63trak") + MDAT, "damaged"),
    "impossible size": (FTYP + b"\0\0\0\3mdat" + movie(HERE), "damaged"),
    "unknown box": (FTYP + movie(HERE) + MDAT + box(b"evil"), "polyglot"),
    "few bytes behind": (FTYP + movie(HERE) + MDAT + b"<html", "polyglot"),
}


@pytest.mark.parametrize("name", FILES)
def test_mp4(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected
