"""Azure OpenAI's chat completions on the loopback address, over real HTTP.

It refuses what the real service refuses (unknown paths, deployments and keys, fields that the API
version does not know, schemas that are not strict) and answers sensibly from the text it is sent.
`script` plays faults instead, one for each request. `python -m tests.emulators.openai --port N`
serves it for a demo.
"""

import argparse
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.emulators.openai_answers import answer
from tests.emulators.openai_refusals import refuse

AZURE = re.compile(r"/openai/deployments/([^/]+)/chat/completions")
OTHER = re.compile(r"/(?:openai/)?v1/chat/completions")
TOKEN_PATH = "/identity/token"
IDENTITY_SECRET = "identity-secret"
IDENTITY_TOKEN = "token-of-the-managed-identity"
HANG_SECONDS = 30.0


@dataclass(frozen=True)
class Received:
    """One request as it came: header names in lower case, `port` is the client's own."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    port: int = 0

    @property
    def deployment(self) -> str:
        """The deployment in the path, or the model in the body."""
        found = AZURE.fullmatch(self.path)
        return found[1] if found else str(self.body.get("model", ""))

    @property
    def text(self) -> str:
        """Every message together."""
        return "\n".join(message["content"] for message in self.body["messages"])


@dataclass(frozen=True)
class Reply:
    """What to answer; `wait` holds it back until the server stops, `drop` closes the line."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: bool = False
    drop: bool = False
    drip: bool = False


Behaviour = Callable[[Received], Reply]


def completion(text: str | None, *, finish: str = "stop", refusal: str | None = None) -> Reply:
    """Return a chat completion as the service words it."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return Reply(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "finish_reason": finish, "message": message}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
        }
    )


def sensible(received: Received) -> Reply:
    """Answer what is asked, from the text in the request alone; the same request, the same text."""
    return completion(answer(received.text))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # a worker of many threads connects all at once


class OpenAiEmulator:
    """The server; use it as a context manager. `requests` holds what was sent, oldest first."""

    def __init__(
        self, *, port: int = 0, key: str = "key", deployments: tuple[str, ...] = ("gpt-4o",)
    ) -> None:
        self.key, self.deployments = key, deployments
        self.requests: list[Received] = []
        self.tokens_given = 0
        self.default: Behaviour = sensible
        self.stopped = threading.Event()
        self._scripted: deque[Behaviour] = deque()
        handler = type("Handler", (_Handler,), {"emulator": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The address, as AZURE_OPENAI_ENDPOINT takes it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def script(self, *behaviours: Behaviour) -> None:
        """Play these, one for each of the next requests; the default follows."""
        self._scripted.extend(behaviours)

    def reset(self) -> None:
        """Forget everything that was sent and scripted."""
        self.requests.clear()
        self._scripted.clear()
        self.default, self.tokens_given = sensible, 0

    def reply(self, received: Received) -> Reply:
        """Refuse what the service refuses; else play the script."""
        self.requests.append(received)
        status, error = refuse(received, self.key, self.deployments, IDENTITY_TOKEN)
        if status:
            return Reply({"error": error}, status)
        return (self._scripted.popleft() if self._scripted else self.default)(received)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    emulator: OpenAiEmulator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = HANG_SECONDS

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        reply = self.emulator.reply(self._received(json.loads(raw)))
        if reply.wait:
            self.emulator.stopped.wait(HANG_SECONDS)
        if reply.drop or reply.wait:
            self.close_connection = True
            return
        self._send(reply)

    def do_GET(self) -> None:
        """Give a token, as the identity endpoint of App Service and Container Apps does."""
        asked = self._received({})
        if asked.path != TOKEN_PATH or asked.headers.get("x-identity-header") != IDENTITY_SECRET:
            self._send(Reply({"statusCode": 403, "message": "Forbidden"}, 403))
            return
        self.emulator.tokens_given += 1
        token = {"access_token": IDENTITY_TOKEN, "expires_on": "4102444800"}
        self._send(Reply({**token, "resource": asked.query["resource"], "token_type": "Bearer"}))

    def _received(self, body: Any) -> Received:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Received(self.command, parts.path, query, headers, body, self.client_address[1])

    def _send(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"content-type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        try:
            self._write(body, drip=reply.drip)
        except OSError:  # the client went away, as it should from a drip
            self.close_connection = True

    def _write(self, body: bytes, *, drip: bool) -> None:
        if not drip:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.emulator.stopped.wait(0.05):
                return

    def log_message(self, *_: object) -> None:
        """Say nothing: tests read `requests`."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", default="key")
    given = parser.parse_args()
    with OpenAiEmulator(port=given.port, key=given.key) as emulator:
        print(f"listens on {emulator.url}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
