"""Doing the work that waits, here and now, as a worker would."""

from talenti.work.actors import perform
from talenti.work.models import WorkItem

MOST = 100


def do_work() -> list[str]:
    """Do everything that is due until nothing is; return the kinds in the order they were done."""
    done: list[str] = []
    while items := list(WorkItem.objects.due().order_by("created_at", "pk")):
        for item in items:
            perform(item.kind, item.pk)
            done.append(item.kind)
        assert len(done) < MOST, f"work never ends: {done[-5:]}"
    return done
