"""Azure Communication Services' call automation on the loopback address, for the real SDK.

It refuses what the service refuses (signatures, versions, fields, repeated and missing headers),
remembers repeated requests, and plays who is called: events go to the callback addresses, signed.
What should never have been sent is kept in `objections`. `python -m tests.emulators.acs --port N`
serves it for a demo.
"""

import argparse
import ssl
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.emulators.acs_calls import Exchange, Refused
from tests.emulators.acs_delivery import Postman
from tests.emulators.acs_faults import Fault, Faults
from tests.emulators.acs_http import (
    HANG_SECONDS,
    IDENTITY_TOKEN,
    KEYS_PATH,
    Answer,
    Handler,
    Received,
    Server,
)
from tests.emulators.acs_shapes import API_VERSION, faults_of
from tests.emulators.acs_signing import ISSUER, Signer, hmac_fault

KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
RESOURCE_ID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
CALLER = "+61280001234"
REPEATABLE = {"create_call", "start_recording", "hang_up"}
STATUS = {"create_call": 201, "get_call": 200, "start_recording": 200, "delete_recording": 200}
STATUS |= {"play": 202, "recognize": 202, "cancel_media": 202, "hang_up": 204}


class AcsEmulator:
    """The service; use it as a context manager. `requests` holds what was sent, oldest first."""

    def __init__(self, *, port: int = 0, workers: int = 1, issuer: str = ISSUER) -> None:
        self.key, self.resource_id, self.own_numbers = KEY, RESOURCE_ID, {CALLER}
        self.signer = Signer(issuer, RESOURCE_ID)
        self.postman = Postman(workers=workers)
        self.exchange = Exchange(self.postman, self.signer)
        self.faults = Faults()
        self.requests: list[Received] = []
        self.objections: list[str] = []
        self.deleted: set[str] = set()
        self.ending = threading.Event()
        self._answers: dict[str, tuple[bytes, Answer]] = {}
        self._repeating = threading.Lock()
        handler = type("OwnHandler", (Handler,), {"emulator": self})
        self._server = Server(("127.0.0.1", port), handler)
        self._scheme = "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def endpoint(self) -> str:
        """The address, as AZURE_ACS_CONNECTION_STRING has it."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def connection_string(self) -> str:
        """What AZURE_ACS_CONNECTION_STRING takes."""
        return f"endpoint={self.endpoint}/;accesskey={self.key}"

    @property
    def keys_url(self) -> str:
        """Where the keys are that events are signed with."""
        return f"{self.endpoint}{KEYS_PATH}"

    def jwks(self) -> bytes:
        """Return the public keys."""
        return self.signer.jwks()

    def secure(self, certificate: str, key: str) -> None:
        """Speak TLS with this certificate, before the start."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https"

    def sent(self, command: str) -> list[Received]:
        """Return the requests of one kind, oldest first."""
        return [received for received in self.requests if received.command == command]

    def reset(self) -> None:
        """Forget every call, request and fault."""
        self.postman.forget()
        self.exchange.forget()
        self.faults.clear()
        self.requests.clear()
        self.objections.clear()
        self.deleted.clear()
        self._answers.clear()
        self.own_numbers = {CALLER}

    def __enter__(self) -> Self:
        self.postman.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.postman.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, received: Received) -> Answer:
        """Refuse what the service refuses, then do what is asked, well or badly."""
        self.requests.append(received)
        if refusal := self._refusal(received):
            return refusal
        fault = self.faults.take(received.command)
        if fault is not None and not fault.effect:
            return self._badly(fault, None)
        try:
            done = self._once(received) if received.command in REPEATABLE else self._do(received)
        except Refused as refused:
            done = _error(refused.status, refused.code)
        return done if fault is None else self._badly(fault, done)

    def _refusal(self, received: Received) -> Answer | None:
        if wrong := self._unauthorised(received):
            return _error(401, "7509", wrong)
        if not received.command:
            return self._object(404, f"no such route: {received.method} {received.path}")
        version = parse_qs(urlsplit(received.path).query).get("api-version")
        if received.command != "delete_recording" and version != [API_VERSION]:
            return self._object(400, f"the version is {version}")
        wrongs = faults_of(received.command, received.body)
        wrongs += _repeatability_faults(received) if received.command in REPEATABLE else []
        if wrongs:
            return self._object(400, f"{received.command}: {'; '.join(wrongs)}")
        return None

    def _object(self, status: int, message: str) -> Answer:
        self.objections.append(message)
        return _error(status, "8523", message)

    def _unauthorised(self, received: Received) -> str | None:
        given = received.headers.get("authorization", "")
        if given.startswith("Bearer "):
            return None if given == f"Bearer {IDENTITY_TOKEN}" else "no such identity"
        headers = received.headers
        own = urlsplit(self.endpoint)
        if headers.get("x-ms-host") == own.hostname:  # it is signed in the place of the store's
            headers = {**headers, "host": own.netloc}
        return hmac_fault(received.method, received.path, headers, received.raw, self.key)

    def _badly(self, fault: Fault, done: Answer | None) -> Answer:
        if fault.ending == "hang":
            self.ending.wait(HANG_SECONDS)
        if fault.ending in {"hang", "close"}:
            return Answer()
        if fault.ending == "garbage":
            return Answer(done.status if done else 200, b"<html>of a gateway</html>")
        headers = {"Retry-After": fault.retry_after, "Location": fault.location}
        named = tuple((name, value) for name, value in headers.items() if value)
        return Answer(fault.status, fault.answer, named)

    def _once(self, received: Received) -> Answer:
        """Do what has an id of its own once, and answer the same to each repetition."""
        repeated = received.headers["repeatability-request-id"]
        with self._repeating:
            if repeated in self._answers:
                body, answer = self._answers[repeated]
                return answer if body == received.raw else _error(412, "8583")
            answer = self._do(received)
            self._answers[repeated] = (received.raw, answer)
            return answer

    def _do(self, received: Received) -> Answer:
        deeds: dict[str, Callable[[Received], Any]] = {
            "create_call": self._create_call,
            "get_call": lambda asked: self.exchange.get_call(asked.subject).properties(),
            "play": lambda asked: self.exchange.play(asked.subject, asked.body),
            "recognize": lambda asked: self.exchange.recognize(asked.subject, asked.body),
            "cancel_media": lambda asked: self.exchange.cancel_media(asked.subject),
            "hang_up": lambda asked: self.exchange.hang_up(asked.subject),
            "start_recording": self._start_recording,
            "delete_recording": self._delete_recording,
        }
        return Answer(STATUS[received.command], deeds[received.command](received))

    def _create_call(self, received: Received) -> dict[str, Any]:
        if received.body["sourceCallerIdNumber"]["value"] not in self.own_numbers:
            raise Refused(403, 7507)
        return self.exchange.create_call(received.body).properties()

    def _start_recording(self, received: Received) -> dict[str, Any]:
        recording = self.exchange.start_recording(received.body)
        told = {"recordingState": "active", "recordingKind": "azureBlobStorage"}
        return {"recordingId": recording.id, **told}

    def _delete_recording(self, received: Received) -> None:
        if received.subject in self.deleted:
            raise Refused(404, 8522)
        self.deleted.add(received.subject)


def _error(status: int, code: str, message: str = "refused by the emulator") -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})


def _repeatability_faults(received: Received) -> list[str]:
    wrongs = []
    try:
        uuid.UUID(received.headers.get("repeatability-request-id", ""))
    except ValueError:
        wrongs.append("Repeatability-Request-ID is no UUID")
    try:
        given = received.headers.get("repeatability-first-sent", "")
        datetime.strptime(given, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        wrongs.append("Repeatability-First-Sent is no HTTP date")
    return wrongs


def main() -> None:
    """Serve until interrupted, with calls in real time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    with AcsEmulator(port=given.port) as emulator:
        emulator.exchange.pace = 1.0
        print(f"listens on {emulator.endpoint}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
