"""Azure Speech as the voice, against its emulator: what it says, and each way to fail."""

from collections.abc import Iterator

import pytest

from interviews.voice.azure import AzureVoice
from interviews.voice.protocol import Sound
from talenti.azure import speech_synthesis
from talenti.azure.speech import SpeechProvider
from talenti.azure.speech_synthesis import spoken_text, ssml, synthesis_address
from talenti.errors import PermanentFailure, RetryLater
from tests.emulators.speech import KEY, Fault, SpeechEmulator
from tests.emulators.speech_voice import SOUND
from tests.services.processes import free_port

pytestmark = pytest.mark.django_db  # a call that fails opens a breaker's row
QUESTION = "Tell me about a fault."
OWN = "https://talenti.cognitiveservices.azure.com"
SHARED = "https://eastus.api.cognitive.microsoft.com"


class Identity:
    """A managed identity that was given a token."""

    def get_token(self, *_: str, **__: object):
        from azure.core.credentials import AccessToken  # noqa: PLC0415 (as late as the product)

        return AccessToken("the-token", 4_102_444_800)


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        yield emulator


def voice(speech: SpeechEmulator, **given: object) -> AzureVoice:
    return AzureVoice(SpeechProvider(**({"endpoint": speech.endpoint, "key": KEY} | given)))


def failure(engine: AzureVoice, kind: type[Exception], text: str = QUESTION, language: str = "en"):
    with pytest.raises(kind) as failed:
        engine.speak(text, language=language)
    return failed.value


@pytest.mark.parametrize(
    ("language", "locale", "name"),
    [
        ("en-US", "en-US", "en-US-JennyNeural"),
        ("en-gb", "en-GB", "en-GB-SoniaNeural"),
        ("de_AT", "de-DE", "de-DE-KatjaNeural"),
        ("fr-CA", "fr-FR", "fr-FR-DeniseNeural"),
        ("es", "es-ES", "es-ES-ElviraNeural"),
    ],
)
def test_question_is_said_in_the_voice_of_its_language(
    speech: SpeechEmulator, language: str, locale: str, name: str
) -> None:
    said = voice(speech).speak(QUESTION, language=language)
    assert said == Sound(SOUND, "audio/mpeg")
    assert speech.script.said == [{"language": locale, "voice": name, "text": QUESTION}]


def test_text_cannot_become_markup(speech: SpeechEmulator) -> None:
    hostile = (
        'a</voice><break time="9s"/> & <audio src="https://evil.example"/> ]]> \x00\ud800\x1b b'
    )
    voice(speech).speak(hostile, language="en")
    [said] = speech.script.said
    assert said["text"] == 'a</voice><break time="9s"/> & <audio src="https://evil.example"/> ]]> b'


def test_voice_name_cannot_become_markup() -> None:
    assert "<evil" not in ssml("text", 'en-US-x"><evil')


def test_very_long_text_is_cut_and_space_is_one_sign() -> None:
    assert spoken_text("a \n b" + "x" * 9000) == "a b" + "x" * 4997


def test_identity_signs_in_where_there_is_no_key(speech: SpeechEmulator) -> None:
    said = voice(speech, key="", credential=Identity()).speak(QUESTION, language="en")
    assert said.content == SOUND


@pytest.mark.parametrize("text", ["", " \n", "\x00\ud800"])
def test_nothing_is_not_said(speech: SpeechEmulator, text: str) -> None:
    assert failure(voice(speech), PermanentFailure, text).code == "nothing_to_say"
    assert speech.script.said == []


def test_language_without_a_voice_is_not_asked_for(speech: SpeechEmulator) -> None:
    failed = failure(voice(speech), PermanentFailure, language="cy-GB")
    assert (failed.code, speech.script.said) == ("language_not_supported", [])


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "provider_refused_request"),
        (401, "provider_unauthorised"),
        (403, "provider_unauthorised"),
        (404, "provider_not_found"),
        (415, "provider_refused_request"),
        (302, "provider_refused_request"),
    ],
)
def test_refusal_fails_for_good_in_our_own_words(
    speech: SpeechEmulator, status: int, code: str
) -> None:
    speech.script.fault = Fault(status)
    failed = failure(voice(speech), PermanentFailure)
    assert failed.code == code
    assert "words of the provider" not in failed.message


def test_wrong_key_fails_for_good(speech: SpeechEmulator) -> None:
    assert failure(voice(speech, key="wrong"), PermanentFailure).code == "provider_unauthorised"


def test_voice_that_the_service_does_not_know_fails_for_good(
    speech: SpeechEmulator, settings
) -> None:
    settings.AZURE_SPEECH_VOICES = {"en": "en-US-GoneNeural"}
    assert failure(voice(speech), PermanentFailure).code == "provider_refused_request"


@pytest.mark.parametrize(("header", "after"), [("7", 7.0), ("", None), ("soon", None)])
def test_throttling_is_told_with_its_wish(
    speech: SpeechEmulator, header: str, after: float | None
) -> None:
    speech.script.fault = Fault(429, retry_after=header)
    assert failure(voice(speech), RetryLater).after_seconds == after


@pytest.mark.parametrize("status", [408, 500, 503])
def test_service_in_trouble_may_be_asked_later(speech: SpeechEmulator, status: int) -> None:
    speech.script.fault = Fault(status)
    failure(voice(speech), RetryLater)


@pytest.mark.parametrize("manner", ["cut", "garbage", "empty"])
def test_answer_without_sound_may_be_asked_for_again(speech: SpeechEmulator, manner: str) -> None:
    speech.script.fault = Fault(manner=manner)
    failure(voice(speech), RetryLater)


def test_service_that_hangs_is_left(
    speech: SpeechEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech_synthesis, "SECONDS", 0.3)
    speech.script.fault = Fault(manner="hang")
    assert failure(voice(speech), RetryLater).message == "Azure Speech is away or too slow."


def test_sound_without_an_end_is_left(
    speech: SpeechEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech_synthesis, "MAX_SOUND_BYTES", 1000)
    failure(voice(speech), RetryLater)


def test_service_that_is_not_there_may_be_asked_later() -> None:
    provider = SpeechProvider(endpoint=f"http://127.0.0.1:{free_port()}", key=KEY)
    failure(AzureVoice(provider), RetryLater)


def test_probe_asks_for_the_voices_and_says_nothing(speech: SpeechEmulator) -> None:
    assert voice(speech).probe() == "de, en, en-au, en-gb, es, fr"
    [asked] = speech.script.asked
    assert (asked["path"], speech.script.said) == ("/tts/cognitiveservices/voices/list", [])


@pytest.mark.parametrize(("status", "raised"), [(401, PermanentFailure), (503, RetryLater)])
def test_probe_says_what_is_wrong(
    speech: SpeechEmulator, status: int, raised: type[Exception]
) -> None:
    speech.script.fault = Fault(status)
    with pytest.raises(raised):
        voice(speech).probe()


def test_probe_of_nobody_may_be_tried_later() -> None:
    provider = SpeechProvider(endpoint=f"http://127.0.0.1:{free_port()}", key=KEY)
    with pytest.raises(RetryLater):
        AzureVoice(provider).probe()


@pytest.mark.parametrize(
    ("provider", "address"),
    [
        (SpeechProvider("eastus"), "https://eastus.tts.speech.microsoft.com/cognitiveservices"),
        (
            SpeechProvider(endpoint=SHARED),
            "https://eastus.tts.speech.microsoft.com/cognitiveservices",
        ),
        (SpeechProvider("eastus", OWN), f"{OWN}/tts/cognitiveservices"),
    ],
)
def test_voices_are_at_the_regions_host_or_below_the_resources_own(
    provider: SpeechProvider, address: str
) -> None:
    assert synthesis_address(provider) == address


def test_missing_key_is_named() -> None:
    [told] = AzureVoice(SpeechProvider(region="eastus")).check()
    assert told.startswith("AZURE_SPEECH_KEY is missing.")
