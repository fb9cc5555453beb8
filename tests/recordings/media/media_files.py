"""Makes small media files of every accepted kind; the sound is a tone."""

import math
import struct
import wave
from array import array
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
from av.audio.stream import AudioStream
from av.stream import Disposition

from recordings.media.facts import MediaLimits

LIMITS = MediaLimits(max_bytes=5_000_000, max_duration_ms=60_000)


def tone(milliseconds: int, rate: int, amplitude: float = 0.5) -> bytes:
    """Return signed 16-bit mono samples of a 400 Hz sine."""
    count = milliseconds * rate // 1000
    turn = 2 * math.pi * 400 / rate
    return array("h", [int(32767 * amplitude * math.sin(turn * n)) for n in range(count)]).tobytes()


def write_wav(path: Path, milliseconds: int = 2000, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(tone(milliseconds, rate))
    return path


class Encoder:
    """Writes one stream of mono sound; `skip` leaves a hole in the time line."""

    def __init__(self, path: Path, container: str, codec: str, **options) -> None:
        self.rate = options.pop("rate", 48_000)
        self.file = av.open(str(path), "w", format=container, options=options)
        self.stream = cast(AudioStream, self.file.add_stream(codec, rate=self.rate))
        self.stream.layout = "mono"
        self.codec = self.stream.codec_context
        self._samples = 0

    def add(self, samples: bytes) -> None:
        frame = av.AudioFrame("s16", "mono", len(samples) // 2)
        frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = self.rate
        frame.pts, frame.time_base = self._samples, Fraction(1, self.rate)
        self._samples += frame.samples
        self._mux(frame)

    def skip(self, milliseconds: int) -> None:
        self._samples += milliseconds * self.rate // 1000

    def close(self) -> None:
        self._mux(None)
        self.file.close()

    def _mux(self, frame) -> None:
        for packet in self.stream.encode(frame):
            self.file.mux(packet)


def write_medium(
    path: Path, container: str, codec: str, milliseconds: int = 2000, **options
) -> Path:
    encoder = Encoder(path, container, codec, **options)
    encoder.add(tone(milliseconds, encoder.rate))
    encoder.close()
    return path


def write_film(path: Path, *, picture_is_cover: bool = False) -> Path:
    """Write one second of sound beside a picture: a film, or a song with its cover."""
    with av.open(str(path), "w", format="mp4") as file:
        video = file.add_stream("mjpeg" if picture_is_cover else "mpeg4", rate=10)
        video.width, video.height = 64, 64
        video.pix_fmt = "yuvj420p" if picture_is_cover else "yuv420p"
        if picture_is_cover:
            video.disposition = Disposition.attached_pic
        audio = file.add_stream("aac", rate=48_000, layout="mono")
        for _ in range(1 if picture_is_cover else 10):
            file.mux(video.encode(av.VideoFrame(64, 64, video.pix_fmt)))
        file.mux(video.encode(None))
        frame = av.AudioFrame("s16", "mono", 48_000)
        frame.planes[0].update(tone(1000, 48_000))
        frame.sample_rate, frame.pts = 48_000, 0
        file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return path


def write_kind(folder: Path, kind: str, milliseconds: int = 2000) -> Path:
    """Write one of the accepted kinds; `live` ones have no length in their header."""
    path = folder / f"sound.{kind.replace(' ', '.')}"
    if kind == "wav":
        return write_wav(path, milliseconds)
    kinds: dict[str, tuple[str, str, dict[str, Any]]] = {
        "mp3": ("mp3", "libmp3lame", {}),
        "ogg": ("ogg", "libopus", {}),
        "ogg flac": ("ogg", "flac", {}),
        "flac": ("flac", "flac", {}),
        "webm": ("webm", "libopus", {}),
        "live webm": ("webm", "libopus", {"live": "1"}),
        "matroska": ("matroska", "aac", {}),
        "m4a": ("ipod", "aac", {}),
        "mp4": ("mp4", "aac", {}),
        "live mp4": ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov"}),
        "mov": ("mov", "pcm_s16le", {}),
        "mulaw": ("wav", "pcm_mulaw", {"rate": 8000}),
    }
    container, codec, options = kinds[kind]
    return write_medium(path, container, codec, milliseconds, **options)


def write_silent_flac(path: Path, seconds: int, *, tell_length: bool, rate: int = 8000) -> Path:
    """Write hours of digital silence in a few kilobytes: constant subframes of 65,535 samples."""
    total = seconds * rate
    info = struct.pack(">HH", 65535, 65535) + bytes(6)
    packed = rate << 44 | 0 << 41 | 15 << 36 | (total if tell_length else 0)
    head = b"fLaC" + b"\x80\x00\x00\x22" + info + packed.to_bytes(8, "big") + bytes(16)
    with path.open("wb") as file:
        file.write(head)
        for number in range(total // 65535):
            file.write(_silent_frame(number))
    return path


def _silent_frame(number: int) -> bytes:
    """Return one fixed-block FLAC frame: 65,535 samples, 8 kHz, mono, 16 bits, all zero."""
    head = b"\xff\xf8\x74\x08" + _coded(number) + b"\xff\xfe"
    head += bytes([_crc(head, 8, 0x07)])
    body = head + b"\x00" + b"\x00\x00"
    return body + _crc(body, 16, 0x8005).to_bytes(2, "big")


def _coded(number: int) -> bytes:
    return chr(number).encode("utf-8", "surrogatepass")


def _crc(data: bytes, width: int, polynomial: int) -> int:
    crc, top, mask = 0, 1 << (width - 1), (1 << width) - 1
    for byte in data:
        crc ^= byte << (width - 8)
        for _ in range(8):
            crc = ((crc << 1) ^ polynomial if crc & top else crc << 1) & mask
    return crc
