"""WebM and Matroska: nested elements of known or unknown length. Source: RFC 8794 and RFC 9559."""

from typing import BinaryIO

from recordings.media.refusals import Refusal

# Attachments (0x1941A469) are missing on purpose: a recording carries no files.
MAGIC = b"\x1a\x45\xdf\xa3"
DOC_TYPE = b"\x42\x82"
SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
VOID, CRC = 0xEC, 0xBF
IN_SEGMENT = {
    *(0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1254C367, 0x1043A770),
    *(CLUSTER, VOID, CRC),
}
IN_CLUSTER = {0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x5854, 0xAF, VOID, CRC}
UNKNOWN = -1
HEADER = 12  # bytes: the longest identity and the longest length


def document_type(head: bytes) -> str:
    """Return the document type declared in the EBML header, or an empty string."""
    at = head.find(DOC_TYPE)
    if at < 0 or len(head) < at + 3:
        return ""
    length = head[at + 2] & 0x7F
    return head[at + 3 : at + 3 + length].rstrip(b"\0").decode("ascii", "replace")


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless one segment of known elements reaches the end of the file.

    A recording that a browser wrote live has a segment of unknown length and clusters of unknown
    length; it may end in the middle of a block, which is then lost.
    """
    _, start, length = _element(file, 0)
    identity, at, length = _element(file, start + length)
    if identity != SEGMENT:
        raise Refusal("damaged")
    live = length == UNKNOWN
    end = size if live else at + length
    if end > size:
        raise Refusal("truncated")
    if end < size:
        raise Refusal("polyglot")
    _walk_segment(file, at, end, live=live)


def _walk_segment(file: BinaryIO, at: int, end: int, *, live: bool) -> None:
    allowed = IN_SEGMENT
    while at < (end - HEADER if live else end):
        identity, start, length = _element(file, at)
        if identity not in allowed and identity not in IN_SEGMENT:
            raise Refusal("polyglot")
        if length == UNKNOWN:
            if identity != CLUSTER:
                raise Refusal("damaged")
            allowed, at = IN_SEGMENT | IN_CLUSTER, start
            continue
        at = start + length
        if at > end and not live:
            raise Refusal("damaged")


def _element(file: BinaryIO, at: int) -> tuple[int, int, int]:
    """Return identity, start of the payload and its length in bytes (UNKNOWN if not told)."""
    file.seek(at)
    raw = file.read(HEADER)
    width = _width(raw, 4)
    identity = int.from_bytes(raw[:width], "big")
    sized = _width(raw[width:], 8)
    length = int.from_bytes(raw[width : width + sized], "big") & ((1 << 7 * sized) - 1)
    if length == (1 << 7 * sized) - 1:
        length = UNKNOWN
    return identity, at + width + sized, length


def _width(raw: bytes, most: int) -> int:
    """Return the width in bytes of the number that starts here: its leading zero bits, plus one."""
    width = 9 - raw[0].bit_length() if raw else most + 1
    if width > most:
        raise Refusal("polyglot" if raw else "truncated")
    return width
