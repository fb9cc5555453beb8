"""FLAC: metadata blocks, then frames that each end in a checksum. Source: RFC 9639."""

from typing import BinaryIO

from recordings.media.refusals import Refusal

CRC16_POLYNOMIAL = 0x8005


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless the metadata is whole and a frame follows it.

    Where the last frame ends is known only after demuxing: see `ends_cleanly`.
    """
    at, last = 4, False
    while not last:
        file.seek(at)
        header = file.read(4)
        at += 4 + int.from_bytes(header[1:4], "big")
        if len(header) < 4 or at > size:
            raise Refusal("truncated")
        last = bool(header[0] & 0x80)
    if at == size:
        raise Refusal("no_sound")
    file.seek(at)
    if file.read(2) not in {b"\xff\xf8", b"\xff\xf9"}:
        raise Refusal("damaged")


def _crc16_table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ (CRC16_POLYNOMIAL if crc & 0x8000 else 0)
        rows.append(crc & 0xFFFF)
    return tuple(rows)


CRC16 = _crc16_table()


def ends_cleanly(frame: bytes) -> bool:
    """Say whether these bytes are exactly one frame: the checksum over frame and footer is 0."""
    crc = 0
    for byte in frame:
        crc = ((crc << 8) & 0xFFFF) ^ CRC16[(crc >> 8) ^ byte]
    return crc == 0
