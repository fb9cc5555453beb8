"""Opens a sniffed medium and turns its first sound stream into packets and 16 kHz mono samples.

Runs in the child process only. The demuxer is the one our own sniffing chose, it gets bytes from an
open file and nothing else: no name, no protocol, no second file.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn, TypeAlias

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from recordings.media.facts import MediaLimits
from recordings.media.refusals import Refusal
from recordings.media.structure.sniff import Container, sniff

RATE = 16_000  # samples per second of everything decoded
SAMPLE_BYTES = 2
GAP_SAMPLES = RATE // 10  # a longer hole in the time line becomes silence: times stay true
GRACE_MS = 1_000  # what rounding may add to a recording that is just as long as allowed

if TYPE_CHECKING:
    from av.packet import Packet as AnyPacket

Packet: TypeAlias = "AnyPacket[AudioStream]"
MIXED = ("s16", "mono", RATE)

CODECS = frozenset(
    {
        *("opus", "libopus", "vorbis", "libvorbis", "flac", "mp3", "mp3float", "aac", "alac"),
        *("pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be"),
        *("pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_mulaw", "pcm_alaw"),
    }
)
OPTIONS = {"codec_whitelist": ",".join(sorted(CODECS)), "protocol_whitelist": "none"}


@dataclass(frozen=True, slots=True)
class Medium:
    """An open medium and the one stream of sound that is heard."""

    container: Container
    demuxer: InputContainer
    stream: AudioStream
    has_video: bool

    @property
    def start_seconds(self) -> float:
        """Where the medium's own clock starts; players show this moment as zero."""
        return (self.demuxer.start_time or 0) / 1_000_000


class _Bytes:
    """The file as the library sees it: bytes without a name, and no place outside of them.

    A damaged index asks for places before the start or far behind the end. Those become the end,
    where nothing is left to read, so that an error of this object is always the machine's.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_CUR: self._file.tell(), os.SEEK_END: self._size}.get(whence, 0)
        inside = 0 <= base + offset <= self._size
        return self._file.seek(base + offset if inside else self._size)


@contextmanager
def open_medium(path: Path, limits: MediaLimits) -> Iterator[Medium]:
    """Open the file at `path`, checked from its first byte to its last; raises Refusal."""
    with path.open("rb", buffering=1 << 16) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.max_bytes:
            raise Refusal("too_large", megabytes=limits.max_bytes // 1_000_000)
        container = sniff(file, size)
        file.seek(0)
        with decoder_errors():
            demuxer = av.open(
                _Bytes(file, size),
                mode="r",
                format=container.demuxer,
                container_options=OPTIONS,
                metadata_errors="replace",
                io_open=_refuse_other_file,
            )
        with demuxer:
            yield _choose_sound(container, demuxer, limits)


def _refuse_other_file(_url: str, _flags: int, _options: dict[str, str]) -> NoReturn:
    raise Refusal("external_reference")


@contextmanager
def decoder_errors() -> Iterator[None]:
    """Turn the library's errors into a verdict on the file.

    A disk that fails does so in our own file object: that error is no FFmpegError, and passes.
    """
    try:
        yield
    except MemoryError as error:
        raise Refusal("too_costly") from error
    except av.error.FFmpegError as error:
        code = "too_costly" if error.errno == errno.ENOMEM else "undecodable"
        raise Refusal(code) from error


def _choose_sound(container: Container, demuxer: InputContainer, limits: MediaLimits) -> Medium:
    if len(demuxer.streams) > limits.max_streams:
        raise Refusal("too_many_streams", streams=limits.max_streams)
    if not demuxer.streams.audio:
        raise Refusal("no_sound")
    stream = demuxer.streams.audio[0]
    if getattr(stream.codec_context, "name", None) not in CODECS:  # None: no decoder for it
        raise Refusal("codec_not_accepted")
    context = stream.codec_context
    if not 0 < context.sample_rate <= 768_000 or context.channels < 1:
        raise Refusal("undecodable")
    if context.channels > limits.max_channels:
        raise Refusal("too_many_channels", channels=limits.max_channels)
    has_video = any(
        not video.disposition & Disposition.attached_pic for video in demuxer.streams.video
    )
    return Medium(container, demuxer, stream, has_video)


def packets(medium: Medium) -> Iterator[Packet]:
    """Yield the sound's packets, the last one empty to flush the decoder; raises Refusal."""
    with decoder_errors():
        yield from medium.demuxer.demux(medium.stream)


@dataclass(slots=True)
class FaultCount:
    """Players pass over a few damaged packets, and so do we; a file of them is refused."""

    packets: int = 0
    faults: int = 0

    def frames(self, packet: Packet) -> list[AudioFrame]:
        """Return the decoded frames of one packet, none if it is damaged."""
        self.packets += 1
        try:
            return list(packet.decode())
        except av.error.InvalidDataError as error:
            self.faults += 1
            if self.faults > 3 + self.packets // 10:
                raise Refusal("undecodable") from error
            return []


class SoundReader:
    """Decodes a medium to 16 kHz signed 16-bit samples, in pieces, in constant memory.

    All channels become one, or with `apart` each stays for itself.
    """

    def __init__(self, medium: Medium, limits: MediaLimits, *, apart: bool = False) -> None:
        self._medium = medium
        self._apart = apart
        self._start_seconds = medium.start_seconds
        self._minutes = limits.max_duration_ms // 60_000
        self._most = (limits.max_duration_ms + GRACE_MS) * RATE // 1000
        self._counts = FaultCount()
        self._resampler: AudioResampler | None = None
        self._source: tuple[str, str, int] | None = None
        self._target = MIXED
        self._planes = 1
        self.samples = 0  # of each channel, given out so far

    @property
    def duration_ms(self) -> int:
        return self.samples * 1000 // RATE

    def pieces(self) -> Iterator[bytes]:
        """Yield the samples of the mix (or of the first channel) in order; see `planes`."""
        for planes in self.planes():
            yield planes[0]

    def planes(self) -> Iterator[tuple[bytes, ...]]:
        """Yield the samples in order, a piece of equal length for each channel.

        Holes are filled with silence. Raises Refusal too_long.
        """
        with decoder_errors():
            for packet in packets(self._medium):
                for frame in self._counts.frames(packet):
                    yield from self._piece(frame)
            yield from self._flush()
        if not self.samples:
            raise Refusal("no_sound")

    def _piece(self, frame: AudioFrame) -> Iterator[tuple[bytes, ...]]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        missing = self._missing_samples(frame)
        if shape != self._source or missing:
            yield from self._flush()
            self._source = shape
            self._resampler = self._new_resampler(frame)
            yield from self._silence(missing)
        if self._resampler is not None:
            yield from self._resampled(self._resampler, frame)

    def _new_resampler(self, frame: AudioFrame) -> AudioResampler:
        if not self._apart:
            return AudioResampler(*MIXED)
        self._target = ("s16p", frame.layout.name, RATE)
        self._planes = frame.layout.nb_channels
        return AudioResampler("s16p", frame.layout, RATE)

    def _missing_samples(self, frame: AudioFrame) -> int:
        """Return by how many samples the frame's own time is ahead of what was given out."""
        time = frame.time
        if time is None:
            return 0
        ahead = int((time - self._start_seconds) * RATE) - self.samples
        return ahead if ahead > GAP_SAMPLES else 0

    def _silence(self, samples: int) -> Iterator[tuple[bytes, ...]]:
        while samples > 0:
            count = min(samples, RATE)
            self._count(count)
            yield (bytes(count * SAMPLE_BYTES),) * self._planes
            samples -= count

    def _flush(self) -> Iterator[tuple[bytes, ...]]:
        resampler, self._resampler = self._resampler, None
        if resampler is not None and self._source != self._target:  # nothing is held back then
            yield from self._resampled(resampler, None)

    def _resampled(
        self, resampler: AudioResampler, frame: AudioFrame | None
    ) -> Iterator[tuple[bytes, ...]]:
        for out in resampler.resample(frame):
            if out.samples:
                self._count(out.samples)
                size = out.samples * SAMPLE_BYTES
                yield tuple(bytes(memoryview(plane)[:size]) for plane in out.planes)

    def _count(self, samples: int) -> None:
        self.samples += samples
        if self.samples > self._most:
            raise Refusal("too_long", minutes=self._minutes)
