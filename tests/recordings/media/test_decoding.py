"""The decoded WAV: its format, its length, and that its time is the recording's time."""

import wave
from array import array
from pathlib import Path

import pytest

from recordings.media.decoding import SoundReader, open_medium
from recordings.media.facts import DecodedAudio, MediaLimits
from recordings.media.inspection import decode_to_wav, decode_with_peaks, peaks
from recordings.media.refusals import Refusal
from recordings.media.verbs import decode
from tests.recordings.media.hostile_files import clock_that_jumps_ten_hours
from tests.recordings.media.media_files import (
    LIMITS,
    Encoder,
    tone,
    write_kind,
    write_medium,
    write_wav,
)

KINDS = ["wav", "mulaw", "mp3", "ogg", "flac", "live webm", "matroska", "m4a", "mov"]


def read_wav(path: Path) -> tuple[tuple[int, int, int], array]:
    with wave.open(str(path), "rb") as file:
        samples = array("h", file.readframes(file.getnframes()))
        return (file.getnchannels(), file.getsampwidth(), file.getframerate()), samples


def loudness(samples: array) -> int:
    return max(samples, default=0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_16_khz_mono(tmp_path: Path, kind: str) -> None:
    source, target = write_kind(tmp_path, kind), tmp_path / "decoded.wav"
    duration_ms = decode({"source": source, "target": str(target), "buckets": 0, "limits": BOUNDS})
    shape, samples = read_wav(target)
    assert shape == (1, 2, 16_000)
    assert duration_ms == {"duration_ms": len(samples) // 16, "peaks": ()}
    assert abs(len(samples) - 32_000) < 32 * 16
    assert 15_000 < loudness(samples) < 21_000


BOUNDS = {"max_bytes": 5_000_000, "max_duration_ms": 60_000}


def test_decoding_in_the_child_writes_the_same_file(tmp_path: Path) -> None:
    source = write_kind(tmp_path, "ogg")
    target, again = tmp_path / "decoded.wav", tmp_path / "again.wav"
    decode({"source": source, "target": str(again), "buckets": 0, "limits": BOUNDS})
    assert decode_to_wav(source, target, limits=LIMITS) == 2000
    assert target.read_bytes() == again.read_bytes()


def test_sound_that_needs_no_change_is_copied(tmp_path: Path) -> None:
    source, target = write_wav(tmp_path / "a.wav"), tmp_path / "decoded.wav"
    decode({"source": source, "target": str(target), "buckets": 0, "limits": BOUNDS})
    assert target.read_bytes() == source.read_bytes()


def test_hole_becomes_silence_so_that_times_stay_true(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "hole.webm", "webm", "libopus")
    encoder.add(tone(1000, 48_000))
    encoder.skip(3000)
    encoder.add(tone(1000, 48_000))
    encoder.close()
    target = tmp_path / "decoded.wav"
    decode(
        {"source": tmp_path / "hole.webm", "target": str(target), "buckets": 0, "limits": BOUNDS}
    )
    _, samples = read_wav(target)
    assert abs(len(samples) - 5 * 16_000) < 480
    assert loudness(samples[: 900 * 16]) > 15_000
    assert loudness(samples[1200 * 16 : 3800 * 16]) == 0
    assert loudness(samples[4200 * 16 :]) > 15_000


def test_sound_that_changes_its_rate_is_decoded_to_the_end(tmp_path: Path) -> None:
    first = write_medium(tmp_path / "a.mp3", "mp3", "libmp3lame", rate=48_000, write_xing="0")
    second = write_medium(tmp_path / "b.mp3", "mp3", "libmp3lame", rate=24_000, write_xing="0")
    glued, target = tmp_path / "glued.mp3", tmp_path / "decoded.wav"
    glued.write_bytes(first.read_bytes() + second.read_bytes())
    decode({"source": glued, "target": str(target), "buckets": 0, "limits": BOUNDS})
    _, samples = read_wav(target)
    assert len(samples) > 3900 * 16


def test_decoding_stops_at_the_limit(tmp_path: Path) -> None:
    limits = MediaLimits(max_bytes=5_000_000, max_duration_ms=1000)
    with open_medium(write_wav(tmp_path / "a.wav", 5000), limits) as medium:
        reader = SoundReader(medium, limits)
        with pytest.raises(Refusal, match="too_long"):
            list(reader.pieces())
        assert 2000 <= reader.duration_ms < 2200


def test_clock_that_jumps_is_not_filled_with_hours_of_silence(tmp_path: Path) -> None:
    limits = MediaLimits(max_bytes=5_000_000, max_duration_ms=60_000)
    source = clock_that_jumps_ten_hours(tmp_path)
    with open_medium(source, limits) as medium, pytest.raises(Refusal, match="too_long"):
        list(SoundReader(medium, limits).pieces())


def test_decoder_is_given_bytes_and_no_name(tmp_path: Path) -> None:
    with open_medium(write_kind(tmp_path, "mov"), LIMITS) as medium:
        assert medium.demuxer.name == "<none>"


def test_outline_shows_where_it_is_loud(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "rise.flac", "flac", "flac", rate=16_000)
    for amplitude in (0.0, 0.25, 0.5, 1.0):
        encoder.add(tone(1000, 16_000, amplitude))
    encoder.close()
    assert peaks(tmp_path / "rise.flac", 4, limits=LIMITS) == (0, 63, 127, 254)


def test_one_pass_gives_sound_and_outline(tmp_path: Path) -> None:
    source, target = write_wav(tmp_path / "a.wav", 400), tmp_path / "decoded.wav"
    decoded = decode_with_peaks(source, target, limits=LIMITS, buckets=5)
    assert decoded == DecodedAudio(400, (127, 127, 127, 127, 127))
    assert target.read_bytes() == source.read_bytes()
