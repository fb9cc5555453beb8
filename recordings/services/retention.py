"""Retention: which recordings must go, and making sure that they are gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.models import Interview
from recordings.models import Recording
from recordings.services.uploads import ALIAS
from recordings.states import RECORDING, RecordingStatus
from talenti.history import SYSTEM, Actor, move
from talenti.models import Organisation

BATCH = 200


@dataclass(frozen=True, slots=True)
class Expired:
    """A recording older than its organisation keeps recordings; `held` says that it must stay."""

    recording: Recording
    days: int
    held: bool


def retention_days(organisation: Organisation) -> int:
    """Return for how many days this organisation keeps recordings."""
    return organisation.retention_days or int(settings.RECORDING_RETENTION_DAYS)


def expired(now: datetime, *, limit: int = BATCH) -> Iterator[Expired]:
    """Yield stored recordings past their days, at most `limit` for each organisation."""
    for organisation in Organisation.objects.order_by("pk"):
        days = retention_days(organisation)
        old = Recording.objects.stored().filter(
            organisation=organisation, stored_at__lt=now - timedelta(days=days)
        )
        for row in old.select_related("interview").order_by("stored_at")[:limit]:
            yield Expired(row, days, row.interview.legal_hold)


def delete_expired(now: datetime) -> int:
    """Delete what is past its days and under no hold; returns how many files went."""
    gone = 0
    for found in expired(now):
        reason = f"older than {found.days} days"
        if not found.held and delete_recording(found.recording, SYSTEM, reason=reason):
            gone += 1
    return gone


def delete_recording(recording: Recording, actor: Actor, *, reason: str) -> bool:
    """Delete the file and what was derived from it; False under a hold or when it has gone already.

    The row first says `deleting`, so that whoever dies in between leaves work for the sweeper, and
    `deleted` only when the file is gone.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=recording.interview_id)
        if interview.legal_hold or not move(
            recording, RECORDING, RecordingStatus.DELETING, actor, reason=reason
        ):
            return False
    return finish_deletion(recording, actor)


def finish_deletion(recording: Recording, actor: Actor = SYSTEM) -> bool:
    """Remove the file of a recording that is being deleted, then say so in the row."""
    storages[ALIAS].delete(recording.storage_name)
    return move(
        recording,
        RECORDING,
        RecordingStatus.DELETED,
        actor,
        deleted_at=timezone.now(),
        peaks=[],
    )


def finish_deletions() -> int:
    """Finish deletions that were interrupted; returns how many."""
    started = Recording.objects.filter(status=RecordingStatus.DELETING)[:BATCH]
    return sum(finish_deletion(recording) for recording in started)
