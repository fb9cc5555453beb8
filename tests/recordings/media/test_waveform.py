"""The outline: its size, its range, and that it does not depend on how the sound was cut."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.media.waveform import Outline


def outline(samples: array, *, buckets: int, piece: int) -> tuple[int, ...]:
    drawn = Outline(buckets)
    for at in range(0, len(samples), piece):
        drawn.add(samples[at : at + piece].tobytes())
    return drawn.peaks()


def test_no_sound_has_no_outline() -> None:
    assert Outline(10).peaks() == ()


def test_short_sound_has_one_peak_per_window() -> None:
    assert outline(array("h", [16_384] * 640), buckets=600, piece=640) == (127, 127)


@pytest.mark.parametrize("seconds", [1, 7, 100])
def test_long_sound_has_as_many_peaks_as_asked(seconds: int) -> None:
    samples = array("h", [0, 0, 0, 0, -32_768, 0, 0, 0] * 2000 * seconds)
    assert outline(samples, buckets=20, piece=16_000) == (255,) * 20


@given(st.lists(st.integers(-32_768, 32_767), max_size=3000), st.integers(1, 40))
def test_every_peak_is_a_byte(values: list[int], buckets: int) -> None:
    drawn = outline(array("h", values), buckets=buckets, piece=512)
    assert len(drawn) <= buckets
    assert all(0 <= peak <= 255 for peak in drawn)
