"""Uploads that are not taken: the row says so first, then the file goes, and stays gone."""

import logging
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Turn
from recordings.models import Recording
from recordings.states import RECORDING, RecordingStatus
from talenti.errors import WrongState
from talenti.history import Actor, move
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)
ALIAS = "recordings"
ADDRESS_GRACE = timedelta(hours=1)  # a slow PUT may end so long after its address did
BATCH = 200


def address_is_dead(row: Recording, now: datetime) -> bool:
    """Return whether nothing can arrive under the row's upload address any more."""
    return row.upload_until + ADDRESS_GRACE < now


def refuse_upload(row: Recording, actor: Actor, *, code: str) -> bool:
    """Refuse an upload that waits and delete its file; False when it waits no longer.

    The row moves first, so that a file is never taken from a recording that was stored meanwhile.
    """
    if not move(row, RECORDING, RecordingStatus.REFUSED, actor, reason=code, refusal=code):
        return False
    storages[ALIAS].delete(row.storage_name)
    return True


def give_up_earlier_takes(turn: Turn, actor: Actor) -> None:
    """Make room for another take of an answer, in a transaction that holds the interview's lock.

    WrongState when a take was stored. The files of the others go with a later sweep.
    """
    for row in Recording.objects.filter(turn=turn):
        if (
            not move(
                row,
                RECORDING,
                RecordingStatus.REFUSED,
                actor,
                reason="superseded",
                refusal="superseded",
            )
            and row.status != RecordingStatus.REFUSED
        ):
            raise WrongState("This turn has its answer.", RECORDING.moves[row.status])
    Recording.objects.filter(turn=turn).update(turn=None)


def clear_refused(now: datetime, *, limit: int = BATCH) -> int:
    """Delete what came, or stayed, after a refusal, when no more can come; returns how many."""
    rows = Recording.objects.filter(
        status=RecordingStatus.REFUSED,
        cleared_at__isnull=True,
        upload_until__lt=now - ADDRESS_GRACE,
    ).order_by("upload_until")[:limit]
    return sum(_clear(row) for row in timely(rows))


def _clear(row: Recording) -> bool:
    try:
        storages[ALIAS].delete(row.storage_name)
    except Exception:  # one file that cannot be deleted must not keep the others
        logger.exception("file of a refused upload not deleted recording=%s", row.pk)
        return False
    return bool(Recording.objects.filter(pk=row.pk).update(cleared_at=timezone.now()))
