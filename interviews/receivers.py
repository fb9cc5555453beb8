"""What interviews do on hearing something."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from interviews.models import Interview
from interviews.services.call_retention import forget_calls, forget_dead_letters
from interviews.services.interviews import expire_overdue
from interviews.services.speeches import forget_speeches
from interviews.signals import interview_completed
from talenti.telemetry import recorder
from talenti.work.signals import reconcile


@receiver(reconcile)
def expire_interviews(now: datetime, **_: Any) -> None:
    """End interviews whose time is over."""
    expire_overdue(now)


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
