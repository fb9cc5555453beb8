"""What may be uploaded (limits), and what was found in a file (facts)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """The bounds of one file and of the child process that reads it."""

    max_bytes: int
    max_duration_ms: int
    max_streams: int = 8
    max_channels: int = 8
    memory_bytes: int = 512 * 2**20


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the bytes themselves say; nothing here is the sender's word.

    `container` is wav, mp3, ogg, flac, webm, matroska, mp4 or mov; `codec` is the sound's.
    """

    container: str
    media_type: str
    codec: str
    duration_ms: int
    sample_rate: int
    channels: int
    has_video: bool


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """How long the decoded sound is, and its outline: one peak per bucket, 0 to 255."""

    duration_ms: int
    peaks: tuple[int, ...]
