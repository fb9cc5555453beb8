"""Claiming, renewing and closing work items: each step is one conditional UPDATE."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from talenti.work.backoff import BASE_SECONDS, MAX_ATTEMPTS, delay
from talenti.work.models import State, WorkItem, WorkQuerySet
from talenti.work.signals import work_died
from talenti.work.statements import change, slot

CLAIMED = ("organisation_id", "kind", "subject_id", "attempt", "fence", "trace_parent")


class LostClaim(Exception):
    """The work item is no longer ours; whatever was computed is thrown away."""


@dataclass(slots=True)
class Claim:
    """The right to do one work item, valid while `fence` is the row's."""

    item_id: uuid.UUID
    organisation_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID
    attempt: int
    fence: int
    finished: bool = False
    trace_parent: str = ""

    @contextmanager
    def finish(self) -> Iterator[None]:
        """Close the work and store its result in one transaction; LostClaim stores nothing."""
        with transaction.atomic():
            if not _close(self, State.DONE, cause="", last_error=""):
                raise LostClaim
            yield
        self.finished = True


def _ours(claim: Claim) -> WorkQuerySet:
    return WorkItem.objects.filter(pk=claim.item_id, fence=claim.fence, state=State.RUNNING)


def _close(claim: Claim, state: State, *, cause: str, last_error: str) -> bool:
    values = {"id": claim.item_id, "fence": claim.fence, "finished_at": timezone.now()}
    values |= {"state": state, "cause": cause, "last_error": last_error}
    return bool(change(_closing, values, "id"))


def _closing() -> tuple[WorkQuerySet, dict[str, Any]]:
    ours = WorkItem.objects.filter(pk=slot("id"), fence=slot("fence"), state=State.RUNNING)
    told = {name: slot(name) for name in ("state", "finished_at", "cause", "last_error")}
    return ours, told | {"lease_until": None}


def take(item_id: uuid.UUID, lease: timedelta) -> Claim | None:
    """Claim the work item if it is due; None when somebody else has it or it is not due.

    A worker that was lost in its last allowed attempt leaves work that kills workers: it is buried.
    """
    now = timezone.now()
    taken = change(_taking, {"id": item_id, "now": now, "lease_until": now + lease}, *CLAIMED)
    if not taken:
        due = WorkItem.objects.due(now).filter(pk=item_id)
        _bury_lost(due.filter(attempt__gte=MAX_ATTEMPTS))
        return None
    return Claim(item_id, **dict(zip(CLAIMED, taken[0], strict=True)))


def _taking() -> tuple[WorkQuerySet, dict[str, Any]]:
    mine = WorkItem.objects.due(slot("next_run_at", "now")).filter(pk=slot("id"))
    return mine.filter(attempt__lt=MAX_ATTEMPTS), {
        "state": State.RUNNING,
        "fence": F("fence") + 1,
        "attempt": F("attempt") + 1,
        "lease_until": slot("lease_until"),
        # If this worker dies, the sweeper rings as soon as the lease has ended, no later.
        "ring_at": slot("lease_until"),
        "rings": 0,
    }


def renew(claim: Claim, lease: timedelta) -> bool:
    """Extend the lease; False when the claim is lost."""
    return bool(_ours(claim).update(lease_until=timezone.now() + lease))


def retry(
    claim: Claim,
    *,
    cause: str,
    error: str,
    after_seconds: float | None,
    counts: bool,
    base_seconds: float = BASE_SECONDS,
) -> None:
    """Put the work back with backoff, or bury it after the last attempt.

    With `counts` false (a provider that is down for everybody) the attempt is given back.
    """
    if counts and claim.attempt >= MAX_ATTEMPTS:
        bury(claim, cause=cause, error=error)
        return
    wait = delay(claim.attempt, after_seconds, base_seconds=base_seconds)
    soon = timezone.now() + wait
    _ours(claim).update(
        state=State.QUEUED,
        lease_until=None,
        next_run_at=soon,
        ring_at=soon,
        rings=0,
        cause=cause,
        last_error=error[:500],
        attempt=F("attempt") if counts else F("attempt") - 1,
    )


def bury(claim: Claim, *, cause: str, error: str) -> None:
    """Make the work dead with its cause, and announce it in the same transaction."""
    with transaction.atomic():
        if _close(claim, State.DEAD, cause=cause, last_error=error[:500]):
            item = WorkItem.objects.get(pk=claim.item_id)
            work_died.send(sender=WorkItem, item=item)


def _bury_lost(items: WorkQuerySet) -> None:
    with transaction.atomic():
        item = items.first()
        if item is None:
            return
        here = WorkItem.objects.filter(Q(pk=item.pk, fence=item.fence, state=item.state))
        if here.update(
            state=State.DEAD,
            lease_until=None,
            finished_at=timezone.now(),
            cause="worker_lost",
            last_error="The worker was lost in every attempt.",
        ):
            item.refresh_from_db()
            work_died.send(sender=WorkItem, item=item)
