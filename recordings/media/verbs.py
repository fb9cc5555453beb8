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
from recordings.media.waveform import Outline


def inspect(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of the file `source`."""
    return asdict(measure(Path(arguments["source"]), MediaLimits(**arguments["limits"])))


def decode(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Decode `source` into the WAV file `target` (if given), with `buckets` peaks (if not 0)."""
    limits, buckets = MediaLimits(**arguments["limits"]), arguments["buckets"]
    outline = Outline(buckets) if buckets else None
    with open_medium(Path(arguments["source"]), limits) as medium:
        reader = SoundReader(medium, limits)
        with wave.open(arguments["target"] or os.devnull, "wb") as target:
            target.setparams((1, SAMPLE_BYTES, RATE, 0, "NONE", "not compressed"))
            for piece in reader.pieces():
                target.writeframesraw(piece)
                if outline:
                    outline.add(piece)
    return {"duration_ms": reader.duration_ms, "peaks": outline.peaks() if outline else ()}
