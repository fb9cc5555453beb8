"""Communication Services: where it is, how we sign in, and what its calls lean on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from talenti.azure.blob import account_at
from talenti.azure.speech import LOOPBACK, SpeechProvider


@dataclass(frozen=True, slots=True)
class CallProvider:
    """One resource of Communication Services. Without `key` we sign in by our identity.

    `speech_endpoint` is the Azure AI resource that speaks and listens in its calls,
    `recordings_url` the container that it writes recordings to.
    """

    endpoint: str = ""
    key: str = field(default="", repr=False)
    client_id: str = ""
    caller_number: str = field(default="", repr=False)
    speech_endpoint: str = ""
    recordings_url: str = ""


def call_provider() -> CallProvider:
    """Return the configured provider."""
    return CallProvider(
        endpoint=settings.AZURE_ACS_ENDPOINT,
        key=settings.AZURE_ACS_ACCESS_KEY,
        client_id=settings.AZURE_CLIENT_ID,
        caller_number=settings.AZURE_ACS_CALLER_NUMBER,
        speech_endpoint=settings.AZURE_SPEECH_ENDPOINT,
        recordings_url=recordings_url(),
    )


def recordings_url() -> str:
    """Return the address of the recordings' container, nothing where files lie on our own disk."""
    name, endpoint = settings.AZURE_STORAGE_ACCOUNT, settings.AZURE_STORAGE_ENDPOINT
    if not (name or endpoint):
        return ""
    return (
        f"{account_at(name, endpoint).endpoint}/{settings.AZURE_STORAGE_CONTAINERS['recordings']}"
    )


def missing_settings(provider: CallProvider) -> list[str]:
    """Return what is missing or cannot work, in sentences that hold no value."""
    return list(_objections(provider))


def _objections(provider: CallProvider) -> Iterator[str]:
    if not provider.endpoint:
        yield "AZURE_ACS_CONNECTION_STRING is missing: nothing else can place calls."
    if not provider.caller_number:
        yield "AZURE_ACS_CALLER_NUMBER is missing: a call needs the number it comes from."
    if SpeechProvider(endpoint=provider.speech_endpoint).is_shared:
        yield (
            "AZURE_SPEECH_ENDPOINT must be the resource's own address"
            " (https://<name>.cognitiveservices.azure.com): calls speak and listen by it."
        )
    if not provider.recordings_url:
        yield "AZURE_STORAGE_ACCOUNT is missing: recordings of calls are written to it."
    if not _is_here(provider.endpoint) and urlsplit(settings.PUBLIC_URL).scheme != "https":
        yield "PUBLIC_URL must be an https address: the events of calls are sent there."


def _is_here(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in LOOPBACK
