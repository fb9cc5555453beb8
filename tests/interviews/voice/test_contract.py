"""What every voice keeps to. A new engine joins by one line in ENGINES."""

import os
from collections.abc import Iterator

import pytest

from interviews.voice.azure import AzureVoice
from interviews.voice.offline import OfflineVoice
from interviews.voice.protocol import Voice
from talenti.azure.speech import SpeechProvider
from talenti.errors import PermanentFailure
from tests.emulators.speech import KEY, SpeechEmulator

pytestmark = pytest.mark.django_db  # a call that fails opens a breaker's row
ENGINES = ("offline", "emulator", pytest.param("live", marks=pytest.mark.live))
QUESTION = 'Tell me about a fault <you> found & "repaired".'
LANGUAGES = ("en-US", "en-GB", "en", "de-DE", "de_AT", "fr", "es-MX")
NAMES = ("REGION", "ENDPOINT", "KEY")


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        yield emulator


@pytest.fixture(params=ENGINES)
def voice(request: pytest.FixtureRequest) -> Voice:
    if request.param == "offline":
        return OfflineVoice()
    if request.param == "live":
        return live_voice()
    emulator = request.getfixturevalue("speech")
    return AzureVoice(SpeechProvider(endpoint=emulator.endpoint, key=KEY))


def live_voice() -> AzureVoice:
    """Return one for the real service, which LIVE_AZURE_SPEECH_KEY opens; each run costs cents."""
    region, endpoint, key = (os.environ.get(f"LIVE_AZURE_SPEECH_{name}", "") for name in NAMES)
    engine = AzureVoice(SpeechProvider(region, endpoint, key))
    return pytest.skip(" ".join(engine.check())) if engine.check() else engine


def test_voice_has_a_name_a_true_label_and_all_it_needs(voice: Voice) -> None:
    assert voice.name.isidentifier()
    assert voice.label.endswith(".")
    assert voice.check() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_voice_has_the_languages_of_our_consent_texts(voice: Voice, language: str) -> None:
    assert voice.voice_of(language) == voice.voice_of(language) != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_voice_says_a_question_or_says_openly_that_it_does_not(voice: Voice, language: str) -> None:
    if voice.synthesises:
        sound = voice.speak(QUESTION, language=language)
        assert (sound.media_type.partition("/")[0], len(sound.content) > 1000) == ("audio", True)
    else:
        with pytest.raises(PermanentFailure) as refused:
            voice.speak(QUESTION, language=language)
        assert refused.value.code == "not_synthesised"


def test_language_without_a_voice_is_refused(voice: Voice) -> None:
    with pytest.raises(PermanentFailure) as refused:
        voice.speak(QUESTION, language="xx")
    assert refused.value.code in {"language_not_supported", "not_synthesised"}
