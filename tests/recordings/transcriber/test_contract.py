"""What every transcriber promises, whoever listens."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recordings.transcriber.azure import AzureTranscriber
from recordings.transcriber.offline import OfflineTranscriber
from recordings.transcriber.protocol import SpokenSegment, Transcriber
from talenti.azure.speech import SpeechProvider
from talenti.errors import PermanentFailure
from tests.emulators.speech import KEY, Phrase, SpeechEmulator
from tests.emulators.speech_listener import listen

SPOKEN = Path(__file__).parents[1] / "fixtures" / "customer.wav"
DURATION_MS = 4520
NAMES = ("REGION", "ENDPOINT", "KEY")
HEARD = [Phrase(200, 1800, "I called the customer."), Phrase(2500, 1600, "We set a date.")]


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        emulator.script.phrases = list(HEARD)
        yield emulator


@pytest.fixture(params=["offline", "sdk", "fast", pytest.param("live", marks=pytest.mark.live)])
def transcriber(request: pytest.FixtureRequest) -> Transcriber:
    if request.param == "offline":
        return OfflineTranscriber()
    if request.param == "live":
        return live_transcriber()
    emulator = request.getfixturevalue("speech")
    provider = SpeechProvider(endpoint=emulator.endpoint, key=KEY)
    return AzureTranscriber(provider, request.param)


def live_transcriber() -> AzureTranscriber:
    """Return one for the real service, which LIVE_AZURE_SPEECH_KEY opens; each run costs cents."""
    region, endpoint, key = (os.environ.get(f"LIVE_AZURE_SPEECH_{name}", "") for name in NAMES)
    engine = AzureTranscriber(SpeechProvider(region, endpoint, key))
    return pytest.skip(" ".join(engine.check())) if engine.check() else engine


def is_in_order(segments: tuple[SpokenSegment, ...]) -> bool:
    starts = [segment.start_ms for segment in segments]
    return starts == sorted(starts)


def test_engine_has_a_name_and_a_label_and_all_it_needs(transcriber: Transcriber) -> None:
    assert transcriber.name.isidentifier()
    assert transcriber.label.endswith(".")
    assert transcriber.check() == []


def test_speech_becomes_segments_inside_the_recording(transcriber: Transcriber) -> None:
    heard = transcriber.transcribe(SPOKEN, language="en-US")
    assert heard.language == "en-US"
    assert heard.model
    assert heard.segments
    assert is_in_order(heard.segments)
    for segment in heard.segments:
        assert 0 <= segment.start_ms < segment.end_ms <= DURATION_MS
        assert segment.text == segment.text.strip() != ""
        assert segment.confidence is None or 0 <= segment.confidence <= 1


@pytest.mark.parametrize("language", ["", "xx", "england"])
def test_language_that_nobody_knows_is_refused(transcriber: Transcriber, language: str) -> None:
    with pytest.raises(PermanentFailure) as failed:
        transcriber.transcribe(SPOKEN, language=language)
    assert failed.value.code == "language_not_supported"


def test_file_that_is_no_sound_fails_for_good(transcriber: Transcriber, tmp_path: Path) -> None:
    path = tmp_path / "words.wav"
    path.write_bytes(b"just some words, not a medium")
    with pytest.raises(PermanentFailure):
        transcriber.transcribe(path, language="en-US")


def test_emulator_can_really_listen(speech: SpeechEmulator) -> None:
    speech.script.listener = listen
    provider = SpeechProvider(endpoint=speech.endpoint, key=KEY)
    heard = AzureTranscriber(provider, "fast").transcribe(SPOKEN, language="en-US")
    assert "customer" in " ".join(segment.text for segment in heard.segments)
