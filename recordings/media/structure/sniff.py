"""Tells the container by its first bytes; the file's name and declared type are never asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from recordings.media.refusals import Refusal
from recordings.media.structure import ebml, flac, isobmff, mpeg, ogg, riff

HEAD = 1024
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 22 + 65535  # a ZIP's directory ends in its last 22 bytes and a comment

# Signs of another kind of file that its readers look for near the start, wherever they stand.
FOREIGN = (
    b"%pdf-",
    b"<html",
    b"<!doctype",
    b"<script",
    b"<svg",
    b"<?php",
    b"#extm3u",
    b"ffconcat",
)


@dataclass(frozen=True, slots=True)
class Container:
    """An accepted container: our name, the demuxer that may open it, and its media types."""

    name: str
    demuxer: str
    audio_type: str
    video_type: str
    check: Callable[[BinaryIO, int], None]


WAV = Container("wav", "wav", "audio/wav", "audio/wav", riff.check)
MP3 = Container("mp3", "mp3", "audio/mpeg", "audio/mpeg", mpeg.check)
OGG = Container("ogg", "ogg", "audio/ogg", "video/ogg", ogg.check)
FLAC = Container("flac", "flac", "audio/flac", "audio/flac", flac.check)
WEBM = Container("webm", "matroska", "audio/webm", "video/webm", ebml.check)
MATROSKA = Container("matroska", "matroska", "audio/x-matroska", "video/x-matroska", ebml.check)
MP4 = Container("mp4", "mov", "audio/mp4", "video/mp4", isobmff.check)
MOV = Container("mov", "mov", "video/quicktime", "video/quicktime", isobmff.check)


def sniff(file: BinaryIO, size: int) -> Container:
    """Return the container of a whole, unmixed file of `size` bytes, or raise Refusal."""
    if size == 0:
        raise Refusal("empty")
    file.seek(0)
    head = file.read(HEAD)
    container = _container(head)
    if container is None:
        raise Refusal("not_accepted")
    _refuse_foreign(file, size, head)
    container.check(file, size)
    return container


def _container(head: bytes) -> Container | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    if head[:4] == b"OggS":
        return OGG
    if head[:4] == b"fLaC":
        return FLAC
    if head[4:8] == b"ftyp":
        return MOV if head[8:12] == b"qt  " else MP4
    if head[:4] == ebml.MAGIC:
        return {"webm": WEBM, "matroska": MATROSKA}.get(ebml.document_type(head))
    return MP3 if mpeg.looks_like(head) else None


def _refuse_foreign(file: BinaryIO, size: int, head: bytes) -> None:
    lowered = head.lower()
    if any(sign in lowered for sign in FOREIGN) or _ends_as_zip(file, size):
        raise Refusal("polyglot")


def _ends_as_zip(file: BinaryIO, size: int) -> bool:
    """Say whether a ZIP reader would find its directory: the comment's length must fit exactly."""
    file.seek(max(0, size - ZIP_TAIL))
    tail = file.read()
    at = tail.rfind(ZIP_END)
    while at >= 0:
        if at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            return True
        at = tail.rfind(ZIP_END, 0, at)
    return False
