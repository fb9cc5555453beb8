"""The health of a worker or a sweeper, on a port of its own: HEALTH_PORT, 0 for none.

`/health` says that the process runs. `/health/ready` says how long the oldest due work has waited
and, in the sweeper, how long ago it last went round: a living process that does neither is not
healthy.
"""

import json
import logging
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.db import connections

import talenti.work.boot  # noqa: F401 - Dramatiq imports this room in a process without apps
from talenti.work import sweep
from talenti.work.gauges import LATE_WORK, oldest_due_age

logger = logging.getLogger(__name__)
LATE_SWEEP_SECONDS = 60.0
ALIVE: dict[str, Any] = {"status": "ok"}


def report(*, sweeping: bool) -> dict[str, Any]:
    """Return the ages in seconds and what follows from them: ready or late, or unready."""
    try:
        waited = round(oldest_due_age().total_seconds(), 1)
    except Exception as error:  # noqa: BLE001 - whatever it was, the queue cannot be read
        logger.warning("health: the queue cannot be read (%s)", type(error).__name__)
        return {"status": "unready", "oldest_due_seconds": None}
    finally:
        connections.close_all()
    late = waited > LATE_WORK.total_seconds()
    found: dict[str, Any] = {"oldest_due_seconds": waited}
    if sweeping:
        since = sweep.seconds_since_tick()
        found["last_sweep_seconds"] = round(since, 1)
        late = late or since > LATE_SWEEP_SECONDS
    return {"status": "late" if late else "ready", **found}


def start(*, sweeping: bool) -> ThreadingHTTPServer | None:
    """Answer in a thread from now on; a port that is taken is logged and costs nothing else."""
    if not settings.HEALTH_PORT:
        return None
    # The platform's probes come from outside the container.
    host = "0.0.0.0" if settings.DEPLOYED else "127.0.0.1"  # noqa: S104  # nosec B104
    try:
        server = ThreadingHTTPServer((host, settings.HEALTH_PORT), handler_for(sweeping=sweeping))
    except OSError as error:
        logger.warning("no health on port %d: %s", settings.HEALTH_PORT, type(error).__name__)
        return None
    threading.Thread(target=server.serve_forever, name="health-port", daemon=True).start()
    return server


def serve_worker() -> int:
    """Answer for a worker, in the process that Dramatiq forks for this; ends by its signal."""
    start(sweeping=False)
    while True:
        signal.pause()


def handler_for(*, sweeping: bool) -> type[BaseHTTPRequestHandler]:
    """Return the handler of requests."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].rstrip("/")
            if path not in {"/health", "/health/ready"}:
                self.send_error(404)
                return
            found = ALIVE if path == "/health" else report(sweeping=sweeping)
            body = json.dumps(found).encode()
            self.send_response(200 if found["status"] in {"ok", "ready"} else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Probes are not worth a line."""

    return Handler
