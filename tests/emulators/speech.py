"""Azure Speech as far as Talenti uses it, on one loopback address; it hears what it is told to.

Recognition speaks the SDK's protocol (USP over WebSocket); fast transcription and synthesis are
REST.
"""

import email.parser
import email.policy
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from tests.emulators.speech_conversation import converse
from tests.emulators.speech_voice import read_ssml, sound_of
from tests.emulators.websocket import WebSocket, accept_key

KEY = "k" * 32
HANG_SECONDS = 30
SYNTHESIS = "/tts/cognitiveservices/v1"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is heard: times in milliseconds; `confidence` is 0 to 1.

    `voice` counts from 1, as in fast transcription; 0 is one that the service cannot place.
    """

    start_ms: int
    duration_ms: int
    text: str
    confidence: float | None = 0.93
    voice: int = 1

    def words(self) -> list[tuple[str, int, int]]:
        """Return each word, without its punctuation, with its start and length."""
        said = [word.strip(".,?!<>") for word in self.text.split()]
        length = self.duration_ms // max(len(said), 1)
        return [(word, self.start_ms + place * length, length) for place, word in enumerate(said)]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: a `status`, or a `manner`.

    That is hang, cut or garbage; empty (synthesis), or broken words (recognition).
    """

    status: int = 0
    manner: str = ""
    retry_after: str = ""
    code: str = ""


@dataclass
class Script:
    """What the emulator hears and does wrong, and what it was asked.

    A `listener` really listens: it is given the samples (16 kHz, mono, 16 bits) of each recording.
    """

    phrases: list[Phrase] = field(default_factory=list)
    listener: Callable[[bytes], list[Phrase]] | None = None
    fault: Fault = field(default_factory=Fault)
    asked: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, str]] = field(default_factory=list)

    def hear(self, wav: bytes) -> list[Phrase]:
        """Return what is heard in a recording."""
        if self.listener is None:
            return self.phrases
        return self.listener(wav[wav.index(b"data") + 8 :])


class SpeechEmulator:
    """A context manager; `endpoint` is what AZURE_SPEECH_ENDPOINT takes."""

    def __init__(self) -> None:
        self.script = Script()
        self.ending = threading.Event()
        handler = type("Handler", (SpeechHandler,), {"emulator": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()


class SpeechHandler(BaseHTTPRequestHandler):
    """One connection."""

    emulator: SpeechEmulator
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""

    def do_GET(self) -> None:
        """Take the SDK's WebSocket, or list the models."""
        script = self.emulator.script
        asked: dict[str, Any] = {"path": self.path, "messages": {}, "audio_bytes": 0}
        asked["answered"] = False
        script.asked.append(asked)
        self.close_connection = True
        if self._refused():
            return
        if "Upgrade" not in self.headers:
            self._answer(200, b'{"values": []}')
            return
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_key(self.headers["Sec-WebSocket-Key"]))
        self.send_header("Sec-WebSocket-Protocol", "USP")
        self.end_headers()
        self.wfile.flush()
        if script.fault.manner == "hang":
            self.emulator.ending.wait(HANG_SECONDS)
        else:
            converse(WebSocket(self.rfile, self.wfile), script, asked)

    def do_POST(self) -> None:
        """Transcribe one file, or say one text."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == SYNTHESIS:
            self._say(body)
        else:
            self._transcribe(body)

    def _say(self, body: bytes) -> None:
        script = self.emulator.script
        if self._refused():
            return
        try:
            said = read_ssml(body, self.headers)
        except ValueError:
            self._answer(400, b"")
            return
        script.said.append(said)
        if script.fault.manner == "hang":
            self.emulator.ending.wait(HANG_SECONDS)
            return
        manner = script.fault.manner
        self._answer(200, sound_of(manner), cut=manner == "cut", media_type="audio/mpeg")

    def _transcribe(self, body: bytes) -> None:
        script = self.emulator.script
        parts = parse_parts(self.headers["Content-Type"], body)
        definition = json.loads(parts.get("definition", b"{}"))
        script.asked.append(
            {"path": self.path, "definition": definition, "audio": parts.get("audio", b"")}
        )
        if self._refused():
            return
        if script.fault.manner == "hang":
            self.emulator.ending.wait(HANG_SECONDS)
            return
        told = fast_answer(script.hear(parts["audio"]), definition)
        if script.fault.manner == "broken words":
            told["phrases"] = [phrase | {"words": [{"text": 7}]} for phrase in told["phrases"]]
        answer = json.dumps(told).encode()
        if script.fault.manner == "garbage":
            answer = b'{"phrases": [{"offsetMil'
        self._answer(200, answer, cut=script.fault.manner == "cut")

    def _refused(self) -> bool:
        fault = self.emulator.script.fault
        status = fault.status
        if not status and self.headers.get("Ocp-Apim-Subscription-Key") != KEY:
            status = 0 if self.headers.get("Authorization", "").startswith("Bearer ") else 401
        if status:
            told = {"error": {"code": fault.code or "Refused", "message": "words of the provider"}}
            self._answer(status, json.dumps(told).encode())
        return bool(status)

    def _answer(
        self, status: int, body: bytes, *, cut: bool = False, media_type: str = "application/json"
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body) + 100 * cut))
        if self.emulator.script.fault.retry_after:
            self.send_header("Retry-After", self.emulator.script.fault.retry_after)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


def parse_parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the parts of a multipart form by name."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    return {
        str(part.get_param("name", header="content-disposition")): cast(
            "bytes", part.get_payload(decode=True)
        )
        for part in form.iter_parts()
    }


def fast_answer(phrases: list[Phrase], definition: dict[str, Any]) -> dict[str, Any]:
    """Return the document of the service; it numbers voices only when asked to."""
    [locale] = definition.get("locales", ["en-US"])
    is_asked = definition.get("diarization", {}).get("enabled", False)
    return {
        "durationMilliseconds": 0,
        "combinedPhrases": [{"text": " ".join(phrase.text for phrase in phrases)}],
        "phrases": [
            {
                "offsetMilliseconds": phrase.start_ms,
                "durationMilliseconds": phrase.duration_ms,
                "text": phrase.text,
                "words": [
                    {"text": word, "offsetMilliseconds": start, "durationMilliseconds": length}
                    for word, start, length in phrase.words()
                ],
                "locale": locale,
                "confidence": phrase.confidence,
                **({"speaker": phrase.voice} if is_asked else {}),
            }
            for phrase in phrases
        ],
    }
