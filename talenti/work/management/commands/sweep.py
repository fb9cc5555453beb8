"""Sweep: ring for due work and compare rows with the outside world."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from talenti.telemetry import starting
from talenti.work import port, sweep


class Command(BaseCommand):
    """`manage.py sweep`: one tick, or --loop as a container of its own."""

    help = (
        "Ring for due work, take back expired leases, reconcile and delete what is past its days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --loop."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *, loop: bool, **_: Any) -> None:
        """Sweep once, or until a signal ends it."""
        if loop:
            self._loop()
            return
        # Without Redis only the server itself hears the bell, and it has its own sweeper.
        rung = sweep.ring_due() if settings.REDIS_URL else 0
        failed = sweep.reconcile_all()
        self.stdout.write(f"rung {rung}, reconcilers failed {len(failed)}")
        if failed:
            raise CommandError(", ".join(failed))

    def _loop(self) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        starting.start(watching=True)
        port.start(sweeping=True)
        sweep.loop(stop)
        starting.stop()
