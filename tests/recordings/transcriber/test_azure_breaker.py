"""What faults of Azure Speech do to its breaker: outages open it, everything else leaves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recordings.transcriber import azure
from recordings.transcriber.azure import AzureTranscriber
from talenti.azure.speech import SpeechProvider
from talenti.errors import TalentiError
from talenti.models import Breaker
from talenti.telemetry import recorder
from tests.emulators.speech import KEY, Fault, SpeechEmulator
from tests.services.processes import free_port
from tests.talenti.providers.recordings import Keeper

pytestmark = pytest.mark.django_db
SPOKEN = Path(__file__).parents[1] / "fixtures" / "customer.wav"


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        yield emulator


def transcribe(endpoint: str, mode: str = "fast") -> str:
    """Return the kind of error that a transcription ends with, nothing if it ends well."""
    try:
        AzureTranscriber(SpeechProvider(endpoint=endpoint, key=KEY), mode).transcribe(
            SPOKEN, language="en-AU"
        )
    except TalentiError as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("status", [408, 500, 503])
def test_after_five_outages_the_service_is_left_alone_in_both_modes(
    speech: SpeechEmulator, status: int
) -> None:
    speech.script.fault = Fault(status)
    assert [transcribe(speech.endpoint) for _ in range(5)] == ["ProviderAway"] * 5
    assert [transcribe(speech.endpoint, mode) for mode in ("fast", "sdk")] == ["ProviderPaused"] * 2
    row = Breaker.objects.get()
    assert (row.name, row.state, row.last_fault) == ("azure-speech", "open", str(status))


def test_nobody_listening_is_an_outage() -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    assert [transcribe(endpoint) for _ in range(6)] == [*["ProviderAway"] * 5, "ProviderPaused"]


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        (400, "PermanentFailure"),
        (401, "PermanentFailure"),
        (404, "PermanentFailure"),
        (429, "ProviderBusy"),
    ],
)
def test_refusals_and_throttling_are_no_outage(
    speech: SpeechEmulator, status: int, ending: str
) -> None:
    speech.script.fault = Fault(status)
    assert [transcribe(speech.endpoint) for _ in range(6)] == [ending] * 6
    assert Breaker.objects.get().failures == 0


def test_a_crash_of_the_sdk_is_no_outage(speech: SpeechEmulator, monkeypatch) -> None:
    monkeypatch.setattr(azure, "CHILD", "tests.recordings.media.rogue_verbs.crash")
    assert transcribe(speech.endpoint, "sdk") == "RetryLater"
    assert Breaker.objects.get().failures == 0


def test_a_transcription_is_one_span_without_a_word(speech: SpeechEmulator, monkeypatch) -> None:
    keeper = Keeper()
    monkeypatch.setattr(recorder, "_recorder", keeper)
    transcribe(speech.endpoint)
    labels = {"vendor": "azure-speech", "operation": "transcribe-fast", "outcome": "ok"}
    assert [span.attributes for span in keeper.spans] == [labels | {"fault": ""}]
    assert ("provider_calls", labels) in keeper.counts
