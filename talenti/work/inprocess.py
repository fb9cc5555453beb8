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

    workers: list[dramatiq.Worker]
    stopping: threading.Event
    sweeper: threading.Thread

    def stop(self) -> None:
        """Let running work end within ten seconds; the rest is taken up at the next start."""
        self.stopping.set()
        for worker in self.workers:
            worker.stop(timeout=STOP_TIMEOUT_MS)
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
    # Threads of its own for each queue: a mail does not wait behind an hour of audio.
    workers = [_start_worker(queue) for queue in settings.WORK_QUEUES]
    stopping = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(stopping,), name="sweeper", daemon=True)
    sweeper.start()
    return InProcess(workers, stopping, sweeper)


def _start_worker(queue: str) -> dramatiq.Worker:
    worker = dramatiq.Worker(
        dramatiq.get_broker(),
        queues={queue},
        worker_threads=settings.WORKER_THREADS,
        worker_timeout=100,
    )
    worker.start()
    return worker
