"""Cuts a stream of short frames into utterances at pauses; it is told which frames are speech.

All lengths are counted in frames. Frames around speech are kept, so that soft beginnings and ends
of words are not lost; long speech is cut at its longest pause so far, or hard when it has none.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PauseRules:
    """When an utterance starts and ends, in frames."""

    pause: int  # silence that ends an utterance
    padding: int  # silence that is kept before and after speech
    least_speech: int  # utterances with fewer speech frames are noise
    longest: int  # no utterance is longer


@dataclass(frozen=True, slots=True)
class Utterance:
    """Consecutive frames; `start` is the number of the first one in the stream, from 0."""

    start: int
    frames: tuple[bytes, ...]


class _Open:
    """The utterance that is being heard."""

    def __init__(self, start: int, before: Iterable[bytes]) -> None:
        self.frames = list(before)
        self.start = start - len(self.frames)
        self.speech = 0
        self.silence = 0  # frames since the last speech
        self._longest_pause = 0
        self._cut_at = 0  # the middle of the longest pause so far

    def add(self, frame: bytes, *, is_speech: bool) -> None:
        self.frames.append(frame)
        self.speech += is_speech
        if is_speech:
            self.silence = 0
            return
        self.silence += 1
        if self.silence >= self._longest_pause:
            self._longest_pause = self.silence
            self._cut_at = len(self.frames) - self.silence // 2

    def cut(self) -> tuple[Utterance, "_Open"]:
        """Split at the longest pause if there is one, else at the end."""
        at = self._cut_at or len(self.frames)
        rest = _Open(self.start + len(self.frames), self.frames[at:])
        rest.speech = min(self.speech, len(rest.frames))
        rest.silence = min(self.silence, len(rest.frames))
        return Utterance(self.start, tuple(self.frames[:at])), rest

    def close(self, rules: PauseRules) -> Iterator[Utterance]:
        if self.speech >= rules.least_speech:
            yield Utterance(self.start, tuple(self.frames[: self._end(rules)]))

    def left_over(self, rules: PauseRules) -> list[bytes]:
        """Return the closing silence that the utterance does not keep: the next one may."""
        return self.frames[self._end(rules) :]

    def _end(self, rules: PauseRules) -> int:
        return len(self.frames) - max(0, self.silence - rules.padding)


def split_at_pauses(frames: Iterable[tuple[bytes, bool]], rules: PauseRules) -> Iterator[Utterance]:
    """Yield the utterances of a stream of (frame, is_speech), holding at most one of them."""
    before: deque[bytes] = deque(maxlen=rules.padding)
    heard: _Open | None = None
    for number, (frame, is_speech) in enumerate(frames):
        if heard is None:
            if not is_speech:
                before.append(frame)
                continue
            heard = _Open(number, before)
            before.clear()
        heard.add(frame, is_speech=is_speech)
        if heard.silence >= rules.pause:
            yield from heard.close(rules)
            before.extend(heard.left_over(rules))
            heard = None
        elif len(heard.frames) >= rules.longest:
            utterance, heard = heard.cut()
            yield utterance
    if heard is not None:
        yield from heard.close(rules)
