"""The outline of a sound for a player: a few peaks, found while it is decoded."""

from collections.abc import Iterable
from itertools import pairwise

from recordings.media.decoding import RATE

STRIDE = 3  # every 3rd sample of speech at 16 kHz draws the same outline for a third of the cost
LOUDEST = 32_768


class Outline:
    """Keeps the peak of each short window; when there are too many, neighbours become one."""

    def __init__(self, buckets: int) -> None:
        self._buckets = buckets
        self._window = RATE // 50  # samples
        self._peaks: list[int] = []
        self._open_peak = 0
        self._open_samples = 0

    def add(self, piece: bytes) -> None:
        """Take the next samples (signed 16-bit, native order)."""
        samples = memoryview(piece).cast("h")
        at = 0
        while at < len(samples):
            part = samples[at : at + self._window - self._open_samples]
            self._open_peak = max(self._open_peak, _peak(part))
            self._open_samples += len(part)
            at += len(part)
            if self._open_samples >= self._window:
                self._close()

    def peaks(self) -> tuple[int, ...]:
        """Return one peak of 0 to 255 for each bucket; fewer when the sound is very short."""
        self._close()
        count = min(self._buckets, len(self._peaks))
        edges = [index * len(self._peaks) // count for index in range(count + 1)] if count else []
        return tuple(max(self._peaks[start:end]) * 255 // LOUDEST for start, end in pairwise(edges))

    def _close(self) -> None:
        if self._open_samples:
            self._peaks.append(self._open_peak)
        self._open_peak = self._open_samples = 0
        if len(self._peaks) >= 4 * self._buckets:
            pairs = zip(self._peaks[::2], self._peaks[1::2], strict=False)
            self._peaks = [max(pair) for pair in pairs]
            self._window *= 2


def loudest(outlines: Iterable[Outline]) -> tuple[int, ...]:
    """Return one outline of several channels: the loudest in each bucket. Silent ones add none."""
    heard = [peaks for outline in outlines if (peaks := outline.peaks())]
    return tuple(max(bucket) for bucket in zip(*heard, strict=False))


def _peak(part: memoryview) -> int:
    sparse = part[::STRIDE].tolist()
    return max(max(sparse), -min(sparse))
