"""Which storage and which engines of speech follow from the variables."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from talenti.settings import azure


@pytest.mark.parametrize(
    ("named", "key", "endpoint", "deployed", "engine"),
    [
        ("", "", "", False, "offline"),
        ("", "", "", True, ""),
        ("", "key", "", True, "azure"),
        ("", "", "https://own.cognitiveservices.azure.com", False, "azure"),
        ("offline", "key", "", True, "offline"),
        ("my.own.Transcriber", "key", "", False, "my.own.Transcriber"),
    ],
)
def test_speech_follows_the_key_or_the_endpoint(
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    key: str,
    endpoint: str,
    deployed: bool,
    engine: str,
) -> None:
    monkeypatch.setenv("TRANSCRIBER", named)
    monkeypatch.setenv("VOICE", named)
    monkeypatch.setattr(azure, "AZURE_SPEECH_KEY", key)
    monkeypatch.setattr(azure, "AZURE_SPEECH_ENDPOINT", endpoint)
    monkeypatch.setattr(azure, "DEPLOYED", deployed)
    assert [azure.speech_engine(role) for role in ("transcriber", "voice")] == [engine, engine]


def test_voices_are_read_by_language() -> None:
    told = ["de-AT = de-AT-IngridNeural", "EN=en-US-Ava:DragonHDLatestNeural"]
    assert azure.read_voices(told) == {
        "de-at": "de-AT-IngridNeural",
        "en": "en-US-Ava:DragonHDLatestNeural",
    }


@pytest.mark.parametrize("entry", ["en", "en=", "=en-US-JennyNeural", "en='x'", "e<=en-US-A"])
def test_voice_that_is_none_stops_the_start(entry: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="AZURE_SPEECH_VOICES must read"):
        azure.read_voices([entry])


def test_files_lie_on_our_own_disk_without_an_account() -> None:
    storages = azure.file_storages()
    assert sorted(storages) == ["documents", "exports", "recordings"]
    assert {entry["BACKEND"] for entry in storages.values()} == {
        "talenti.storage.files.SignedFileSystemStorage"
    }


@pytest.mark.parametrize("variable", ["AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ENDPOINT"])
def test_files_lie_in_three_containers_of_an_account(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setattr(azure, variable, "https://talenti.blob.core.windows.net")
    storages = azure.file_storages()
    assert {alias: entry["OPTIONS"]["container"] for alias, entry in storages.items()} == {
        "recordings": "interview-recordings",
        "documents": "candidate-documents",
        "exports": "exports",
    }
    assert len({entry["BACKEND"] for entry in storages.values()}) == 1
    assert import_string(storages["recordings"]["BACKEND"]).__name__ == "AzureBlobStorage"
