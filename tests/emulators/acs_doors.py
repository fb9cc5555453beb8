"""Doors that events are delivered to: a plain server that takes them, or refuses when asked to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from interviews.calls.dialect import read_event, split_events
from interviews.calls.facts import Fact


class Doors:
    """Takes what is delivered. `statuses` are the next answers; 200 follows."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        doors = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                doors.taken.append((self.path, headers, body))
                self.send_response(doors.statuses.pop(0) if doors.statuses else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def events(self) -> list[bytes]:
        """Return each event that was taken, in the order it came."""
        return [event for _, _, body in self.taken for event in split_events(body)]

    def facts(self) -> list[Fact]:
        """Return what was told, in the order it came."""
        return [read_event(event).fact for event in self.events()]
