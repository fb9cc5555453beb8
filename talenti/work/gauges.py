"""How the queue stands, for whoever watches it: the sweeper's telemetry and the health ports."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from talenti.telemetry.recorder import Measured, register_gauge
from talenti.work.actors import known_kinds
from talenti.work.models import State, WorkItem

LATE_WORK = timedelta(minutes=5)


def oldest_due_age(now: datetime | None = None) -> timedelta:
    """Return how long the oldest due work of known kinds has waited; zero when nothing is due."""
    now = now or timezone.now()
    due = WorkItem.objects.due(now).filter(kind__in=known_kinds())
    since = due.order_by("next_run_at").values_list("next_run_at", flat=True).first()
    return now - since if since else timedelta()


def read_oldest_due() -> Iterable[Measured]:
    """Return the age in seconds."""
    return [(oldest_due_age().total_seconds(), {})]


def read_depth() -> Iterable[Measured]:
    """Return how many items are open, by queue and state."""
    rows = WorkItem.objects.open().values_list("queue", "state").annotate(Count("pk"))
    return [(number, {"queue": queue, "state": state}) for queue, state, number in rows]


def read_dead() -> Iterable[Measured]:
    """Return how many items wait for a person, by kind."""
    rows = WorkItem.objects.filter(state=State.DEAD).values_list("kind").annotate(Count("pk"))
    return [(number, {"kind": kind}) for kind, number in rows]


register_gauge("work_oldest_due_seconds", read_oldest_due)
register_gauge("work_queue_depth", read_depth)
register_gauge("work_dead", read_dead)
