"""Ears for the emulator, for a demo on one machine: it listens, as well as it can offline."""

import tempfile
import wave
from pathlib import Path

from recordings.transcriber.offline import OfflineTranscriber
from tests.emulators.speech import Phrase

PARAMETERS = (1, 2, 16_000, 0, "NONE", "")


def listen(pcm: bytes) -> list[Phrase]:
    """Return what the offline recogniser hears in samples of 16 kHz, mono, 16 bits."""
    with tempfile.TemporaryDirectory(prefix="talenti-speech-") as folder:
        wav = Path(folder, "sound.wav")
        with wave.open(str(wav), "wb") as file:
            file.setparams(PARAMETERS)
            file.writeframes(pcm[: len(pcm) // 2 * 2])
        heard = OfflineTranscriber().transcribe(wav, language="en-US")
    return [
        Phrase(said.start_ms, said.end_ms - said.start_ms, said.text, said.confidence)
        for said in heard.segments
    ]
