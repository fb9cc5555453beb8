"""Retention: which recordings must go, and making sure that they are gone."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.models import Interview
from recordings.models import Recording
from recordings.services.refusals import ADDRESS_GRACE, ALIAS, BATCH, address_is_dead
from recordings.states import RECORDING, RecordingStatus
from talenti.history import SYSTEM, Actor, move
from talenti.models import Organisation
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expired:
    """A recording older than its organisation keeps recordings; `held` says that it must stay."""

    recording: Recording
    days: int
    held: bool


def retention_days(organisation: Organisation) -> int:
    """Return for how many days this organisation keeps recordings."""
    return organisation.retention_days or int(settings.RECORDING_RETENTION_DAYS)


def expired(now: datetime) -> Iterator[Expired]:
    """Yield every stored recording past its days, by organisation, the oldest first."""
    for organisation in Organisation.objects.order_by("pk"):
        yield from _past(organisation, now)


def _past(
    organisation: Organisation, now: datetime, *, held: bool | None = None, limit: int | None = None
) -> Iterator[Expired]:
    days = retention_days(organisation)
    old = Recording.objects.stored().filter(
        organisation=organisation, stored_at__lt=now - timedelta(days=days)
    )
    if held is not None:
        old = old.filter(interview__legal_hold=held)
    rows = old.select_related("interview", "organisation").order_by("stored_at")[:limit]
    for row in rows.iterator():
        yield Expired(row, days, row.interview.legal_hold)


def delete_expired(now: datetime, *, limit: int = BATCH) -> int:
    """Delete what is past its days and under no hold, at most `limit` for each organisation.

    Returns how many files went. What is held does not stand in the way of what is not.
    """
    due = [
        found
        for organisation in Organisation.objects.order_by("pk")
        for found in _past(organisation, now, held=False, limit=limit)
    ]
    return sum(_delete_due(found) for found in timely(due))


def _delete_due(found: Expired) -> bool:
    try:
        return delete_recording(found.recording, SYSTEM, reason=f"older than {found.days} days")
    except Exception:  # one file that cannot be deleted must not keep the others
        logger.exception("recording not deleted recording=%s", found.recording.pk)
        return False


def delete_recording(recording: Recording, actor: Actor, *, reason: str) -> bool:
    """Delete the file and what was derived from it; False under a hold or when it was not there.

    The row first says `deleting`, so that whoever dies in between leaves work for the sweeper, and
    `deleted` only when the file is gone.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=recording.interview_id)
        if interview.legal_hold or not move(
            recording, RECORDING, RecordingStatus.DELETING, actor, reason=reason
        ):
            return False
    finish_deletion(recording, actor)
    return True


def finish_deletion(recording: Recording, actor: Actor = SYSTEM) -> bool:
    """Remove the file of a recording that is being deleted, then say so in the row.

    As long as the upload's address might bring the file back the row says `deleting`.
    """
    storages[ALIAS].delete(recording.storage_name)
    if not address_is_dead(recording, timezone.now()):
        return False
    return move(
        recording,
        RECORDING,
        RecordingStatus.DELETED,
        actor,
        deleted_at=timezone.now(),
        peaks=[],
    )


def finish_deletions(now: datetime, *, limit: int = BATCH) -> int:
    """Finish deletions that were interrupted or had to wait; returns how many."""
    started = Recording.objects.filter(
        status=RecordingStatus.DELETING, upload_until__lt=now - ADDRESS_GRACE
    ).order_by("upload_until")[:limit]
    return sum(_finish_one(recording) for recording in timely(started))


def _finish_one(recording: Recording) -> bool:
    try:
        return finish_deletion(recording)
    except Exception:  # one file that cannot be deleted must not keep the others
        logger.exception("deletion not finished recording=%s", recording.pk)
        return False
