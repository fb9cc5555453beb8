"""Each file by what it is, and the verdict on it."""

import pytest

from recordings.media.structure.flac import check, ends_cleanly
from tests.recordings.media.structure.verdicts import verdict

INFO = b"fLaC\x80\0\0\x22" + bytes(34)

FILES = {
    "frame follows": (INFO + b"\xff\xf8", "whole"),
    "two blocks": (b"fLaC\0\0\0\x04abcd\x80\0\0\x01x\xff\xf9", "whole"),
    "block cut": (INFO[:-1], "truncated"),
    "next block missing": (b"fLaC\0\0\0\x01x", "truncated"),
    "no frame": (INFO, "no_sound"),
    "something else follows": (INFO + b"<html>", "damaged"),
}


@pytest.mark.parametrize("name", FILES)
def test_flac(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected


def test_checksum_covers_the_frame_and_nothing_else() -> None:
    frame = b"123456789" + (0xFEE8).to_bytes(2, "big")  # the check value of CRC-16/UMTS
    assert ends_cleanly(frame)
    assert not ends_cleanly(frame + b"x")
    assert not ends_cleanly(frame[:-1])
