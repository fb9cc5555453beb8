"""Putting work into the queue and ringing for it."""

import logging
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, DateTimeField, UUIDField
from django.utils import timezone

from talenti.errors import WrongState
from talenti.history import Actor, record
from talenti.prepared import Slots, fetch
from talenti.telemetry.recorder import trace_parent
from talenti.work.actors import perform, registered
from talenti.work.models import OPEN_STATES, State, WorkItem
from talenti.work.signals import work_requeued

logger = logging.getLogger(__name__)
FIRST_RING_GRACE = timedelta(seconds=3)  # the doorbell's head start before the sweeper rings again


def enqueue(
    kind: str,
    *,
    organisation_id: uuid.UUID,
    subject_id: uuid.UUID,
    at: datetime | None = None,
    quietly: bool = False,
) -> None:
    """Queue one unit of work, in the caller's transaction; while one is open it stays the only one.

    After commit its id is sent. That may fail: the sweeper rings for whatever is due. With
    `quietly` nothing is sent at first: the caller means to do it at once (`do_now`).
    """
    now = timezone.now()
    moment = at or now
    item = WorkItem(
        organisation_id=organisation_id,
        kind=kind,
        queue=registered(kind).queue,
        subject_id=subject_id,
        next_run_at=moment,
        ring_at=moment + FIRST_RING_GRACE if moment <= now else moment,
        trace_parent=trace_parent(),
    )
    WorkItem.objects.bulk_create([item], ignore_conflicts=True)
    if moment <= now and not quietly:
        transaction.on_commit(lambda: ring(kind, item.pk), robust=True)


def ring(kind: str, item_id: uuid.UUID) -> bool:
    """Send the id of a work item to its actor; False when the broker cannot be reached."""
    actor = registered(kind).actor
    try:
        actor.send(str(item_id))
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the row waits
        logger.warning("doorbell failed kind=%s cause=%s", kind, type(error).__name__)
        return False
    return True


def do_now(kind: str, subject_id: uuid.UUID) -> None:
    """Do queued work in this thread without waiting for its doorbell; nothing if it is not due.

    For the next step of something that somebody waits for. Dying here costs only time: the sweeper
    rings for it.
    """
    values = {"kind": kind, "subject_id": subject_id, "now": timezone.now()}
    for (item_id,) in fetch(_due, values):
        perform(kind, item_id)


def _due(slots: Slots) -> Any:
    due = WorkItem.objects.due(slots("now", DateTimeField()))
    mine = {"kind": slots("kind", CharField()), "subject_id": slots("subject_id", UUIDField())}
    return due.filter(**mine).order_by().values_list("pk")


def ring_for(kind: str, subject_id: uuid.UUID) -> None:
    """Ring after the commit for what was queued quietly: it will not be done by this thread."""
    due = WorkItem.objects.due().filter(kind=kind, subject_id=subject_id)
    for item_id in due.values_list("pk", flat=True):
        transaction.on_commit(partial(ring, kind, item_id), robust=True)


def requeue(item: WorkItem, actor: Actor) -> None:
    """Put dead or cancelled work back with all its attempts; WrongState while one is open."""
    now = timezone.now()
    busy = WorkItem.objects.filter(
        kind=item.kind, subject_id=item.subject_id, state__in=OPEN_STATES
    )
    with transaction.atomic():
        closed = WorkItem.objects.filter(pk=item.pk, state__in=[State.DEAD, State.CANCELLED])
        if busy.exists() or not closed.update(
            state=State.QUEUED,
            attempt=0,
            next_run_at=now,
            ring_at=now + FIRST_RING_GRACE,
            rings=0,
            finished_at=None,
        ):
            raise WrongState("Only dead or cancelled work can be put back, and only one at a time.")
        item.refresh_from_db()
        record(item, "requeued", actor, root_id=item.subject_id)
        work_requeued.send(sender=WorkItem, item=item)
        transaction.on_commit(lambda: ring(item.kind, item.pk), robust=True)


def cancel(item: WorkItem, actor: Actor, *, reason: str = "") -> None:
    """Take open work out of the queue; a worker that is busy with it loses its claim."""
    with transaction.atomic():
        waiting = WorkItem.objects.filter(pk=item.pk, state__in=OPEN_STATES)
        if not waiting.update(state=State.CANCELLED, lease_until=None, finished_at=timezone.now()):
            raise WrongState("Only open work can be cancelled.")
        item.refresh_from_db()
        record(item, "cancelled", actor, root_id=item.subject_id, reason=reason)
