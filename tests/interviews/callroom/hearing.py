"""What simulated calls sound like, as samples."""

import io
import json
import wave
from array import array

import av

from interviews.callroom.simulated.sound import AUDIO, write_wav

SECOND = 16_000
VOICES = json.loads((AUDIO / "index.json").read_text())
INDEX = {text: length for texts in VOICES.values() for text, length in texts.items()}


def written(spoken, duration_ms) -> bytes:
    target = io.BytesIO()
    write_wav(target, spoken, duration_ms)
    return target.getvalue()


def heard(spoken, duration_ms) -> tuple[array, array]:
    """Return the samples of both channels."""
    with wave.open(io.BytesIO(written(spoken, duration_ms))) as file:
        both = array("h", file.readframes(file.getnframes()))
    return both[0::2], both[1::2]


def decoded(source) -> array:
    samples = array("h")
    with av.open(source, mode="r") as container:
        resampler = av.AudioResampler("s16", "mono", SECOND)
        for frame in [*container.decode(audio=0), None]:
            for out in resampler.resample(frame):
                samples.extend(array("h", bytes(out.planes[0])[: 2 * out.samples]))
    return samples
