"""Azure Speech: where it is, how we sign in, and what it is asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from django.conf import settings

from talenti.azure.credentials import managed_identity, speech_token

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SHARED_HOST = ".api.cognitive.microsoft.com"  # of a region; identities need a resource's own
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# What a language without a region means; the service wants both.
REGIONS = {
    "ar": "ar-EG",
    "de": "de-DE",
    "en": "en-US",
    "es": "es-ES",
    "fr": "fr-FR",
    "hi": "hi-IN",
    "it": "it-IT",
    "ja": "ja-JP",
    "ko": "ko-KR",
    "nl": "nl-NL",
    "pl": "pl-PL",
    "pt": "pt-BR",
    "tr": "tr-TR",
    "zh": "zh-CN",
}


@dataclass(frozen=True, slots=True)
class SpeechProvider:
    """One Speech resource. Without `endpoint` it is the region's; without `key`, our identity."""

    region: str = ""
    endpoint: str = ""
    key: str = field(default="", repr=False)
    client_id: str = ""
    credential: "TokenCredential | None" = field(default=None, repr=False)

    @property
    def is_shared(self) -> bool:
        """Whether it is reached at its region's address and not at one of its own."""
        return not self.endpoint or (urlsplit(self.endpoint).hostname or "").endswith(SHARED_HOST)

    @property
    def home_region(self) -> str:
        """Return the region, which a shared address names itself."""
        host = urlsplit(self.endpoint).hostname or ""
        return host.removesuffix(SHARED_HOST) if host.endswith(SHARED_HOST) else self.region

    @property
    def rest_address(self) -> str:
        """Return the address for requests over HTTP."""
        return self.endpoint or f"https://{self.region}{SHARED_HOST}"

    def token(self) -> str:
        """Return a bearer token of our identity; raises PermanentFailure or RetryLater."""
        return speech_token(self.credential or managed_identity(self.client_id)).token


def speech_provider() -> SpeechProvider:
    """Return the configured provider."""
    return SpeechProvider(
        settings.AZURE_SPEECH_REGION,
        settings.AZURE_SPEECH_ENDPOINT,
        settings.AZURE_SPEECH_KEY,
        settings.AZURE_CLIENT_ID,
    )


def speech_mode() -> Literal["sdk", "fast"]:
    """Return how files are transcribed."""
    return "fast" if settings.TRANSCRIBER_MODE == "fast" else "sdk"


def most_voices() -> int:
    """Return how many voices are told apart in one recording; 1: none are."""
    return int(settings.TRANSCRIBER_VOICES)


def missing_settings(provider: SpeechProvider) -> list[str]:
    """Return what is missing or contradicting; no sentence holds a value."""
    return list(_objections(provider))


def _objections(provider: SpeechProvider) -> Iterator[str]:
    if not provider.key and provider.is_shared:
        yield (
            "AZURE_SPEECH_KEY is missing. To sign in by managed identity, set AZURE_SPEECH_ENDPOINT"
            " to the resource's own address (https://<name>.cognitiveservices.azure.com)."
        )
    if not provider.endpoint and not re.fullmatch(r"[a-z0-9]{2,40}", provider.region):
        yield "AZURE_SPEECH_REGION must read as australiaeast."
    parts = urlsplit(provider.endpoint)
    if provider.endpoint and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        yield "AZURE_SPEECH_ENDPOINT must be an https address."


def locale_of(language: str) -> str | None:
    """Return the service's name of a language tag, None for a language it is not asked for."""
    primary, _, region = language.replace("_", "-").partition("-")
    if not region:
        return REGIONS.get(primary.lower())
    return f"{primary.lower()}-{region.upper() if len(region) == 2 else region}"
