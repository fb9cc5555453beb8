"""Blob Storage (AZURE_STORAGE_ACCOUNT or _ENDPOINT) and Speech (AZURE_SPEECH_KEY or _ENDPOINT)."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from talenti import env
from talenti.settings.environment import DATA_DIR, DEPLOYED

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
VOICE_NAME = re.compile(r"[a-z]{2,3}-[A-Za-z0-9:-]{2,90}")


def read_voices(entries: list[str]) -> dict[str, str]:
    """Return the voice of each language, by its tag in lower case."""
    table = {}
    for entry in entries:
        tag, _, voice = (part.strip() for part in entry.partition("="))
        if not LANGUAGE.fullmatch(tag.lower()) or not VOICE_NAME.fullmatch(voice):
            message = "AZURE_SPEECH_VOICES must read as en=en-US-JennyNeural, de=de-DE-KatjaNeural."
            raise ImproperlyConfigured(message)
        table[tag.lower()] = voice
    return table


AZURE_STORAGE_ACCOUNT = env.text("AZURE_STORAGE_ACCOUNT")
AZURE_STORAGE_ACCOUNT_KEY = env.text("AZURE_STORAGE_ACCOUNT_KEY")
# Only for another address than https://<account>.blob.core.windows.net.
AZURE_STORAGE_ENDPOINT = env.address("AZURE_STORAGE_ENDPOINT")
AZURE_STORAGE_CONTAINERS = {
    "recordings": env.text("AZURE_STORAGE_CONTAINER", "interview-recordings"),
    "documents": env.text("AZURE_STORAGE_DOCUMENTS_CONTAINER", "candidate-documents"),
    "exports": env.text("AZURE_STORAGE_EXPORTS_CONTAINER", "exports"),
}
SIGNED_URL_TTL_SECONDS = 60 * env.number("AZURE_STORAGE_SAS_TTL_MINUTES", 15, least=1, most=60)

AZURE_SPEECH_KEY = env.text("AZURE_SPEECH_KEY")
AZURE_SPEECH_REGION = env.text("AZURE_SPEECH_REGION", "australiaeast")
AZURE_SPEECH_ENDPOINT = env.address("AZURE_SPEECH_ENDPOINT")
# sdk: continuous recognition by the SDK. fast: the whole file in one request, where offered.
TRANSCRIBER_MODE = env.choice("TRANSCRIBER_MODE", "sdk", among=("sdk", "fast"))
# How many voices are told apart in one recording; 1: the service is not asked to.
TRANSCRIBER_VOICES = env.number("TRANSCRIBER_VOICES", 2, least=1, most=36)


# The voice that reads a question, by language: a whole tag, or its main part.
AZURE_SPEECH_VOICES = read_voices(
    env.words(
        "AZURE_SPEECH_VOICES",
        "en=en-US-JennyNeural, en-AU=en-AU-NatashaNeural, en-GB=en-GB-SoniaNeural,"
        " de=de-DE-KatjaNeural, es=es-ES-ElviraNeural, fr=fr-FR-DeniseNeural",
    )
)


def speech_engine(role: str) -> str:
    """Return the engine of `role`: the one named, else Azure Speech where its key or endpoint is.

    In staging and prod the offline engine has to be named, so without both there is none.
    """
    reachable = bool(AZURE_SPEECH_KEY or AZURE_SPEECH_ENDPOINT)
    unnamed = "azure" if reachable else "" if DEPLOYED else "offline"
    return env.text(role.upper(), unnamed)


def file_storages() -> dict[str, dict[str, Any]]:
    """Return the storage of each kind of file: Blob Storage where it is set, else our own disk."""
    if AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_ENDPOINT:
        backend = "talenti.storage.azure.AzureBlobStorage"
        return {
            alias: {"BACKEND": backend, "OPTIONS": {"container": container}}
            for alias, container in AZURE_STORAGE_CONTAINERS.items()
        }
    backend, folder = "talenti.storage.files.SignedFileSystemStorage", DATA_DIR / "files"
    return {
        alias: {"BACKEND": backend, "OPTIONS": {"location": folder / alias, "alias": alias}}
        for alias in AZURE_STORAGE_CONTAINERS
    }
