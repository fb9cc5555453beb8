"""Each file by what it is, and the verdict on it."""

import pytest

from recordings.media.structure.ebml import MAGIC, check, document_type
from tests.recordings.media.structure.verdicts import verdict

LIVE = b"\x01" + b"\xff" * 7
CLUSTER, BLOCK, INFO = b"\x1f\x43\xb6\x75", b"\xa3", b"\x15\x49\xa9\x66"
ATTACHMENTS = b"\x19\x41\xa4\x69"


def element(identity: bytes, content: bytes) -> bytes:
    return identity + bytes([0x80 | len(content)]) + content


def live(identity: bytes, content: bytes) -> bytes:
    return identity + LIVE + content


HEADER = element(MAGIC, element(b"\x42\x82", b"webm"))
SEGMENT = b"\x18\x53\x80\x67"
BLOCKS = element(BLOCK, b"0123456789ABCDEF") * 2
PARTS = element(INFO, b"i") + element(CLUSTER, BLOCKS)
LIVE_PARTS = element(INFO, b"i") + live(CLUSTER, BLOCKS) + live(CLUSTER, BLOCKS)

FILES = {
    "whole": (HEADER + element(SEGMENT, PARTS), "whole"),
    "live": (HEADER + live(SEGMENT, LIVE_PARTS), "whole"),
    "live, cut in a block": (HEADER + live(SEGMENT, LIVE_PARTS[:-5]), "whole"),
    "live, blocks outside of a cluster": (HEADER + live(SEGMENT, BLOCKS), "polyglot"),
    "live, something behind": (HEADER + live(SEGMENT, LIVE_PARTS) + b"<html></html>", "polyglot"),
    "header alone": (HEADER, "truncated"),
    "segment cut": (HEADER + element(SEGMENT, PARTS)[:-1], "truncated"),
    "no segment": (HEADER + element(INFO, PARTS), "damaged"),
    "part beyond the segment": (HEADER + element(SEGMENT, INFO + b"\xff" + b"i"), "damaged"),
    "part without an end": (HEADER + live(SEGMENT, live(INFO, bytes(20))), "damaged"),
    "files attached": (HEADER + element(SEGMENT, element(ATTACHMENTS, b"x")), "polyglot"),
    "two segments": (HEADER + element(SEGMENT, PARTS) * 2, "polyglot"),
}


@pytest.mark.parametrize("name", FILES)
def test_webm(name: str) -> None:
    data, expected = FILES[name]
    assert verdict(check, data) == expected


def test_document_type_is_read_from_the_header() -> None:
    assert [document_type(head) for head in (HEADER, MAGIC, HEADER[:7])] == ["webm", "", ""]
