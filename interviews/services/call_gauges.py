"""How the phone stands, for whoever watches it: read from the rows once a minute by the sweeper."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from interviews.models import Call, CallOperation, DeadLetter
from interviews.states import CallStatus
from talenti.telemetry.recorder import Measured, register_gauge

LATELY = timedelta(hours=1)
RECENT = timedelta(minutes=5)
# A recording that has not come by then is lost where it lay, and nobody can do more about it.
LOST_AFTER = timedelta(days=3)
LETTERS_SINCE = timedelta(days=1)


def read_ended() -> Iterable[Measured]:
    """Return how many calls ended in the last hour, by outcome and fault."""
    ended = Call.objects.filter(
        status=CallStatus.ENDED, ended_at__gte=timezone.now() - LATELY
    ).values_list("outcome", "fault")
    return [
        (number, {"outcome": outcome, "fault": fault})
        for outcome, fault, number in ended.order_by().annotate(Count("pk"))
    ]


def read_on_the_line() -> Iterable[Measured]:
    """Return how many calls are being dialled or spoken in now."""
    return [(Call.objects.live().count(), {})]


def read_longest_step() -> Iterable[Measured]:
    """Return the longest that a step of a call on the line waits, or lately took to be sent.

    In seconds: so long the candidate heard nothing.
    """
    now = timezone.now()
    steps = CallOperation.objects.filter(
        Q(sent_at=None) | Q(wanted_at__gte=now - RECENT), call__in=Call.objects.live()
    )
    waits = (
        (sent_at or now) - wanted_at
        for wanted_at, sent_at in steps.values_list("wanted_at", "sent_at")
    )
    return [(max(waits, default=timedelta()).total_seconds(), {})]


def read_missing_recording() -> Iterable[Measured]:
    """Return for how long the oldest recording that has not come is awaited, in seconds."""
    now = timezone.now()
    missing = Call.objects.without_recording().filter(ended_at__gte=now - LOST_AFTER)
    return [(_age_of_oldest(missing, now), {})]


def read_dead_letters() -> Iterable[Measured]:
    """Return how many events came within a day that nobody can use, by where from and why."""
    came = DeadLetter.objects.filter(received_at__gte=timezone.now() - LETTERS_SINCE)
    rows = came.values_list("source", "reason").order_by().annotate(Count("pk"))
    return [(number, {"source": source, "reason": reason}) for source, reason, number in rows]


def _age_of_oldest(calls: QuerySet[Call], now: datetime) -> float:
    since = calls.order_by("ended_at").values_list("ended_at", flat=True).first()
    return (now - since).total_seconds() if since else 0.0


register_gauge("calls_ended_lately", read_ended)
register_gauge("calls_on_the_line", read_on_the_line)
register_gauge("call_longest_step_seconds", read_longest_step)
register_gauge("call_recording_missing_seconds", read_missing_recording)
register_gauge("call_dead_letters", read_dead_letters)
