"""One thread per process that renews the leases of all work this process is doing."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections

from talenti.work import claims
from talenti.work.claims import Claim

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0


@dataclass(slots=True)
class _Held:
    claim: Claim
    lease: timedelta
    renew_at: float


class LeaseKeeper:
    """Knows what is held and renews each lease at a third of its length."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._lock = threading.Lock()
        self._pid = 0

    @contextmanager
    def keep(self, claim: Claim, lease: timedelta) -> Iterator[None]:
        """Renew the lease of `claim` for as long as the block runs."""
        held = _Held(claim, lease, time.monotonic() + lease.total_seconds() / 3)
        with self._lock:
            self._held[id(held)] = held
            self._start()
        try:
            yield
        finally:
            with self._lock:
                del self._held[id(held)]

    def _start(self) -> None:
        if self._pid != os.getpid():  # threads do not survive a fork
            self._pid = os.getpid()
            threading.Thread(target=self._loop, name="lease-keeper", daemon=True).start()

    def _loop(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            with self._lock:
                due = [held for held in self._held.values() if held.renew_at <= time.monotonic()]
            if due:
                self._renew(due)

    def _renew(self, due: list[_Held]) -> None:
        for held in due:
            held.renew_at = time.monotonic() + held.lease.total_seconds() / 3
            try:
                claims.renew(held.claim, held.lease)
            except Exception:  # noqa: BLE001 - a database that is away for a moment: try again
                held.renew_at = time.monotonic() + TICK_SECONDS
                logger.warning("lease not renewed kind=%s", held.claim.kind)
        connections.close_all()


keeper = LeaseKeeper()
