"""Every hostile file by what it does; whole files, cut at every kind of place; and the lengths."""

from pathlib import Path

import pytest

from recordings.media.facts import MediaLimits
from recordings.media.measuring import measure
from recordings.media.refusals import Refusal
from tests.recordings.media.hostile_files import HOSTILE
from tests.recordings.media.media_files import (
    LIMITS,
    Encoder,
    tone,
    write_film,
    write_kind,
    write_silent_flac,
    write_wav,
)

KINDS = ["wav", "mp3", "ogg", "flac", "webm", "live webm", "mp4", "live mp4"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused(tmp_path: Path, name: str) -> None:
    build, limits, status, code = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        measure(build(tmp_path), limits)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert str(tmp_path) not in refused.value.message


def verdict(path: Path) -> int | str:
    try:
        facts = measure(path, LIMITS)
    except Refusal as refused:
        return refused.status
    return "taken" if 0 < facts.duration_ms <= 600 else "wrong length"


@pytest.mark.parametrize("kind", KINDS)
def test_file_cut_anywhere_is_refused_or_shorter(tmp_path: Path, kind: str) -> None:
    """No cut may end in anything but a verdict."""
    whole = write_kind(tmp_path, kind, 500).read_bytes()
    path = tmp_path / "cut"
    for share in range(1, 40):
        path.write_bytes(whole[: len(whole) * share // 40])
        assert verdict(path) in {"taken", 415, 422}


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_closing_tags_of_music_programs_are_no_intruders(tmp_path: Path, kind: str) -> None:
    path = write_kind(tmp_path, kind)
    data = path.read_bytes()
    tag = {"wav": b"\0", "mp3": b"TAG" + bytes(125)}[kind]
    path.write_bytes(data + tag)
    assert measure(path, LIMITS).codec in {"pcm_s16le", "mp3"}


def test_wav_written_to_a_pipe_is_measured_to_its_end(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "piped.wav")
    data = path.read_bytes()
    path.write_bytes(data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:])
    assert measure(path, LIMITS).duration_ms == 2000


def test_silence_of_unknown_length_is_counted(tmp_path: Path) -> None:
    path = write_silent_flac(tmp_path / "silence.flac", 40, tell_length=False)
    assert measure(path, LIMITS).duration_ms == round(4 * 65535 * 1000 / 8000)


def test_hole_in_the_time_line_counts(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "hole.webm", "webm", "libopus")
    encoder.add(tone(1000, 48_000))
    encoder.skip(3000)
    encoder.add(tone(1000, 48_000))
    encoder.close()
    assert abs(measure(tmp_path / "hole.webm", LIMITS).duration_ms - 5000) <= 30


def test_film_is_taken_for_its_sound(tmp_path: Path) -> None:
    facts = measure(write_film(tmp_path / "film.mp4"), LIMITS)
    assert (facts.media_type, facts.codec, facts.has_video) == ("video/mp4", "aac", True)


def test_cover_of_a_song_is_no_video(tmp_path: Path) -> None:
    facts = measure(write_film(tmp_path / "song.m4a", picture_is_cover=True), LIMITS)
    assert (facts.media_type, facts.codec, facts.has_video) == ("audio/mp4", "aac", False)


def test_recording_exactly_as_long_as_allowed_is_taken(tmp_path: Path) -> None:
    limits = MediaLimits(max_bytes=5_000_000, max_duration_ms=2000)
    assert measure(write_wav(tmp_path / "a.wav"), limits).duration_ms == 2000
