"""Files that must not get in, each named by what it does; the tests say what each is answered."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

import av

from recordings.media.facts import MediaLimits
from tests.recordings.media.media_files import (
    LIMITS,
    Encoder,
    tone,
    write_kind,
    write_medium,
    write_silent_flac,
    write_wav,
)

HTML = b"<html><script>alert(1)</script></html>"
ZIP_END = b"PK\x05\x06" + bytes(18)
PDF = b"%PDF-1.7\n1 0 obj\n"

Builder = Callable[[Path], Path]


def written(content: bytes) -> Builder:
    """Build a file of exactly these bytes."""

    def build(folder: Path) -> Path:
        path = folder / "upload.bin"
        path.write_bytes(content)
        return path

    return build


def changed(kind: str, change: Callable[[bytes], bytes]) -> Builder:
    """Build a medium and change its bytes."""

    def build(folder: Path) -> Path:
        path = write_kind(folder, kind)
        path.write_bytes(change(path.read_bytes()))
        return path

    return build


def cut(kind: str, share: float = 0.7) -> Builder:
    return changed(kind, lambda data: data[: int(len(data) * share)])


def followed(kind: str, more: bytes) -> Builder:
    return changed(kind, lambda data: data + more)


def header_only_wav(folder: Path) -> Path:
    return write_wav(folder / "upload.wav", milliseconds=0)


def wav_with_chunk(name: bytes, content: bytes) -> Builder:
    """Insert a chunk before the sound and make the sizes right again."""

    def change(data: bytes) -> bytes:
        chunk = struct.pack("<4sI", name, len(content)) + content + bytes(len(content) & 1)
        body = data[12:36] + chunk + data[36:]
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body

    return changed("wav", change)


def wav_that_is_a_zip(folder: Path) -> Path:
    """A whole WAV whose last samples are a ZIP's directory."""
    path = write_wav(folder / "upload.wav")
    data = path.read_bytes()
    path.write_bytes(data[: -len(ZIP_END)] + ZIP_END)
    return path


def wav_without_end_of_writing(data: bytes) -> bytes:
    """Return what a recorder leaves that was killed before it filled in the sizes."""
    return data[:4] + bytes(4) + data[8:40] + bytes(4) + data[44:]


def mp4_pointing_outside(data: bytes) -> bytes:
    """Clear the flag that says: the sound is in this file."""
    at = data.index(b"url \x00\x00\x00\x01")
    return data[: at + 7] + b"\x00" + data[at + 8 :]


def without_index(data: bytes) -> bytes:
    return data.replace(b"moov", b"free")


def video_only(folder: Path) -> Path:
    path = folder / "upload.mp4"
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    return path


def many_streams(folder: Path) -> Path:
    path = folder / "upload.mkv"
    with av.open(str(path), "w", format="matroska") as file:
        streams = [file.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(12)]
        for stream in streams:
            frame = av.AudioFrame("s16", "mono", 800)
            frame.sample_rate, frame.pts = 8000, 0
            file.mux(stream.encode(frame))
    return path


def many_channels(folder: Path) -> Path:
    """A WAV whose header says 64 channels."""
    path = write_wav(folder / "upload.wav")
    data = path.read_bytes()
    fields = struct.pack("<HHIIHH", 1, 64, 16_000, 64 * 32_000, 128, 16)
    path.write_bytes(data[:20] + fields + data[36:])
    return path


def exotic_codec(folder: Path) -> Path:
    return write_medium(folder / "upload.wav", "wav", "adpcm_ms", rate=16_000)


def clock_that_jumps_ten_hours(folder: Path) -> Path:
    encoder = Encoder(folder / "upload.webm", "webm", "libopus")
    encoder.add(tone(500, 48_000))
    encoder.skip(36_000_000)
    encoder.add(tone(500, 48_000))
    encoder.close()
    return folder / "upload.webm"


def bomb(*, tell_length: bool) -> Builder:
    return lambda folder: write_silent_flac(folder / "b.flac", 36_000, tell_length=tell_length)


def scrambled(data: bytes) -> bytes:
    """Keep the header, put noise where the frames were."""
    return data[:8300] + random.Random(1).randbytes(len(data) - 8300)


def scrambled_data(data: bytes) -> bytes:
    """Keep the index, put noise where the packets were."""
    at = data.index(b"mdat")
    size = int.from_bytes(data[at - 4 : at], "big") - 8
    return data[: at + 4] + random.Random(1).randbytes(size) + data[at + 4 + size :]


def riff_of(form: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 40) + form + bytes(36)


SMALL = MediaLimits(max_bytes=1000, max_duration_ms=60_000)
SHORT = MediaLimits(max_bytes=5_000_000, max_duration_ms=1_500)

HOSTILE: dict[str, tuple[Builder, MediaLimits, int, str]] = {
    "empty": (written(b""), LIMITS, 422, "empty"),
    "one_byte": (written(b"R"), LIMITS, 415, "not_accepted"),
    "garbage": (written(random.Random(7).randbytes(5000)), LIMITS, 415, "not_accepted"),
    "zeros": (written(bytes(5000)), LIMITS, 415, "not_accepted"),
    "plain_text": (
        written(b"I have five years of experience.\n" * 50),
        LIMITS,
        415,
        "not_accepted",
    ),
    "web_page": (written(HTML), LIMITS, 415, "not_accepted"),
    "ffconcat_list": (
        written(b"ffconcat version 1.0\nfile other.wav\n"),
        LIMITS,
        415,
        "not_accepted",
    ),
    "hls_playlist": (
        written(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        LIMITS,
        415,
        "not_accepted",
    ),
    "picture_in_riff": (written(riff_of(b"WEBP")), LIMITS, 415, "not_accepted"),
    "raw_aac": (written(b"\xff\xf1\x50\x80\x01\x1f\xfc" * 100), LIMITS, 415, "not_accepted"),
    "junk_before_mp3": (changed("mp3", lambda data: HTML + data), LIMITS, 415, "not_accepted"),
    "junk_before_wav": (changed("wav", lambda data: PDF + data), LIMITS, 415, "not_accepted"),
    "id3_tag_alone": (written(b"ID3\x04\0\0\0\0\0\x10" + bytes(16)), LIMITS, 422, "no_sound"),
    "id3_before_text": (
        written(b"ID3\x04\0\0\0\0\0\x00" + b"text " * 99),
        LIMITS,
        415,
        "not_accepted",
    ),
    "html_behind_wav": (followed("wav", HTML), LIMITS, 415, "polyglot"),
    "html_behind_mp3": (followed("mp3", HTML), LIMITS, 415, "polyglot"),
    "html_behind_ogg": (followed("ogg", HTML), LIMITS, 415, "polyglot"),
    "html_behind_flac": (followed("flac", HTML), LIMITS, 415, "polyglot"),
    "html_behind_webm": (followed("webm", HTML), LIMITS, 415, "polyglot"),
    "html_behind_live_webm": (followed("live webm", HTML), LIMITS, 415, "polyglot"),
    "html_behind_mp4": (followed("mp4", HTML), LIMITS, 415, "polyglot"),
    "zip_behind_mp3": (followed("mp3", ZIP_END), LIMITS, 415, "polyglot"),
    "zip_inside_wav": (wav_that_is_a_zip, LIMITS, 415, "polyglot"),
    "pdf_inside_wav": (wav_with_chunk(b"LIST", PDF), LIMITS, 415, "polyglot"),
    "script_inside_wav": (wav_with_chunk(b"note", b"<SCRIPT>"), LIMITS, 415, "polyglot"),
    "header_only_wav": (header_only_wav, LIMITS, 422, "no_sound"),
    "wav_cut": (cut("wav"), LIMITS, 422, "truncated"),
    "wav_never_finished": (changed("wav", wav_without_end_of_writing), LIMITS, 422, "truncated"),
    "wav_cut_in_its_header": (cut("wav", 0.0003), LIMITS, 422, "truncated"),
    "mp3_cut": (cut("mp3"), LIMITS, 422, "truncated"),
    "ogg_cut": (cut("ogg"), LIMITS, 422, "truncated"),
    "flac_cut": (cut("flac"), LIMITS, 422, "truncated"),
    "webm_cut": (cut("webm"), LIMITS, 422, "truncated"),
    "mp4_cut": (cut("mp4"), LIMITS, 422, "truncated"),
    "live_mp4_cut": (cut("live mp4"), LIMITS, 422, "truncated"),
    "mov_cut": (cut("mov"), LIMITS, 422, "truncated"),
    "mp4_without_index": (changed("mp4", without_index), LIMITS, 422, "truncated"),
    "mp4_pointing_outside": (
        changed("mp4", mp4_pointing_outside),
        LIMITS,
        415,
        "external_reference",
    ),
    "flac_of_noise": (changed("flac", scrambled), LIMITS, 422, "no_sound"),
    "m4a_of_noise": (changed("m4a", scrambled_data), LIMITS, 422, "undecodable"),
    "video_without_sound": (video_only, LIMITS, 422, "no_sound"),
    "many_streams": (many_streams, LIMITS, 422, "too_many_streams"),
    "many_channels": (many_channels, LIMITS, 422, "too_many_channels"),
    "exotic_codec": (exotic_codec, LIMITS, 415, "codec_not_accepted"),
    "ten_hours_in_64_kb_told": (bomb(tell_length=True), LIMITS, 422, "too_long"),
    "ten_hours_in_64_kb_untold": (bomb(tell_length=False), LIMITS, 422, "too_long"),
    "clock_that_jumps_ten_hours": (clock_that_jumps_ten_hours, LIMITS, 422, "too_long"),
    "larger_than_allowed": (changed("wav", lambda data: data), SMALL, 413, "too_large"),
    "longer_than_allowed": (changed("mp3", lambda data: data), SHORT, 422, "too_long"),
}
