"""The worker and the sweeper inside the server process, for an installation without Redis."""

import logging
import threading
from dataclasses import dataclass

import dramatiq
from django.conf import settings
from django.db import connections

from talenti.work import sweep

logger = logging.getLogger(__name__)
STOP_TIMEOUT_MS = 10_000


@dataclass(slots=True)
class InProcess:
    """What runs beside the web server in its process; start it after the fork."""

    worker: dramatiq.Worker
    stopping: threading.Event
    sweeper: threading.Thread

    def stop(self) -> None:
        """Let running work end within ten seconds; the rest is taken up at the next start."""
        self.stopping.set()
        self.worker.stop(timeout=STOP_TIMEOUT_MS)
        self.sweeper.join(timeout=5)


def _sweep(stopping: threading.Event) -> None:
    try:
        sweep.loop(stopping)
    finally:
        connections.close_all()


def start(*, sole: bool) -> InProcess:
    """Start worker threads and the sweeper; with `sole` no other process can hold a lease."""
    if sole:
        sweep.take_back_leases()
    worker = dramatiq.Worker(
        dramatiq.get_broker(), worker_threads=settings.WORKER_THREADS, worker_timeout=100
    )
    worker.start()
    stopping = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(stopping,), name="sweeper", daemon=True)
    sweeper.start()
    return InProcess(worker, stopping, sweeper)
