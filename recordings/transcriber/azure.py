"""Azure Speech as a transcriber: by its SDK in a child process, or the whole file in one request.

| mode | how | where |
|---|---|---|
| sdk | continuous recognition over a WebSocket; two thirds of the recording's length | everywhere |
| fast | one HTTP request; minutes for an hour of sound, no native code | where it is offered |

Its words are no draft: what passes the quality gate is scored. It tells voices apart by labels,
which are nobody's names: who spoke is decided elsewhere (recordings.services.voices).
"""

import os
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from recordings.media.harness import Budget, run_child
from recordings.transcriber.protocol import SpokenSegment, SpokenWord, Transcription
from talenti.azure.speech import (
    SpeechProvider,
    locale_of,
    missing_settings,
    most_voices,
    speech_mode,
    speech_provider,
)
from talenti.azure.speech_fast import ping, transcribe_file
from talenti.azure.speech_faults import bad_answer, sdk_crashed, sdk_failure
from talenti.azure.speech_heard import Heard, HeardWord
from talenti.errors import PermanentFailure, Unsuitable
from talenti.providers.calls import provider_call
from talenti.providers.names import AZURE_SPEECH

CHILD = "talenti.azure.speech_session.recognise"
CHILD_MEMORY_BYTES = 4 << 30  # of addresses, most of them never used
CHILD_START_SECONDS = 20
PATIENCE_SECONDS = 60
SECONDS_PER_SECOND = {"sdk": 2.0, "fast": 0.5}  # of patience, for each second of sound
TOLERANCE_MS = 1000  # how far the service's clock may run past the end
LONGEST_VOICE = 40  # characters of a label
FORMAT = (1, 2, 16_000)  # channels, bytes per sample, samples per second


class AzureTranscriber:
    """Satisfies the Transcriber protocol. Settings name the provider unless one is given."""

    name = "azure"
    label = "Machine transcript (Azure Speech)."
    is_draft = False

    def __init__(
        self,
        provider: SpeechProvider | None = None,
        mode: Literal["sdk", "fast"] | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._provider = provider
        self._mode = mode
        self._patience_seconds = patience_seconds

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""
        return missing_settings(self._provider or speech_provider())

    def probe(self) -> str:
        """Call the provider once, for nothing; raises PermanentFailure or RetryLater."""
        ping(self._provider or speech_provider())
        return self._mode or speech_mode()

    def transcribe(self, audio: Path, *, language: str) -> Transcription:
        """Return what is said in `audio`, a mono WAV file of 16 kHz; no segments in silence.

        Raises PermanentFailure (provider_unauthorised, language_not_supported, bad_audio,
        bad_answer ...) or RetryLater.
        """
        provider, mode = self._provider or speech_provider(), self._mode or speech_mode()
        locale = locale_of(language)
        if locale is None:
            raise PermanentFailure(
                "Azure Speech is not asked for this language.", code="language_not_supported"
            )
        duration_ms = wav_duration_ms(audio)
        seconds = self._patience_seconds + SECONDS_PER_SECOND[mode] * duration_ms / 1000
        heard: Iterable[Heard] = ()
        if duration_ms:
            hear = transcribe_file if mode == "fast" else recognise_file
            with provider_call(AZURE_SPEECH, f"transcribe-{mode}", seconds=seconds):
                heard = hear(provider, audio, locale, seconds=seconds, voices=most_voices())
        segments = tuple(checked_segments(heard, duration_ms))
        return Transcription(segments, locale, f"azure-speech {mode}")


def recognise_file(
    provider: SpeechProvider, wav: Path, locale: str, *, seconds: float, voices: int
) -> list[Heard]:
    """Return what the SDK hears, in a child process that ends after `seconds`.

    With 1 for `voices` it tells none apart; how many there are is its own business.

    Raises PermanentFailure or RetryLater; a crash of the SDK says nothing about the audio.
    """
    arguments = {
        "source": os.fspath(wav.absolute()),
        "locale": locale,
        "voices": voices,
        "seconds": seconds,
        "region": provider.home_region,
        "endpoint": "" if provider.is_shared else provider.endpoint,
        "key": provider.key,
        "token": "" if provider.key else provider.token(),
    }
    lasting = seconds + CHILD_START_SECONDS
    try:
        told = run_child(CHILD, arguments, Budget(int(lasting), lasting, CHILD_MEMORY_BYTES))
    except Unsuitable as crash:
        raise sdk_crashed() from crash
    if told["fault"]:
        raise sdk_failure(told["fault"])
    return [_heard(*phrase) for phrase in told["heard"]]


def _heard(
    start_ms: int, end_ms: int, text: str, confidence: float | None, voice: str, words: list[Any]
) -> Heard:
    return Heard(
        start_ms, end_ms, text, confidence, voice, tuple(HeardWord(*word) for word in words)
    )


def wav_duration_ms(audio: Path) -> int:
    """Return the length of the sound; raises PermanentFailure for another kind of file."""
    try:
        with wave.open(os.fspath(audio), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) == FORMAT:
                return file.getnframes() * 1000 // file.getframerate()
    except (wave.Error, EOFError):
        pass
    raise PermanentFailure("This is not a mono WAV file of 16 kHz.", code="bad_audio")


def checked_segments(heard: Iterable[Heard], duration_ms: int) -> Iterator[SpokenSegment]:
    """Yield the segments with words in them, in order of time.

    Raises PermanentFailure (bad_answer) for times outside the recording, backward ones of one
    voice, or a confidence outside 0 to 1. Of two voices at once the one that ends first is told
    first. A single word with impossible times is left out: it only refines.
    """
    told = [phrase for phrase in heard if phrase.text.strip()]
    latest_ms: dict[str, int] = {}
    for phrase in told:
        in_time = latest_ms.get(phrase.voice, 0) <= phrase.start_ms < phrase.end_ms
        in_sound = phrase.start_ms < duration_ms >= phrase.end_ms - TOLERANCE_MS
        if not (in_time and in_sound and _is_share(phrase)):
            raise bad_answer()
        latest_ms[phrase.voice] = phrase.start_ms
    for phrase in sorted(told, key=lambda one: one.start_ms):
        end_ms = min(phrase.end_ms, duration_ms)
        yield SpokenSegment(
            phrase.start_ms,
            end_ms,
            phrase.text.strip(),
            phrase.confidence,
            phrase.voice.strip()[:LONGEST_VOICE],
            tuple(_words(phrase, end_ms)),
        )


def _words(phrase: Heard, end_ms: int) -> Iterator[SpokenWord]:
    latest_ms = phrase.start_ms
    for word in phrase.words:
        until_ms = min(word.end_ms, end_ms)
        if latest_ms <= word.start_ms < until_ms and word.text.strip() and _is_share(word):
            latest_ms = word.start_ms
            yield SpokenWord(word.text.strip(), word.start_ms, until_ms, word.confidence)


def _is_share(told: Heard | HeardWord) -> bool:
    return told.confidence is None or 0 <= told.confidence <= 1
