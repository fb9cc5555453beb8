"""Kinds of work for tests: each leaves one history row as its result, or fails as it is told.

Worker processes load this module too (`dramatiq talenti.work.boot tests.talenti.work.kinds`).
"""

import time
import uuid
from collections.abc import Callable

from django.conf import settings

from talenti.errors import PermanentFailure, RetryLater
from talenti.history import SYSTEM, record
from talenti.models import Organisation
from talenti.work.actors import durable
from talenti.work.claims import Claim
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue

COUNT, SLOW, FAIL, REFUSE, WAIT, HOOKED, HANG, SECOND = (
    f"test.{name}"
    for name in ("count", "slow", "fail", "refuse", "wait", "hooked", "hang", "second")
)
HANG_LEASE_SECONDS = 3
FAIL_NOW = "fail-now"  # a file in DATA_DIR
hooks: dict[str, Callable[[Claim], None]] = {}


def _store(claim: Claim) -> None:
    with claim.finish():
        record(WorkItem.objects.get(pk=claim.item_id), "result", SYSTEM, root_id=claim.subject_id)


@durable(COUNT)
def count(claim: Claim) -> None:
    """Store the result at once."""
    _store(claim)


@durable(SLOW, lease_seconds=3)
def slow(claim: Claim) -> None:
    """Store the result after a while, as a provider's answer would come."""
    time.sleep(0.2)
    _store(claim)


@durable(HANG, lease_seconds=HANG_LEASE_SECONDS)
def hang(claim: Claim) -> None:
    """Never end in the first attempt; in the second, store the result."""
    if claim.attempt == 1:
        time.sleep(600)
    _store(claim)


@durable(SECOND)
def second(claim: Claim) -> None:
    """Fail in the first attempt, once the file FAIL_NOW is there; in the second, store."""
    if claim.attempt == 1:
        while not (settings.DATA_DIR / FAIL_NOW).exists():
            time.sleep(0.05)
        raise RuntimeError
    _store(claim)


@durable(FAIL)
def fail(claim: Claim) -> None:
    """Fail with a text that must not be kept."""
    message = f"dana@candidate.example {claim.item_id}"
    raise RuntimeError(message)


@durable(REFUSE)
def refuse(claim: Claim) -> None:
    """Fail for good."""
    raise PermanentFailure("The provider refuses this.", code="content_filter")


@durable(WAIT)
def wait(claim: Claim) -> None:
    """Ask for another time, without using up an attempt."""
    raise RetryLater("The provider is down.", after_seconds=90, counts=False)


@durable(HOOKED)
def hooked(claim: Claim) -> None:
    """Do what the test says before the result is stored."""
    hooks["before_finish"](claim)
    _store(claim)


def put(kind: str, organisation: Organisation, subject: uuid.UUID | None = None) -> WorkItem:
    """Enqueue one unit of work and return its row."""
    subject = subject or uuid.uuid4()
    enqueue(kind, organisation_id=organisation.pk, subject_id=subject)
    item: WorkItem = WorkItem.objects.open().get(kind=kind, subject_id=subject)
    return item
