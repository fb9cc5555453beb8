"""Files of calls: one side of the line is heard alone, and both are seen."""

from pathlib import Path

import pytest

from recordings.media.facts import MediaLimits
from recordings.media.inspection import decode_to_wav, decode_with_peaks
from talenti.errors import Unsuitable
from tests.recordings.call_sound import RATE, samples_of, silence, tone, unmixed
from tests.recordings.rows import WAV

LIMITS = MediaLimits(max_bytes=10_000_000, max_duration_ms=60_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, content: bytes) -> Path:
    path = folder / "call.wav"
    path.write_bytes(content)
    return path


def heard(folder: Path, content: bytes, channel: int | None) -> tuple[list[int], tuple[int, ...]]:
    """Return the samples that are written down, and the outline."""
    target = folder / "heard.wav"
    decoded = decode_with_peaks(write(folder, content), target, limits=LIMITS, channel=channel)
    return samples_of(target).tolist(), decoded.peaks


@pytest.mark.parametrize(
    ("channels", "channel"), [(1, 0), (2, 0), (2, 1), (3, 0), (4, 0), (5, 0), (5, 4)]
)
def test_one_channel_is_heard_sample_by_sample(folder: Path, channels: int, channel: int):
    sides = [tone(RATE, 300 + 100 * place) for place in range(channels)]
    samples, _ = heard(folder, unmixed(*sides), channel)
    assert samples == sides[channel].tolist()


def test_without_a_channel_all_are_mixed(folder: Path):
    side = tone(RATE)
    samples, _ = heard(folder, unmixed(side, silence(RATE)), None)
    assert 0.4 < max(samples) / max(side) < 0.8


def test_silent_channel_is_silent_and_its_outline_shows_the_other(folder: Path):
    samples, peaks = heard(folder, unmixed(silence(RATE), tone(RATE)), 0)
    assert (set(samples), len(peaks)) == ({0}, 50)
    assert min(peaks) > 60


def test_outline_shows_whoever_is_louder(folder: Path):
    half = RATE // 2
    first = tone(half) + silence(half)
    second = silence(half) + tone(half)
    _, peaks = heard(folder, unmixed(first, second), 0)
    assert min(peaks) > 60


def test_telephone_rate_becomes_the_recognisers(folder: Path):
    eight_thousand = unmixed(tone(8_000, 220), silence(8_000), rate=8_000)
    target = folder / "heard.wav"
    decoded = decode_with_peaks(write(folder, eight_thousand), target, limits=LIMITS, channel=0)
    assert abs(decoded.duration_ms - 1000) <= 2
    assert max(samples_of(target)) > 8_000


def test_channel_that_is_not_there_is_refused_and_leaves_no_file(folder: Path):
    source, target = write(folder, unmixed(tone(RATE))), folder / "heard.wav"
    with pytest.raises(Unsuitable) as refused:
        decode_with_peaks(source, target, limits=LIMITS, channel=1)
    assert (refused.value.code, target.exists()) == ("no_sound", False)


def test_mix_of_a_mono_file_is_the_file(folder: Path):
    source, target = write(folder, WAV.read_bytes()), folder / "heard.wav"
    decode_to_wav(source, target, limits=LIMITS)
    assert samples_of(target) == samples_of(WAV)
