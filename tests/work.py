"""Doing the work that waits, here and now, as a worker would."""

from collections.abc import Collection

from django.utils import timezone

from talenti.work.actors import perform
from talenti.work.models import State, WorkItem

MOST = 200


def do_work(*, ahead_of_time: bool = False, kinds: Collection[str] = ()) -> list[str]:
    """Do everything that is due until nothing is; return the kinds in the order they were done.

    Ahead of time: also what is queued for later, as if that moment had come. With `kinds` no other.
    """
    done: list[str] = []
    while items := _due(kinds, ahead_of_time=ahead_of_time):
        for item in items:
            perform(item.kind, item.pk)
            done.append(item.kind)
        assert len(done) < MOST, f"work never ends: {done[-5:]}"
    return done


def _due(kinds: Collection[str], *, ahead_of_time: bool) -> list[WorkItem]:
    if ahead_of_time:
        WorkItem.objects.filter(state=State.QUEUED).update(next_run_at=timezone.now())
    due = WorkItem.objects.due().order_by("created_at", "pk")
    return list(due.filter(kind__in=kinds) if kinds else due)
