"""The sweeper: rings again for due work, and compares rows with the outside world."""

import logging
import threading
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.utils import timezone

from talenti.work.actors import known_kinds
from talenti.work.models import State, WorkItem
from talenti.work.queue import ring
from talenti.work.signals import reconcile

logger = logging.getLogger(__name__)
BATCH = 500
_last_tick = time.monotonic()
RING_PAUSES = (
    3,
    6,
    12,
    24,
    60,
)  # seconds between rings for one item, so that a backlog is not flooded


def ring_due(now: datetime | None = None) -> int:
    """Ring for due work of known kinds that nobody was told of lately; returns how many.

    A broker that cannot be reached ends the round: waiting for it is not held against the work.
    """
    now = now or timezone.now()
    due = _take_due(now)
    for rung, (kind, pk) in enumerate(due):
        if not ring(kind, pk):
            silent = WorkItem.objects.filter(pk__in=[pk for _, pk in due[rung:]], rings__gt=0)
            silent.update(ring_at=now, rings=F("rings") - 1)
            return rung
    return len(due)


def _take_due(now: datetime) -> list[tuple[str, uuid.UUID]]:
    """Return what is to be rung for, and put off its next ring; no second sweeper gets it too."""
    with transaction.atomic():
        waiting = WorkItem.objects.due(now).filter(ring_at__lte=now, kind__in=known_kinds())
        due = list(
            waiting.select_for_update(skip_locked=True)
            .order_by("ring_at")
            .values_list("kind", "pk")[:BATCH]
        )
        WorkItem.objects.filter(pk__in=[pk for _, pk in due]).update(
            ring_at=_next_ring(now), rings=F("rings") + 1
        )
    return due


def _next_ring(now: datetime) -> Case:
    steps = [
        When(rings=turn, then=Value(now + timedelta(seconds=pause)))
        for turn, pause in enumerate(RING_PAUSES)
    ]
    last = Value(now + timedelta(seconds=RING_PAUSES[-1]))
    return Case(*steps, default=last, output_field=DateTimeField())


def take_back_leases() -> int:
    """End every lease at once: for a start on one machine, where no other worker can be alive."""
    now = timezone.now()
    return WorkItem.objects.filter(state=State.RUNNING).update(
        lease_until=now - timedelta(seconds=1), ring_at=now, rings=0
    )


def reconcile_all(now: datetime | None = None) -> list[str]:
    """Let every receiver compare rows with the world; returns the names of those that failed."""
    failed = []
    for receiver, outcome in reconcile.send_robust(sender=None, now=now or timezone.now()):
        if isinstance(outcome, Exception):
            failed.append(receiver.__qualname__)
            logger.error("reconciler failed name=%s cause=%s", failed[-1], type(outcome).__name__)
    return failed


def seconds_since_tick() -> float:
    """Return how long ago this process last went round without a fault, or began."""
    return time.monotonic() - _last_tick


def tick(*, reconciling: bool) -> None:
    """Do one round; a database that is away costs this round only."""
    global _last_tick
    close_old_connections()
    try:
        ring_due()
        if reconciling:
            reconcile_all()
        _last_tick = time.monotonic()
    except Exception:  # the loop must outlive any fault
        logger.exception("sweep failed")
    finally:
        close_old_connections()


def loop(stop: threading.Event) -> None:
    """Sweep until told to stop."""
    next_reconcile = 0.0
    while not stop.is_set():
        reconciling = time.monotonic() >= next_reconcile
        if reconciling:
            next_reconcile = time.monotonic() + settings.RECONCILE_SECONDS
        tick(reconciling=reconciling)
        stop.wait(settings.SWEEP_SECONDS)
