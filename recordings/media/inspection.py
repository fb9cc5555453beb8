"""What the rest of the house may ask about media files. Everything runs in a bounded child process.

All functions raise Unsuitable (the file's fault: 413, 415 or 422), RetryLater (the machine's) or
PermanentFailure (ours); see `harness`.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recordings.media.facts import DecodedAudio, MediaFacts, MediaLimits
from recordings.media.harness import REPLY_BYTES, Budget, run_child, unsuitable

INSPECT_CPU_SECONDS = 30
DECODE_CPU_SECONDS = 30
SLOWEST_DECODE = 60  # times faster than real time; a tenth of what two cores do
PATIENCE = 6  # wall seconds per CPU second, for a busy machine
WAV_BYTES_PER_MS = 32
WAV_SLACK = 1 << 20

NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream"}
NAMES = {
    "wav": {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    "mp3": {"audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3"},
    "ogg": {"audio/ogg", "video/ogg", "application/ogg", "audio/opus"},
    "flac": {"audio/flac", "audio/x-flac"},
    "webm": {"audio/webm", "video/webm"},
    "matroska": {"audio/x-matroska", "video/x-matroska", "audio/webm", "video/webm"},
    "mp4": {"audio/mp4", "video/mp4", "audio/m4a", "audio/x-m4a", "audio/3gpp", "video/3gpp"},
    "mov": {"video/quicktime", "audio/mp4", "video/mp4"},
}


def inspect_media(
    path: Path, limits: MediaLimits, *, declared_type: str | None = None
) -> MediaFacts:
    """Return what the file at `path` really is.

    Its packets are counted to the end and the first seconds are decoded. A `declared_type` that
    names another container is refused (422 mismatch); parameters such as codecs are not compared.
    """
    budget = _budget(INSPECT_CPU_SECONDS, limits, REPLY_BYTES)
    facts = MediaFacts(
        **run_child("recordings.media.verbs.inspect", _arguments(path, limits), budget)
    )
    if not _agrees(facts, declared_type):
        raise unsuitable("mismatch")
    return facts


def decode_to_wav(source: Path, target: Path, *, limits: MediaLimits) -> int:
    """Write the sound of `source` to `target` as 16 kHz mono 16-bit WAV; return its milliseconds.

    Time on the WAV is time on the recording: holes become silence. On any error no target is left.
    """
    return decode_with_peaks(source, target, limits=limits, buckets=0).duration_ms


def decode_with_peaks(
    source: Path,
    target: Path,
    *,
    limits: MediaLimits,
    buckets: int = 600,
    channel: int | None = None,
) -> DecodedAudio:
    """Do what `decode_to_wav` does, and return the outline of the sound from the same pass.

    With `channel` (from 0) only that one is written; the outline is still of all that is heard.
    """
    try:
        return _decode(source, str(target), limits, buckets, channel)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def peaks(source: Path, buckets: int = 600, *, limits: MediaLimits) -> tuple[int, ...]:
    """Return the outline of the sound for a player: at most `buckets` peaks of 0 to 255."""
    return _decode(source, None, limits, buckets).peaks


def _decode(
    source: Path,
    target: str | None,
    limits: MediaLimits,
    buckets: int,
    channel: int | None = None,
) -> DecodedAudio:
    seconds = DECODE_CPU_SECONDS + limits.max_duration_ms // 1000 // SLOWEST_DECODE
    budget = _budget(seconds, limits, limits.max_duration_ms * WAV_BYTES_PER_MS + WAV_SLACK)
    arguments = _arguments(source, limits) | {
        "target": target,
        "buckets": buckets,
        "channel": channel,
    }
    result = run_child("recordings.media.verbs.decode", arguments, budget)
    return DecodedAudio(result["duration_ms"], tuple(result["peaks"]))


def _budget(cpu_seconds: int, limits: MediaLimits, file_bytes: int) -> Budget:
    return Budget(cpu_seconds, cpu_seconds * PATIENCE, limits.memory_bytes, file_bytes)


def _arguments(path: Path, limits: MediaLimits) -> dict[str, Any]:
    return {"source": os.fspath(path.absolute()), "limits": asdict(limits)}


def _agrees(facts: MediaFacts, declared_type: str | None) -> bool:
    name = (declared_type or "").partition(";")[0].strip().lower()
    return name in NO_CLAIM or name in NAMES[facts.container]
