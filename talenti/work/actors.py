"""Durable actors: ordinary Dramatiq actors whose message is the id of one work item."""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dramatiq

from talenti.connections import release_connections
from talenti.errors import RetryLater, TalentiError
from talenti.telemetry import recorder
from talenti.work import claims
from talenti.work.backoff import BASE_SECONDS
from talenti.work.claims import Claim, LostClaim
from talenti.work.leases import keeper

logger = logging.getLogger(__name__)
Handler = Callable[[Claim], None]


@dataclass(frozen=True, slots=True)
class Durable:
    """What is known of one kind of work."""

    kind: str
    queue: str
    lease: timedelta
    handler: Handler
    base_seconds: float
    actor: "dramatiq.Actor[Any, Any]"


_kinds: dict[str, Durable] = {}


def registered(kind: str) -> Durable:
    """Return what is registered for `kind`; KeyError for a kind this release does not know."""
    return _kinds[kind]


def known_kinds() -> frozenset[str]:
    """Return every kind that this release can do; other kinds wait for a newer worker."""
    return frozenset(_kinds)


def durable(
    kind: str,
    *,
    queue: str = "default",
    lease_seconds: int = 60,
    base_seconds: float = BASE_SECONDS,
) -> Callable[[Handler], Handler]:
    """Make `handler(claim)` the durable actor of `kind`.

    The handler works without a transaction and stores its result inside `with claim.finish():`.
    A retry waits for about `base_seconds` after the first failure, then ever longer.
    It may run again at any moment after a lost lease, so everything before finish() is repeatable.
    """

    def register(handler: Handler) -> Handler:
        lease = timedelta(seconds=lease_seconds)
        actor = dramatiq.actor(
            actor_name=kind,
            queue_name=queue,
            max_retries=0,
            max_age=3_600_000,  # an old doorbell is worth nothing: the sweeper rings again
            time_limit=float("inf"),
        )(lambda item_id: perform(kind, uuid.UUID(item_id)))
        _kinds[kind] = Durable(kind, queue, lease, handler, base_seconds, actor)
        return handler

    return register


def perform(kind: str, item_id: uuid.UUID) -> None:
    """Claim the item and do it; every way to fail ends in the row."""
    known = registered(kind)
    claim = claims.take(item_id, known.lease)
    if claim is None:
        return
    release_connections()  # a pool of few serves many threads that wait for providers
    with (
        recorder.span(kind, kind=recorder.WORK, parent=claim.trace_parent) as span,
        keeper.keep(claim, known.lease),
    ):
        started = time.monotonic()
        outcome = _run(known, claim)
        span.note({"work.item": str(item_id), "work.attempt": claim.attempt, "outcome": outcome})
        took_ms = (time.monotonic() - started) * 1000
        recorder.measure("work_duration_ms", took_ms, kind=kind, outcome=outcome)


def _run(known: Durable, claim: Claim) -> str:
    """Do the work and return how it went: done, lost, later, refused or error."""
    try:
        known.handler(claim)
        if not claim.finished:
            with claim.finish():
                pass
    except LostClaim:
        logger.info("claim lost kind=%s item=%s", claim.kind, claim.item_id)
        return "lost"
    except RetryLater as wish:
        claims.retry(
            claim,
            cause=wish.code,
            error=wish.message,
            after_seconds=wish.after_seconds,
            counts=wish.counts,
            base_seconds=known.base_seconds,
        )
        return "later"
    except TalentiError as refusal:  # what the domain refuses once it refuses again
        claims.bury(claim, cause=refusal.code, error=refusal.message)
        return "refused"
    except Exception as error:
        # The text of an unknown error may hold personal data: only its type is kept.
        logger.exception("work failed kind=%s item=%s", claim.kind, claim.item_id)
        claims.retry(
            claim,
            cause="error",
            error=type(error).__name__,
            after_seconds=None,
            counts=True,
            base_seconds=known.base_seconds,
        )
        return "error"
    return "done"
