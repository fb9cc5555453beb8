"""MP3: an ID3 tag, then frames with their lengths. Source: ISO 11172-3 and 13818-3; ID3v2.4."""

from typing import BinaryIO

from recordings.media.refusals import Refusal

MIN_FRAMES = 3  # fewer in a row could be chance
ID3V1 = 128  # bytes
KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def looks_like(head: bytes) -> bool:
    """Say whether the file starts with an ID3v2 tag or a layer III frame."""
    return head[:3] == b"ID3" or frame_length(head[:4]) > 0


def frame_length(header: bytes) -> int:
    """Return the length in bytes of the layer III frame of this 4-byte header, or 0."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, bits = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version == 1 or rate == 3 or bits in {0, 15}:
        return 0
    first = version == 3
    samples = 144 if first else 72
    return samples * KILOBITS[first][bits] * 1000 // HERTZ[version][rate] + (header[2] >> 1 & 1)


def check(file: BinaryIO, size: int) -> None:
    """Raise Refusal unless frames run from the tag to the end of the file, or to a closing tag."""
    start = _skip_id3(file, 0)
    if start >= size:
        raise Refusal("truncated" if start > size else "no_sound")
    frames, at = _walk(file, start, size)
    if frames < MIN_FRAMES:
        raise Refusal("not_accepted")
    if frames < _promised_frames(file, start):
        raise Refusal("truncated")
    if at < size and not _is_closing(file, at, size):
        raise Refusal("polyglot")


def _walk(file: BinaryIO, at: int, size: int) -> tuple[int, int]:
    """Count the frames in a row from `at` (a cut last one too); return where they end."""
    frames = 0
    while at < size:
        file.seek(at)
        length = frame_length(file.read(4))
        if not length:
            after = _skip_id3(file, at)  # streams glued together carry tags in the middle
            if after == at:
                break
            at = after
            continue
        frames += 1
        at += length
    return frames, at


def _skip_id3(file: BinaryIO, at: int) -> int:
    file.seek(at)
    header = file.read(10)
    if header[:3] != b"ID3" or len(header) < 10 or any(byte > 127 for byte in header[6:10]):
        return at
    length = 0
    for byte in header[6:10]:
        length = length << 7 | byte
    return at + 10 + length + (10 if header[5] & 0x10 else 0)


def _promised_frames(file: BinaryIO, start: int) -> int:
    """Return the count of frames in the Xing/Info header, less what encoders miscount; else 0."""
    file.seek(start)
    first = file.read(64)
    at = max(first.find(b"Xing"), first.find(b"Info"))
    if at < 0 or len(first) < at + 12 or not first[at + 7] & 1:
        return 0
    return int.from_bytes(first[at + 8 : at + 12], "big") - 1


def _is_closing(file: BinaryIO, at: int, size: int) -> bool:
    file.seek(at)
    head = file.read(32)
    if head[:3] == b"TAG":
        return size - at == ID3V1
    if head[:8] == b"APETAGEX":
        end = at + 32 + int.from_bytes(head[12:16], "little")
        return size in {end, end + ID3V1}
    file.seek(at)
    return size - at <= 4096 and not any(file.read())  # zeros: some encoders pad with them
