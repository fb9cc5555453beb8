"""Doing the work that waits, here and now, as a worker would."""

from django.utils import timezone

from talenti.work.actors import perform
from talenti.work.models import State, WorkItem

MOST = 200


def do_work(*, ahead_of_time: bool = False) -> list[str]:
    """Do everything that is due until nothing is; return the kinds in the order they were done.

    Ahead of time: also what is queued for later, as if that moment had come.
    """
    done: list[str] = []
    while items := _due(ahead_of_time=ahead_of_time):
        for item in items:
            perform(item.kind, item.pk)
            done.append(item.kind)
        assert len(done) < MOST, f"work never ends: {done[-5:]}"
    return done


def _due(*, ahead_of_time: bool) -> list[WorkItem]:
    if ahead_of_time:
        WorkItem.objects.filter(state=State.QUEUED).update(next_run_at=timezone.now())
    return list(WorkItem.objects.due().order_by("created_at", "pk"))
