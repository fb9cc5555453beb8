"""The image's health check asks its own container, and believes only a 200."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from talenti.health.probe import main
from tests.services.processes import free_port


@pytest.fixture(params=[200, 503])
def answering(request) -> Iterator[tuple[int, int]]:
    """A port that answers /health with a status, and everything else with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, 0 if request.param == 200 else 1
        server.shutdown()


def test_probe_of_an_api_asks_its_port(
    answering: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(answering[0]))
    monkeypatch.setenv("HEALTH_PORT", "0")

    assert main() == answering[1]


def test_probe_of_a_worker_asks_the_health_port(
    answering: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("HEALTH_PORT", str(answering[0]))

    assert main() == answering[1]


def test_probe_of_nobody_says_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("HEALTH_PORT", str(free_port()))

    assert main() == 1
