"""HTTP of the emulator: which command a request is, and the two routes that ask for no key."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

KEYS_PATH = "/calling/keys"
TOKEN_PATH = "/identity/token"
IDENTITY_SECRET = "identity-secret"
IDENTITY_TOKEN = "token-of-the-managed-identity"
SCOPE = "https://communication.azure.com/"
HANG_SECONDS = 30.0
ROUTES = (
    ("POST", re.compile(r"/calling/callConnections"), "create_call"),
    ("GET", re.compile(r"/calling/callConnections/([^/:]+)"), "get_call"),
    ("POST", re.compile(r"/calling/callConnections/([^/:]+):play"), "play"),
    ("POST", re.compile(r"/calling/callConnections/([^/:]+):recognize"), "recognize"),
    (
        "POST",
        re.compile(r"/calling/callConnections/([^/:]+):cancelAllMediaOperations"),
        "cancel_media",
    ),
    ("POST", re.compile(r"/calling/callConnections/([^/:]+):terminate"), "hang_up"),
    ("POST", re.compile(r"/calling/recordings"), "start_recording"),
    ("DELETE", re.compile(r"/v1/objects/([^/]+)"), "delete_recording"),
)


@dataclass(frozen=True)
class Received:
    """One request as it came: header names in lower case, `path` with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw: bytes
    command: str = ""
    subject: str = ""  # the call or the file that it is about
    port: int = 0

    @property
    def body(self) -> Any:
        """The body as JSON, None when there is none."""
        return json.loads(self.raw) if self.raw else None


@dataclass(frozen=True)
class Answer:
    """What to send back; without a status the line is cut."""

    status: int = 0
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


class Answering(Protocol):
    """What the handler needs of the emulator."""

    def answer(self, received: Received) -> Answer:
        """Answer a request that needs a key."""

    def jwks(self) -> bytes:
        """Return the public keys."""


class Handler(BaseHTTPRequestHandler):
    emulator: Answering
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = HANG_SECONDS

    def do_POST(self) -> None:
        self._answer(self.emulator.answer(self._received()))

    def do_DELETE(self) -> None:
        self._answer(self.emulator.answer(self._received()))

    def do_GET(self) -> None:
        """Answer what asks for no key of the resource's: its own public ones, and a token."""
        path = urlsplit(self.path).path
        if path == KEYS_PATH:
            self._answer(Answer(200, self.emulator.jwks()))
        elif path == TOKEN_PATH:
            self._give_token()
        else:
            self._answer(self.emulator.answer(self._received()))

    def _give_token(self) -> None:
        """As the identity endpoint of App Service and Container Apps does."""
        asked = parse_qs(urlsplit(self.path).query).get("resource")
        if self.headers.get("x-identity-header") != IDENTITY_SECRET or asked != [SCOPE]:
            self._answer(Answer(403, {"statusCode": 403, "message": f"Forbidden: {asked}"}))
            return
        token = {"access_token": IDENTITY_TOKEN, "expires_on": "4102444800", "resource": SCOPE}
        self._answer(Answer(200, {**token, "token_type": "Bearer"}))

    def _received(self) -> Received:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path, command, subject = urlsplit(self.path).path, "", ""
        for method, pattern, name in ROUTES:
            if method == self.command and (found := pattern.fullmatch(path)):
                command, subject = name, "".join(found.groups())
        port = self.client_address[1]
        return Received(self.command, self.path, headers, raw, command, subject, port)

    def _answer(self, answer: Answer) -> None:
        if not answer.status:
            self.close_connection = True
            return
        body = answer.body if isinstance(answer.body, bytes) else b""
        if answer.body is not None and not isinstance(answer.body, bytes):
            body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: tests read `requests`."""
