"""What gets in, what does not, and what each is answered."""

from pathlib import Path

import pytest

from recordings.media.facts import MediaFacts
from recordings.media.inspection import decode_to_wav, inspect_media
from talenti.errors import Unsuitable
from tests.recordings.media.hostile_files import HOSTILE
from tests.recordings.media.media_files import LIMITS, write_kind, write_wav

# kind: container, media type, codec, duration in ms (encoders pad to whole packets), rate
ACCEPTED = {
    "wav": ("wav", "audio/wav", "pcm_s16le", 2000, 16_000),
    "mulaw": ("wav", "audio/wav", "pcm_mulaw", 2000, 8_000),
    "mp3": ("mp3", "audio/mpeg", "mp3", 2040, 48_000),
    "ogg": ("ogg", "audio/ogg", "opus", 2006, 48_000),
    "ogg flac": ("ogg", "audio/ogg", "flac", 2000, 48_000),
    "flac": ("flac", "audio/flac", "flac", 2000, 48_000),
    "webm": ("webm", "audio/webm", "opus", 2008, 48_000),
    "live webm": ("webm", "audio/webm", "opus", 2008, 48_000),
    "matroska": ("matroska", "audio/x-matroska", "aac", 2026, 48_000),
    "m4a": ("mp4", "audio/mp4", "aac", 2021, 48_000),
    "mp4": ("mp4", "audio/mp4", "aac", 2021, 48_000),
    "live mp4": ("mp4", "audio/mp4", "aac", 2021, 48_000),
    "mov": ("mov", "video/quicktime", "pcm_s16le", 2000, 48_000),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_accepted_kind_is_measured_by_its_content(tmp_path: Path, kind: str) -> None:
    container, media_type, codec, duration_ms, rate = ACCEPTED[kind]
    path = write_kind(tmp_path, kind).rename(tmp_path / "upload")
    facts = inspect_media(path, LIMITS)
    assert abs(facts.duration_ms - duration_ms) <= 30
    assert facts == MediaFacts(
        container, media_type, codec, facts.duration_ms, rate, channels=1, has_video=False
    )


REFUSED_IN_THE_CHILD = ["empty", "html_behind_wav", "larger_than_allowed", "m4a_of_noise"]


@pytest.mark.parametrize("name", REFUSED_IN_THE_CHILD)
def test_refusal_keeps_its_code_and_status(tmp_path: Path, name: str) -> None:
    build, limits, status, code = HOSTILE[name]
    with pytest.raises(Unsuitable) as refused:
        inspect_media(build(tmp_path), limits)
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize("name", ["zip_inside_wav", "ten_hours_in_64_kb_untold", "m4a_of_noise"])
def test_decoding_refuses_by_itself_and_leaves_no_file(tmp_path: Path, name: str) -> None:
    build, limits, _, code = HOSTILE[name]
    target = tmp_path / "decoded.wav"
    with pytest.raises(Unsuitable) as refused:
        decode_to_wav(build(tmp_path), target, limits=limits)
    assert (refused.value.code, target.exists()) == (code, False)


def test_live_recording_that_was_cut_in_a_block_is_taken(tmp_path: Path) -> None:
    path = write_kind(tmp_path, "live webm")
    path.write_bytes(path.read_bytes()[:-40])
    assert 1900 < inspect_media(path, LIMITS).duration_ms < 2010


@pytest.mark.parametrize("declared", ["audio/wav", "AUDIO/X-WAV; codecs=1", "", None])
def test_true_declared_type_is_accepted(tmp_path: Path, declared: str | None) -> None:
    path = write_wav(tmp_path / "upload")
    assert inspect_media(path, LIMITS, declared_type=declared).container == "wav"


def test_false_declared_type_is_a_mismatch(tmp_path: Path) -> None:
    with pytest.raises(Unsuitable) as refused:
        inspect_media(write_wav(tmp_path / "a.mp3"), LIMITS, declared_type="audio/mpeg")
    assert (refused.value.status, refused.value.code) == (422, "mismatch")
