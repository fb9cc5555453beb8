"""Measures a medium by its packets and proves that it decodes. Runs in the child process only."""

import math
from pathlib import Path

from recordings.media.decoding import (
    FaultCount,
    Medium,
    Packet,
    decoder_errors,
    open_medium,
    packets,
)
from recordings.media.facts import MediaFacts, MediaLimits
from recordings.media.refusals import Refusal
from recordings.media.structure import flac

PROOF_MS = 10_000  # sound decoded at the start; the whole is decoded when it is transcribed
SHORT_OF = 0.9  # less than this share of the length in the header means that the rest is missing
SLACK_MS = 1_000


def measure(path: Path, limits: MediaLimits) -> MediaFacts:
    """Return the facts of the file at `path`, or raise Refusal."""
    with open_medium(path, limits) as medium:
        claimed_ms = _claimed_ms(medium)
        _refuse_long(claimed_ms, limits)
        ruler = _Ruler(medium, limits)
        for packet in packets(medium):
            ruler.add(packet)
        duration_ms = ruler.duration_ms()
        _refuse_short(medium, ruler, duration_ms, claimed_ms)
        return _facts(medium, duration_ms)


def _claimed_ms(medium: Medium) -> int:
    """Return the length in the container's own header, 0 where it is absent or only a guess."""
    stream, name = medium.stream, medium.container.name
    if name in {"flac", "mp4", "mov"} and stream.duration and stream.time_base:
        return int(stream.duration * stream.time_base * 1000)
    if name in {"webm", "matroska"} and not medium.has_video:
        return (medium.demuxer.duration or 0) // 1000
    return 0


def _refuse_long(duration_ms: float, limits: MediaLimits) -> None:
    if duration_ms > limits.max_duration_ms:
        raise Refusal("too_long", minutes=limits.max_duration_ms // 60_000)


def _refuse_short(medium: Medium, ruler: "_Ruler", duration_ms: int, claimed_ms: int) -> None:
    if duration_ms < SHORT_OF * claimed_ms - SLACK_MS:
        raise Refusal("truncated")
    if medium.container.name == "flac" and not flac.ends_cleanly(ruler.last_packet):
        raise Refusal("truncated" if duration_ms < claimed_ms else "polyglot")


def _facts(medium: Medium, duration_ms: int) -> MediaFacts:
    container, context = medium.container, medium.stream.codec_context
    return MediaFacts(
        container=container.name,
        media_type=container.video_type if medium.has_video else container.audio_type,
        codec=context.codec.canonical_name,
        duration_ms=duration_ms,
        sample_rate=context.sample_rate,
        channels=context.channels,
        has_video=medium.has_video,
    )


class _Ruler:
    """Adds up packets: by their own lengths, and by the times that they carry.

    Both may lie. The longer one is held against the limit while counting, so that a bomb is left
    as soon as it has shown itself.
    """

    def __init__(self, medium: Medium, limits: MediaLimits) -> None:
        self._limits = limits
        self._tick_ms = float(medium.stream.time_base or 0) * 1000
        self._most_ticks = limits.max_duration_ms / self._tick_ms if self._tick_ms else 0
        self._keeps_last = medium.container.name == "flac"
        self._counts = FaultCount()
        self._ticks = 0  # by the packets' own lengths
        self._first: int | None = None
        self._end = 0
        self._decoded_ms = 0.0
        self.last_packet = b""

    def add(self, packet: Packet) -> None:
        """Count one packet; the empty last one flushes a decoder that is still proving."""
        if self._decoded_ms < PROOF_MS:
            self._prove(packet)
        if not packet.size:
            return
        length, pts = packet.duration or 0, packet.pts
        self._ticks += length
        if pts is not None:
            self._first = pts if self._first is None else min(self._first, pts)
            self._end = max(self._end, pts + length)
        if self._keeps_last:
            self.last_packet = bytes(packet)
        if max(self._ticks, self._end - (self._first or 0)) > self._most_ticks:
            _refuse_long(math.inf, self._limits)

    def duration_ms(self) -> int:
        """Return the length on the medium's clock, or the sound's own where the clock lies."""
        if not self._decoded_ms:
            raise Refusal("no_sound")
        summed = max(self._ticks * self._tick_ms, self._decoded_ms)
        spanned = (self._end - (self._first or 0)) * self._tick_ms
        _refuse_long(summed, self._limits)
        return round(spanned if summed <= spanned * 1.02 + 100 else summed)

    def _prove(self, packet: Packet) -> None:
        with decoder_errors():
            frames = self._counts.frames(packet)
        for frame in frames:
            self._decoded_ms += frame.samples * 1000 / (frame.sample_rate or 1)
