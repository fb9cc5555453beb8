"""Speech synthesis over HTTP: one request, one MP3. Nothing is retried: a person waits."""

import re
import time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings

from talenti.azure.speech import SpeechProvider
from talenti.azure.speech_fast import CONNECT_SECONDS, authority, pieces
from talenti.azure.speech_faults import retry_after, speech_is_away, synthesis_failure
from talenti.providers.calls import provider_call
from talenti.providers.names import AZURE_SPEECH

if TYPE_CHECKING:
    import requests

VOICE_HOST = ".tts.speech.microsoft.com"
FORMAT = "audio-24khz-48kbitrate-mono-mp3"
MEDIA_TYPE = "audio/mpeg"
SECONDS = 8.0  # of patience in all, beside CONNECT_SECONDS; a question takes about one
LONGEST_TEXT = 5_000  # characters; the service ends after ten minutes of sound
MAX_SOUND_BYTES = 8 * 1024**2  # more than ten minutes in this format
UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
MP3 = re.compile(rb"ID3|\xff[\xe2-\xff]")  # a tag, or the first frame


def voice_named(language: str) -> str:
    """Return the voice that the settings have for a language tag, else for its main part."""
    tag = language.replace("_", "-").lower()
    voices: dict[str, str] = settings.AZURE_SPEECH_VOICES
    return voices.get(tag) or voices.get(tag.partition("-")[0], "")


def spoken_text(text: str) -> str:
    """Return what can be said of a text: no characters that XML has not, not too many."""
    return " ".join(UNSPEAKABLE.sub(" ", text).split())[:LONGEST_TEXT]


def ssml(text: str, voice: str) -> str:
    """Return the document to be said; `text` is what `spoken_text` returns."""
    locale = "-".join(voice.split("-")[:2])
    return (
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis"'
        f" xml:lang={quoteattr(locale)}>"
        f"<voice name={quoteattr(voice)}>{escape(text)}</voice></speak>"
    )


def synthesise(provider: SpeechProvider, text: str, voice: str) -> bytes:
    """Return `text` as MP3.

    Raises PermanentFailure (provider_unauthorised, provider_not_found, provider_refused_request)
    or RetryLater, with the wish of a service that throttles us.
    """
    import requests

    with provider_call(AZURE_SPEECH, "synthesise", seconds=SECONDS, live=True):
        deadline = time.monotonic() + SECONDS
        try:
            with _post(provider, ssml(text, voice)) as answer:
                if answer.status_code != requests.codes.ok:
                    wish = retry_after(answer.headers.get("Retry-After"))
                    raise synthesis_failure(answer.status_code, wish)
                sound = b"".join(pieces(answer, deadline, MAX_SOUND_BYTES))
        except requests.RequestException as error:
            raise speech_is_away(type(error).__name__) from None
        if not MP3.match(sound):
            raise speech_is_away("no sound")
        return sound


def ping_voices(provider: SpeechProvider) -> str:
    """Ask for the list of voices, which costs nothing; raises as `synthesise` does."""
    import requests

    try:
        with requests.get(
            f"{synthesis_address(provider)}/voices/list",
            headers=authority(provider),
            timeout=(CONNECT_SECONDS, SECONDS),
            allow_redirects=False,
            stream=True,  # it is long, and nobody reads it
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise synthesis_failure(answer.status_code)
    except requests.RequestException as error:
        raise speech_is_away(type(error).__name__) from None
    return ", ".join(sorted(settings.AZURE_SPEECH_VOICES))


def synthesis_address(provider: SpeechProvider) -> str:
    """Return where voices are: below the resource's own address, or at one host of the region."""
    if provider.is_shared:
        return f"https://{provider.home_region}{VOICE_HOST}/cognitiveservices"
    return f"{provider.endpoint}/tts/cognitiveservices"


def _post(provider: SpeechProvider, document: str) -> "requests.Response":
    import requests

    return requests.post(
        f"{synthesis_address(provider)}/v1",
        data=document.encode(),
        headers={
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": FORMAT,
            "User-Agent": "talenti",  # the service asks for one
        }
        | authority(provider),
        timeout=(CONNECT_SECONDS, SECONDS),
        allow_redirects=False,  # the key is for this address alone
        stream=True,
    )
