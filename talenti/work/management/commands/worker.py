"""Start worker processes on Redis."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """`manage.py worker`: becomes Dramatiq's own command with our settings."""

    help = "Do queued work from Redis, with Dramatiq's command line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --processes, --threads and --queues."""
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--threads", type=int, default=settings.WORKER_THREADS)
        parser.add_argument(
            "--queues", nargs="*", default=[], help="default, media, calls; all by default"
        )

    def handle(self, *, processes: int, threads: int, queues: list[str], **_: Any) -> None:
        """Replace this process; Dramatiq's master watches its children."""
        if not settings.REDIS_URL:
            raise CommandError("Set REDIS_URL: without it `serve` does the work itself.")
        # No more messages than threads wait in memory, so that other workers get the rest.
        os.environ.setdefault("dramatiq_queue_prefetch", str(threads))
        os.environ.setdefault("dramatiq_worker_timeout", "100")
        command = [sys.executable, "-m", "dramatiq", "talenti.work.boot"]
        command += ["--processes", str(processes), "--threads", str(threads)]
        command += ["--queues", *queues] if queues else []
        command += ["--fork-function", "talenti.work.port:serve_worker"]
        os.execv(sys.executable, command)  # noqa: S606 - no shell, our own interpreter
