"""Somebody who signs: keys at an address, well or badly served, and known without asking."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from django.utils import timezone

from talenti.models import SigningKeys
from talenti.webhooks.jwks import read_keys
from tests.emulators.acs_signing import Signer

AUDIENCE = "5d6c9b4e-1f0a-4c3b-9d2e-7a8b6c5d4e3f"
ISSUER = "https://issuer.example"
Answer = Callable[[BaseHTTPRequestHandler], None]


def make_signer(**values: Any) -> Signer:
    """Return a signer with a key of its own."""
    return Signer(**({"issuer": ISSUER, "audience": AUDIENCE, "kid": "key-1"} | values))


def jwks_of(*signers: Signer) -> bytes:
    """Return the keys of all of them as one set."""
    return json.dumps(
        {"keys": [key for one in signers for key in json.loads(one.jwks())["keys"]]}
    ).encode()


def know(address: str, *signers: Signer, **moments: Any) -> None:
    """Let the keys of an address be known, read just now unless `fetched_at` says otherwise."""
    values = {"keys": read_keys(jwks_of(*signers)), "fetched_at": timezone.now()} | moments
    SigningKeys.objects.update_or_create(address=address, defaults=values)


class KeyServer:
    """An address of keys on this machine; `asked` counts. `behave` decides how it answers."""

    def __init__(self) -> None:
        self.signers = [make_signer()]
        self.asked = 0
        self.behave: Answer = self.answer_well
        self.released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked += 1
                server.behave(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/keys"

    def answer_well(self, handler: BaseHTTPRequestHandler) -> None:
        send(handler, jwks_of(*self.signers))

    def hang(self, _handler: BaseHTTPRequestHandler) -> None:
        self.released.wait(20)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Be away from now on."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with this body."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
