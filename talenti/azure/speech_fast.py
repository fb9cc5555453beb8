"""Speech over HTTP: fast transcription, one request with the whole file streamed from the disk."""

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talenti.azure.speech import SpeechProvider
from talenti.azure.speech_faults import bad_answer, retry_after, speech_is_away, status_failure
from talenti.azure.speech_heard import UNREADABLE, Heard, share, words_of_rest

if TYPE_CHECKING:
    import requests

API_VERSION = "2024-11-15"
CONNECT_SECONDS = 5
PING_SECONDS = 10
MAX_REPLY_BYTES = 32 * 1024**2
MAX_FAULT_BYTES = 64 * 1024
PIECE_BYTES = 256 * 1024


def transcribe_file(
    provider: SpeechProvider, wav: Path, locale: str, *, seconds: float, voices: int
) -> list[Heard]:
    """Return what the service hears in the WAV file, within `seconds`.

    It tells up to so many `voices` apart; with 1 it is not asked to.

    Raises PermanentFailure (provider_unauthorised, bad_audio, language_not_supported ...) or
    RetryLater, with the wish of a service that throttles us.
    """
    import requests

    deadline = time.monotonic() + seconds
    try:
        form = Form(wav, definition(locale, voices))
        with _post(provider, form, seconds) as answer:
            if answer.status_code != requests.codes.ok:
                raise status_failure(
                    answer.status_code,
                    _fault_code(b"".join(pieces(answer, deadline, MAX_FAULT_BYTES))),
                    retry_after(answer.headers.get("Retry-After")),
                )
            reply = b"".join(pieces(answer, deadline, MAX_REPLY_BYTES))
    except requests.RequestException as error:
        raise speech_is_away(type(error).__name__) from None
    return _phrases(reply)


def ping(provider: SpeechProvider) -> None:
    """Ask for the list of models, which costs nothing; raises as `transcribe_file` does."""
    import requests

    try:
        answer = requests.get(
            f"{provider.rest_address}/speechtotext/models/base",
            params={"api-version": API_VERSION, "top": "1"},
            headers=authority(provider),
            timeout=(CONNECT_SECONDS, PING_SECONDS),
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise speech_is_away(type(error).__name__) from None
    if answer.status_code != requests.codes.ok:
        raise status_failure(answer.status_code)


def definition(locale: str, voices: int) -> dict[str, Any]:
    """Return what the service is asked for."""
    asked: dict[str, Any] = {"locales": [locale], "profanityFilterMode": "None"}
    if voices > 1:
        asked["diarization"] = {"enabled": True, "maxSpeakers": voices}
    return asked


def _post(provider: SpeechProvider, form: "Form", seconds: float) -> "requests.Response":
    import requests

    headers = {"Content-Type": form.content_type, "Accept": "application/json"}
    return requests.post(
        f"{provider.rest_address}/speechtotext/transcriptions:transcribe",
        params={"api-version": API_VERSION},
        headers=headers | authority(provider),
        data=form,
        timeout=(CONNECT_SECONDS, seconds),
        allow_redirects=False,  # the key is for this address alone
        stream=True,
    )


def authority(provider: SpeechProvider) -> dict[str, str]:
    """Return the header that signs us in."""
    if provider.key:
        return {"Ocp-Apim-Subscription-Key": provider.key}
    return {"Authorization": f"Bearer {provider.token()}"}


def pieces(answer: "requests.Response", deadline: float, most: int) -> Iterator[bytes]:
    """Yield the body; raises RetryLater when it takes too long or never ends."""
    for piece in answer.iter_content(PIECE_BYTES):
        most -= len(piece)
        if most < 0 or time.monotonic() > deadline:
            raise speech_is_away("endless answer")
        yield piece


def _fault_code(body: bytes) -> str:
    """Return the provider's own codes, the inner one last."""
    try:
        told = json.loads(body)
        error = told.get("error", told)
        inner = error.get("innerError") or error.get("innererror") or {}
        return f"{error.get('code', '')} {inner.get('code', '')}".strip()
    except UNREADABLE:
        return ""


def _phrases(reply: bytes) -> list[Heard]:
    try:
        told = json.loads(reply)
    except (ValueError, RecursionError):
        raise speech_is_away("unreadable answer") from None
    try:
        return [_heard(phrase) for phrase in told["phrases"]]
    except UNREADABLE:
        raise bad_answer() from None


def _heard(phrase: dict[str, Any]) -> Heard:
    start, voice = int(phrase["offsetMilliseconds"]), phrase.get("speaker")
    return Heard(
        start,
        start + int(phrase["durationMilliseconds"]),
        str(phrase["text"]),
        share(phrase.get("confidence")),
        "" if voice is None else str(voice),
        words_of_rest(phrase.get("words")),
    )


class Form:
    """The multipart body: read in pieces, never held; its length is known beforehand."""

    def __init__(self, wav: Path, definition: dict[str, Any]) -> None:
        border = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={border}"
        self._wav = wav
        self._head = (
            f'--{border}\r\nContent-Disposition: form-data; name="definition"\r\n'
            f"Content-Type: application/json\r\n\r\n{json.dumps(definition)}\r\n"
            f'--{border}\r\nContent-Disposition: form-data; name="audio"; filename="audio.wav"\r\n'
            "Content-Type: audio/wav\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{border}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._head) + self._wav.stat().st_size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        with self._wav.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
        yield self._tail
