"""Azure Speech in both modes against its emulator: what is heard, and each way to fail."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from recordings.transcriber import azure
from recordings.transcriber.azure import AzureTranscriber, checked_segments, wav_duration_ms
from recordings.transcriber.protocol import SpokenSegment, Transcription
from talenti.azure.speech import SpeechProvider, locale_of, missing_settings
from talenti.azure.speech_fast import Form
from talenti.azure.speech_heard import Heard
from talenti.errors import PermanentFailure, RetryLater
from tests.emulators.speech import KEY, Fault, Phrase, SpeechEmulator
from tests.services.processes import free_port

SPOKEN = Path(__file__).parents[1] / "fixtures" / "customer.wav"
SPOKEN_BYTES = SPOKEN.read_bytes()
MODES = ("sdk", "fast")
LABELS = {"sdk": "Guest-{}", "fast": "{}"}
PHRASES = [
    Phrase(200, 1800, "I called the customer.", 0.93),
    Phrase(2500, 1600, "Wir haben <einen> Termin.", None, voice=2),
]


class Identity:
    """A managed identity that was given a token."""

    def get_token(self, *scopes: str, **_: object):
        from azure.core.credentials import AccessToken  # noqa: PLC0415 (as late as the product)

        assert scopes == ("https://cognitiveservices.azure.com/.default",)
        return AccessToken("the-token", 4_102_444_800)


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        emulator.script.phrases = list(PHRASES)
        yield emulator


def transcriber(speech: SpeechEmulator, mode: str, **given: object) -> AzureTranscriber:
    provider = SpeechProvider(**({"endpoint": speech.endpoint, "key": KEY} | given))
    return AzureTranscriber(provider, mode)


def plain(heard: Transcription) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (one.start_ms, one.end_ms, one.text, one.confidence, one.voice) for one in heard.segments
    )


def failure(engine: AzureTranscriber, kind: type[Exception], language: str = "en-AU"):
    with pytest.raises(kind) as failed:
        engine.transcribe(SPOKEN, language=language)
    return failed.value


@pytest.mark.parametrize("mode", MODES)
def test_what_is_heard_is_told_with_times_confidence_and_voices(
    speech: SpeechEmulator, mode: str
) -> None:
    heard = transcriber(speech, mode).transcribe(SPOKEN, language="en-AU")
    assert plain(heard) == (
        (200, 2000, "I called the customer.", 0.93, LABELS[mode].format(1)),
        (2500, 4100, "Wir haben <einen> Termin.", None, LABELS[mode].format(2)),
    )
    assert (heard.language, heard.model) == ("en-AU", f"azure-speech {mode}")


def test_engine_says_what_it_is() -> None:
    engine = AzureTranscriber(SpeechProvider(region="australiaeast", key=KEY))
    assert (engine.name, engine.is_draft, engine.check()) == ("azure", False, [])
    assert engine.label == "Machine transcript (Azure Speech)."


def test_fast_mode_sends_the_file_as_it_is(speech: SpeechEmulator) -> None:
    transcriber(speech, "fast").transcribe(SPOKEN, language="de")
    [asked] = speech.script.asked
    assert asked == {
        "path": "/speechtotext/transcriptions:transcribe?api-version=2024-11-15",
        "definition": {
            "locales": ["de-DE"],
            "profanityFilterMode": "None",
            "diarization": {"enabled": True, "maxSpeakers": 2},
        },
        "audio": SPOKEN_BYTES,
    }


def test_form_is_read_in_pieces_and_knows_its_length(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(b"s" * 1_000_000)
    form = Form(path, {"locales": ["en-US"]})
    pieces = list(form)
    assert sum(map(len, pieces)) == len(form)
    assert max(map(len, pieces)) <= 256 * 1024
    whole = b"".join(pieces)
    assert whole[whole.index(b"sss") : whole.rindex(b"sss") + 3] == b"s" * 1_000_000


def test_sdk_mode_sends_language_and_sound(speech: SpeechEmulator) -> None:
    transcriber(speech, "sdk").transcribe(SPOKEN, language="de")
    [asked] = speech.script.asked
    assert "de-DE" in asked["path"] + asked["messages"]["speech.context"]
    with wave.open(str(SPOKEN)) as file:
        assert asked["audio_bytes"] >= file.getnframes() * 2


@pytest.mark.parametrize("mode", MODES)
def test_nothing_heard_is_no_segment(speech: SpeechEmulator, mode: str) -> None:
    speech.script.phrases = [Phrase(0, 0, "")] if mode == "fast" else []
    assert transcriber(speech, mode).transcribe(SPOKEN, language="en").segments == ()


@pytest.mark.parametrize("mode", MODES)
def test_identity_signs_in_where_there_is_no_key(speech: SpeechEmulator, mode: str) -> None:
    engine = transcriber(speech, mode, key="", credential=Identity())
    assert len(engine.transcribe(SPOKEN, language="en").segments) == 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_fails_for_good(speech: SpeechEmulator, mode: str, status: int) -> None:
    speech.script.fault = Fault(status)
    failed = failure(transcriber(speech, mode), PermanentFailure)
    assert failed.code == "provider_unauthorised"


@pytest.mark.parametrize("mode", MODES)
def test_wrong_key_fails_for_good(speech: SpeechEmulator, mode: str) -> None:
    failed = failure(transcriber(speech, mode, key="wrong"), PermanentFailure)
    assert failed.code == "provider_unauthorised"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_or_broken_service_may_be_asked_later(
    speech: SpeechEmulator, mode: str, status: int
) -> None:
    speech.script.fault = Fault(status)
    failed = failure(transcriber(speech, mode), RetryLater)
    assert (failed.after_seconds, failed.counts) == (None, True)


@pytest.mark.parametrize(
    ("header", "after", "counts"), [("17", 17.0, False), ("soon", None, True), ("-1", None, True)]
)
def test_throttling_service_names_its_moment(
    speech: SpeechEmulator, header: str, after: float | None, counts: bool
) -> None:
    speech.script.fault = Fault(429, retry_after=header)
    failed = failure(transcriber(speech, "fast"), RetryLater)
    assert (failed.after_seconds, failed.counts) == (after, counts)


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, "InvalidAudioFormat", "bad_audio"),
        (413, "", "bad_audio"),
        (415, "", "bad_audio"),
        (422, "AudioLengthLimitExceeded", "bad_audio"),
        (400, "InvalidLocale", "language_not_supported"),
        (404, "", "provider_not_found"),
        (302, "", "provider_refused_request"),
        (409, "", "provider_refused_request"),
    ],
)
def test_refused_file_fails_for_good(
    speech: SpeechEmulator, status: int, code: str, meaning: str
) -> None:
    speech.script.fault = Fault(status, code=code)
    failed = failure(transcriber(speech, "fast"), PermanentFailure)
    assert failed.code == meaning
    assert "words of the provider" not in failed.message


def test_request_that_the_sdk_may_not_make_fails_for_good(speech: SpeechEmulator) -> None:
    speech.script.fault = Fault(400)
    failed = failure(transcriber(speech, "sdk"), PermanentFailure)
    assert failed.code == "provider_refused_request"


@pytest.mark.parametrize("mode", MODES)
def test_service_that_hangs_is_left(speech: SpeechEmulator, mode: str) -> None:
    speech.script.fault = Fault(manner="hang")
    provider = SpeechProvider(endpoint=speech.endpoint, key=KEY)
    failed = failure(AzureTranscriber(provider, mode, -8.0 if mode == "sdk" else 0), RetryLater)
    assert failed.message == "Azure Speech is away or too slow."


@pytest.mark.parametrize(
    ("mode", "manner"), [("sdk", "garbage"), ("fast", "garbage"), ("fast", "cut")]
)
def test_answer_that_cannot_be_read_may_be_asked_for_again(
    speech: SpeechEmulator, mode: str, manner: str
) -> None:
    speech.script.fault = Fault(manner=manner)
    failure(transcriber(speech, mode), RetryLater)


def test_service_that_leaves_in_the_middle_again_and_again_is_left(speech: SpeechEmulator) -> None:
    speech.script.fault = Fault(manner="cut")
    provider = SpeechProvider(endpoint=speech.endpoint, key=KEY)
    failed = failure(AzureTranscriber(provider, "sdk", -4.0), RetryLater)
    assert failed.message == "Azure Speech is away or too slow."
    assert len(speech.script.asked) > 1  # the SDK comes back by itself, and nothing is heard twice


@pytest.mark.parametrize("mode", MODES)
def test_service_that_is_not_there_may_be_asked_later(mode: str) -> None:
    provider = SpeechProvider(endpoint=f"http://127.0.0.1:{free_port()}", key=KEY)
    failure(AzureTranscriber(provider, mode), RetryLater)


@pytest.mark.parametrize(
    "phrases",
    [
        [Phrase(4000, 3000, "beyond the end")],
        [Phrase(9000, 100, "outside")],
        [Phrase(-500, 600, "before the start")],
        [Phrase(2000, 100, "backwards"), Phrase(1000, 100, "in time")],
        [Phrase(100, 0, "of no length")],
        [Phrase(100, 100, "surer than sure", 1.5)],
        [Phrase(100, 100, "less than unsure", -0.1)],
    ],
)
def test_answer_that_cannot_be_fails_for_good(
    speech: SpeechEmulator, phrases: list[Phrase]
) -> None:
    speech.script.phrases = phrases
    assert failure(transcriber(speech, "fast"), PermanentFailure).code == "bad_answer"


def test_last_phrase_ends_with_the_recording() -> None:
    [segment] = checked_segments([Heard(100, 5000, " to the end ", None)], 4520)
    assert segment == SpokenSegment(100, 4520, "to the end", None)


@pytest.mark.parametrize(
    ("channels", "width", "rate"), [(2, 2, 16_000), (1, 1, 16_000), (1, 2, 8_000)]
)
def test_another_kind_of_wav_is_refused(
    tmp_path: Path, channels: int, width: int, rate: int
) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(bytes(1000))
    with pytest.raises(PermanentFailure) as failed:
        wav_duration_ms(tmp_path / "a.wav")
    assert failed.value.code == "bad_audio"


def test_sound_of_no_length_is_not_sent(speech: SpeechEmulator, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    heard = transcriber(speech, "fast").transcribe(tmp_path / "a.wav", language="en")
    assert (heard.segments, speech.script.asked) == ((), [])


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en-US"),
        ("en-au", "en-AU"),
        ("de_DE", "de-DE"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("EN", "en-US"),
        ("", None),
        ("xx", None),
    ],
)
def test_languages_are_named_as_the_service_names_them(language: str, locale: str | None) -> None:
    assert locale_of(language) == locale


OWN = "https://talenti.cognitiveservices.azure.com"
SHARED = "https://eastus.api.cognitive.microsoft.com"


@pytest.mark.parametrize(
    ("provider", "named"),
    [
        (SpeechProvider(region="eastus", key=KEY), []),
        (SpeechProvider(region="eastus", endpoint=OWN), []),
        (SpeechProvider(region="eastus", endpoint=SHARED, key=KEY), []),
        (SpeechProvider(region="eastus"), ["AZURE_SPEECH_KEY"]),
        (SpeechProvider(region="eastus", endpoint=SHARED), ["AZURE_SPEECH_KEY"]),
        (SpeechProvider(region="East US", key=KEY), ["AZURE_SPEECH_REGION"]),
        (SpeechProvider(endpoint="http://speech.example", key=KEY), ["AZURE_SPEECH_ENDPOINT"]),
    ],
)
def test_configuration_says_what_it_lacks(provider: SpeechProvider, named: list[str]) -> None:
    told = missing_settings(provider)
    assert [sentence.partition(" ")[0] for sentence in told] == named


def test_shared_address_names_its_own_region() -> None:
    provider = SpeechProvider(region="australiaeast", endpoint=SHARED, key=KEY)
    assert (provider.home_region, provider.rest_address) == ("eastus", SHARED)
    assert KEY not in repr(provider)


def test_crash_of_the_sdk_says_nothing_about_the_audio(
    speech: SpeechEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(azure, "CHILD", "tests.recordings.media.rogue_verbs.crash")
    failure(transcriber(speech, "sdk"), RetryLater)


@pytest.mark.parametrize("mode", MODES)
def test_whole_sound_arrives(speech: SpeechEmulator, mode: str) -> None:
    with wave.open(str(SPOKEN)) as file:
        samples = file.readframes(file.getnframes())
    arrived: list[bytes] = []

    def listen(pcm: bytes) -> list[Phrase]:
        arrived.append(pcm)
        return PHRASES

    speech.script.listener = listen
    assert len(transcriber(speech, mode).transcribe(SPOKEN, language="en").segments) == 2
    assert arrived[0][: len(samples)] == samples


def test_probe_asks_once_and_for_nothing(speech: SpeechEmulator) -> None:
    assert transcriber(speech, "sdk").probe() == "sdk"
    [asked] = speech.script.asked
    assert asked["path"] == "/speechtotext/models/base?api-version=2024-11-15&top=1"


@pytest.mark.parametrize(("status", "raised"), [(401, PermanentFailure), (503, RetryLater)])
def test_probe_says_what_is_wrong(
    speech: SpeechEmulator, status: int, raised: type[Exception]
) -> None:
    speech.script.fault = Fault(status)
    with pytest.raises(raised):
        transcriber(speech, "fast").probe()


def test_probe_of_nobody_may_be_tried_later() -> None:
    with pytest.raises(RetryLater):
        AzureTranscriber(
            SpeechProvider(endpoint=f"http://127.0.0.1:{free_port()}", key=KEY)
        ).probe()
