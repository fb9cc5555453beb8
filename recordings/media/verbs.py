"""What the media child can be asked: each verb takes arguments and returns its result."""

import os
import wave
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recordings.media.decoding import RATE, SAMPLE_BYTES, SoundReader, open_medium
from recordings.media.facts import MediaLimits
from recordings.media.measuring import measure
from recordings.media.refusals import Refusal
from recordings.media.waveform import Outline, loudest


def inspect(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of the file `source`."""
    return asdict(measure(Path(arguments["source"]), MediaLimits(**arguments["limits"])))


def decode(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Decode `source` into the WAV file `target` (if given), with `buckets` peaks (if not 0).

    The WAV file holds the mix, or only the `channel` (from 0) where one is named; the peaks are the
    loudest of all channels.
    """
    limits, buckets = MediaLimits(**arguments["limits"]), arguments["buckets"]
    channel: int | None = arguments.get("channel")
    with open_medium(Path(arguments["source"]), limits) as medium:
        reader = SoundReader(medium, limits, apart=channel is not None)
        outlines = [Outline(buckets) for _ in range(limits.max_channels)] if buckets else []
        with wave.open(arguments["target"] or os.devnull, "wb") as target:
            target.setparams((1, SAMPLE_BYTES, RATE, 0, "NONE", "not compressed"))
            for planes in reader.planes():
                target.writeframesraw(_one_of(planes, channel or 0))
                for outline, plane in zip(outlines, planes, strict=False):
                    outline.add(plane)
    return {"duration_ms": reader.duration_ms, "peaks": loudest(outlines)}


def _one_of(planes: tuple[bytes, ...], channel: int) -> bytes:
    if channel >= len(planes):
        raise Refusal("no_sound")
    return planes[channel]
