"""What interviews do on hearing something."""

import threading
import uuid
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.dispatch import receiver

from interviews.calls.dialect import split_events
from interviews.models import Interview, SimulatedCall
from interviews.services import call_endings
from interviews.services.call_intake import keep
from interviews.services.call_retention import forget_calls, forget_dead_letters
from interviews.services.call_watching import watch_unwatched
from interviews.services.interviews import expire_overdue
from interviews.services.speeches import forget_speeches
from interviews.signals import interview_completed, interview_ended, line_event
from talenti.telemetry import recorder
from talenti.work.models import WorkItem
from talenti.work.signals import reconcile, work_died

OFFLINE = "offline"


@receiver(reconcile)
def expire_interviews(now: datetime, **_: Any) -> None:
    """End interviews whose time is over."""
    expire_overdue(now)


@receiver(reconcile)
def watch_calls(**_: Any) -> None:
    """Let no live call be without somebody who looks after it."""
    watch_unwatched()


@receiver(reconcile)
def forget_unheard_speeches(now: datetime, **_: Any) -> None:
    """Delete questions as sound that nobody listens to any more."""
    forget_speeches(now)


@receiver(reconcile)
def forget_what_was_said_in_calls(now: datetime, **_: Any) -> None:
    """Empty calls that are past their days, and events that nobody could use."""
    forget_calls(now)
    forget_dead_letters(now)


@receiver(interview_completed)
def count_completed(interview: Interview, **_: Any) -> None:
    """Count the interview once it is certain."""
    transaction.on_commit(
        lambda: recorder.count(recorder.INTERVIEWS_COMPLETED, channel=interview.channel)
    )


@receiver(line_event)
def keep_line_event(connection_id: str, body: bytes, delay_seconds: float, **_: Any) -> None:
    """Take in what the offline line tells, as a door takes in what comes over the network.

    With a delay (a simulation in real time) it is told then, unless this process has ended.
    """
    call_id = SimulatedCall.objects.values_list("call_id", flat=True).get(
        connection_id=connection_id
    )
    if delay_seconds:
        later = threading.Timer(delay_seconds, _keep_in_thread, (call_id, body))
        later.daemon = True
        transaction.on_commit(later.start)
    else:
        keep(call_id, OFFLINE, split_events(body))


def _keep_in_thread(call_id: uuid.UUID, body: bytes) -> None:
    try:
        keep(call_id, OFFLINE, split_events(body))
    finally:
        connections.close_all()


@receiver(interview_ended)
@receiver(interview_completed)
def end_calls(interview: Interview, **_: Any) -> None:
    """Take back planned calls of an interview that is over, and end live ones of a cancelled one.

    After the commit: a live call's own transactions take its row before the interview's.
    """
    transaction.on_commit(lambda: call_endings.end_calls_of(interview.pk), robust=True)


@receiver(work_died)
def settle_dead_call_work(item: WorkItem, **_: Any) -> None:
    """Let a call go on, or end, when one of its steps will never be done."""
    call_endings.settle_dead(item.kind, item.subject_id, item.cause)
