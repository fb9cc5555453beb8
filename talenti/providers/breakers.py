"""The breakers' rows. Each change is one conditional UPDATE or happens under the row's lock."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from talenti.models import Breaker, BreakerState
from talenti.providers.pauses import is_down, next_pause, recent_failures
from talenti.telemetry import recorder
from talenti.telemetry.recorder import Measured, register_gauge

logger = logging.getLogger(__name__)


def read_breakers(names: Iterable[str]) -> dict[str, Breaker]:
    """Return the breakers by name; each of `names` has one from now on."""
    found = Breaker.objects.in_bulk()
    if fresh := [Breaker(name=name) for name in names if name not in found]:
        Breaker.objects.bulk_create(fresh, ignore_conflicts=True)
    return found


def down_now() -> list[Breaker]:
    """Return the providers that are left alone now, or tried once by somebody."""
    now = timezone.now()
    waiting = Q(next_try_at__gt=now) | Q(trying_until__gt=now)
    return list(Breaker.objects.filter(waiting, state=BreakerState.OPEN).order_by("name"))


def take_try(seen: Breaker, seconds: float) -> Breaker | None:
    """Return the breaker with the right to the one try, held for `seconds`; None: others have it.

    Nothing happens either if the row has changed since it was seen.
    """
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    idle = Q(trying_until__isnull=True) | Q(trying_until__lt=now)
    waiting = Breaker.objects.filter(idle, state=BreakerState.OPEN, next_try_at__lte=now)
    mine = waiting.filter(pk=seen.pk, turn=seen.turn)
    if not mine.update(trying_until=until, turn=F("turn") + 1):
        return None
    return Breaker(
        name=seen.name,
        state=seen.state,
        since=seen.since,
        pause_seconds=seen.pause_seconds,
        next_try_at=seen.next_try_at,
        trying_until=until,
        turn=seen.turn + 1,
    )


def note_failure(name: str, fault: str) -> None:
    """Count a failure of a closed breaker, and open it after too many of them."""
    with transaction.atomic():
        row = Breaker.objects.select_for_update().filter(pk=name, state=BreakerState.CLOSED).first()
        if row is None:  # open already: this call was under way
            return
        now = timezone.now()
        failures = recent_failures(map(datetime.fromisoformat, row.recent), now)
        row.recent = [moment.isoformat() for moment in failures]
        row.failures, row.last_fault = len(failures), fault[:60]
        if is_down(failures):
            _open(row, now)
        row.save()
    if row.state == BreakerState.OPEN:
        _tell(name, "open", f"seconds={row.pause_seconds} fault={row.last_fault}")


def _open(row: Breaker, now: datetime) -> None:
    row.state, row.since = BreakerState.OPEN, now
    row.pause_seconds = next_pause(0)
    row.next_try_at = now + timedelta(seconds=row.pause_seconds)
    row.turn += 1


def close_after_try(tried: Breaker) -> None:
    """Let everybody through again: a try was answered, be it late and another one under way."""
    outage = Breaker.objects.filter(pk=tried.pk, state=BreakerState.OPEN, since=tried.since)
    if outage.update(
        state=BreakerState.CLOSED,
        since=timezone.now(),
        failures=0,
        recent=[],
        pause_seconds=0,
        next_try_at=None,
        trying_until=None,
        turn=F("turn") + 1,
    ):
        _tell(tried.name, "closed", "the provider answers")


def pause_after_try(tried: Breaker, fault: str) -> None:
    """Wait twice as long: the try failed."""
    seconds = next_pause(tried.pause_seconds)
    if _held(tried).update(
        failures=F("failures") + 1,
        last_fault=fault[:60],
        pause_seconds=seconds,
        next_try_at=timezone.now() + timedelta(seconds=seconds),
        trying_until=None,
        turn=F("turn") + 1,
    ):
        _tell(tried.name, "open", f"seconds={seconds} fault={fault[:60]}")


def give_try_back(tried: Breaker) -> None:
    """Leave the try to the next caller: this one ended without an answer to the question."""
    _held(tried).update(trying_until=None, turn=F("turn") + 1)


def _held(tried: Breaker) -> QuerySet[Breaker]:
    return Breaker.objects.filter(pk=tried.pk, turn=tried.turn, state=BreakerState.OPEN)


def _tell(name: str, state: str, why: str) -> None:
    logger.warning("provider breaker provider=%s state=%s %s", name, state, why)
    recorder.count("provider_breaker_changes", provider=name, state=state)


def read_open() -> Iterable[Measured]:
    """Return 1 for each provider whose breaker is open, 0 for the others."""
    rows = Breaker.objects.values_list("name", "state")
    return [(float(state == BreakerState.OPEN), {"provider": name}) for name, state in rows]


register_gauge("provider_breaker_open", read_open)
