"""The transcriber without keys and network: pocketsphinx, US English, always a draft.

Measured on this engine: word error rate below 0.1 on clear synthetic speech, 0.06 to 0.3 on clean
read speech, 0.7 and worse on the telephone and in conversation. So its words are never evidence
before a person has confirmed them.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recordings.media.facts import MediaLimits
from recordings.media.harness import Budget, run_child
from recordings.transcriber.protocol import SpokenSegment, Transcription
from talenti.errors import PermanentFailure, Unsuitable

RECOGNISER = "pocketsphinx"
MODEL = "pocketsphinx en-us"
LANGUAGE = "en-US"
MEMORY_BYTES = 1 << 30
START_SECONDS = 60
CPU_PER_SECOND = 2  # of sound; 0.15 to 0.55 were measured
PATIENCE = 3  # wall seconds per CPU second
DEFAULT_LIMITS = MediaLimits(
    max_bytes=2_000_000_000, max_duration_ms=3 * 3_600_000, memory_bytes=MEMORY_BYTES
)


class OfflineTranscriber:
    """Satisfies the Transcriber protocol. `limits` bound the recording and the child's memory."""

    name = "offline"
    label = "Draft transcript (basic offline recogniser, US English). Check every word."
    is_draft = True

    def __init__(self, limits: MediaLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def check(self) -> list[str]:
        if find_spec(RECOGNISER) is None:
            return ["pocketsphinx is not installed: install Talenti with its `offline` extra."]
        return []

    def transcribe(self, audio: Path, *, language: str) -> Transcription:
        """Return what is said in `audio`; no segments when nobody speaks.

        Raises PermanentFailure (language_not_supported, recogniser_not_installed, or the code for
        which the file is refused) or RetryLater.
        """
        if language.replace("_", "-").lower().partition("-")[0] != "en":
            raise PermanentFailure(
                "The offline recogniser understands English only.", code="language_not_supported"
            )
        for missing in self.check():
            raise PermanentFailure(missing, code="recogniser_not_installed")
        segments = self._recognise(audio)
        return Transcription(tuple(_spoken(segment) for segment in segments), LANGUAGE, MODEL)

    def _recognise(self, audio: Path) -> list[Mapping[str, Any]]:
        arguments = {"source": os.fspath(audio.absolute()), "limits": asdict(self._limits)}
        cpu_seconds = START_SECONDS + CPU_PER_SECOND * self._limits.max_duration_ms // 1000
        budget = Budget(cpu_seconds, cpu_seconds * PATIENCE, self._limits.memory_bytes)
        try:
            result = run_child("recordings.transcriber.recognition.recognise", arguments, budget)
        except Unsuitable as refused:
            raise PermanentFailure(refused.message, code=refused.code) from refused
        segments: list[Mapping[str, Any]] = result["segments"]
        return segments


def _spoken(segment: Mapping[str, Any]) -> SpokenSegment:
    return SpokenSegment(
        segment["start_ms"], segment["end_ms"], segment["text"], segment["confidence"]
    )
