"""Retention of calls: what was said on a line, and to whom, is emptied when its days are over.

That a call was made stays, and so do the hashes of its ledger: the chain can still be checked.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from interviews.models import Call, DeadLetter, Interview, SimulatedCall
from interviews.states import CallStatus
from talenti.history import SYSTEM, record
from talenti.models import Organisation
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)
BATCH = 200
DEAD_LETTER_DAYS = timedelta(days=7)


def forget_calls(now: datetime, *, limit: int = BATCH) -> int:
    """Empty calls that are over for as long as their organisation keeps recordings.

    At most `limit` for each organisation; returns how many. What is under a hold stays.
    """
    due = (
        (call, days)
        for organisation in Organisation.objects.order_by("pk")
        for call, days in _due(organisation, now, limit)
    )
    return sum(_try_to_forget(call, days) for call, days in timely(due))


def forget_dead_letters(now: datetime) -> int:
    """Empty events that nobody could use; that they came, and their hashes, stay."""
    old = DeadLetter.objects.filter(received_at__lt=now - DEAD_LETTER_DAYS)
    return old.exclude(body=b"").update(body=b"")


def _due(organisation: Organisation, now: datetime, limit: int) -> list[tuple[Call, int]]:
    days = organisation.retention_days or int(settings.RECORDING_RETENTION_DAYS)
    before = now - timedelta(days=days)
    over = Q(status=CallStatus.ENDED, ended_at__lt=before) | Q(
        status=CallStatus.CANCELLED, scheduled_at__lt=before
    )
    calls = Call.objects.filter(
        over, organisation=organisation, forgotten_at__isnull=True, interview__legal_hold=False
    )
    return [(call, days) for call in calls.order_by("scheduled_at")[:limit]]


def _try_to_forget(call: Call, days: int) -> bool:
    try:
        return forget_call(call, reason=f"older than {days} days")
    except Exception:  # one call that cannot be emptied must not keep the others
        logger.exception("call not forgotten call=%s", call.pk)
        return False


def forget_call(call: Call, *, reason: str) -> bool:
    """Empty one call that is over; False under a hold, or when it is empty already."""
    with transaction.atomic():
        held = Call.objects.select_for_update().get(pk=call.pk)  # before the interview's, as always
        interview = Interview.objects.select_for_update().get(pk=held.interview_id)
        if interview.legal_hold or held.forgotten_at:
            return False
        Call.objects.filter(pk=held.pk).update(number="", forgotten_at=timezone.now())
        call.ledger.update(body=b"")
        call.operations.update(text="", spec={})
        SimulatedCall.objects.filter(call_id=call.pk).update(number="", state={})
        record(call, "forgotten", SYSTEM, reason=reason)
    return True
