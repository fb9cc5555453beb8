"""Calls whose recording has not come, and files that lie in folders of calls for nobody."""

import logging
import uuid
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db.models import Exists, OuterRef
from django.utils import timezone

from interviews.calls.facts import Fact
from interviews.models import Call
from recordings.services.call_files import SOUND, names_below
from recordings.services.progress import FETCH_CALL
from recordings.services.refusals import ALIAS, BATCH
from recordings.services.retention import retention_days
from talenti.history import SYSTEM, record
from talenti.models import Organisation
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from talenti.work.rounds import timely

logger = logging.getLogger(__name__)
UNANNOUNCED = timedelta(minutes=10)  # after that nobody waits for the line to tell of its files
LEAST_AGE = timedelta(days=3)  # of a leftover: what might still be fetched is none


def fetch_announced(call: Call, fact: Fact) -> None:
    """Queue the fetching of what the line told of, at once where it waits for its next try.

    What failed for good after that waits for a person.
    """
    work = WorkItem.objects.filter(kind=FETCH_CALL, subject_id=call.pk)
    if work.filter(state=State.DEAD, finished_at__gte=fact.at).exists():
        return
    now = timezone.now()
    work.filter(state=State.QUEUED, next_run_at__gt=now).update(next_run_at=now, ring_at=now)
    _queue(call)


def fetch_missing(now: datetime, *, limit: int = BATCH) -> int:
    """Look for recordings that nobody told us of; returns how many calls were queued.

    What failed for good, or was taken out of the queue, waits for a person.
    """
    tried = WorkItem.objects.filter(kind=FETCH_CALL, subject_id=OuterRef("pk"))
    missing = (
        Call.objects.without_recording()
        .filter(ended_at__lt=now - UNANNOUNCED, forgotten_at__isnull=True)
        .exclude(Exists(tried.exclude(state=State.DONE)))
        .order_by("ended_at")
    )
    return sum(_queue(call) for call in missing[:limit])


def clear_leftovers(now: datetime) -> int:
    """Delete files in folders of calls that are past their organisation's days; returns how many.

    A younger file of a call whose recording was stored came late: it is fetched. Nothing of an
    interview under a hold is touched.
    """
    folders = (
        (organisation, name)
        for organisation in Organisation.objects.order_by("pk")
        for name in _folders(organisation)
    )
    return sum(_try_to_clear(organisation, name, now) for organisation, name in timely(folders))


def _queue(call: Call) -> bool:
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    return True


def _folders(organisation: Organisation) -> list[str]:
    try:
        return sorted(storages[ALIAS].listdir(f"{organisation.pk}/calls")[0])
    except FileNotFoundError:
        return []


def _try_to_clear(organisation: Organisation, name: str, now: datetime) -> int:
    try:
        return _clear(organisation, name, now)
    except Exception:  # one folder that cannot be cleared must not keep the others
        logger.exception("leftovers of a call not cleared organisation=%s", organisation.pk)
        return 0


def _clear(organisation: Organisation, folder: str, now: datetime) -> int:
    call = _call(organisation, folder)
    if call is not None and call.interview.legal_hold:
        return 0
    names = names_below(f"{organisation.pk}/calls/{folder}")
    before = now - max(timedelta(days=retention_days(organisation)), LEAST_AGE)
    old = [name for name in names if storages[ALIAS].get_modified_time(name) < before]
    for name in old:
        storages[ALIAS].delete(name)
    if call is not None:
        if old:
            record(call, "leftovers_deleted", SYSTEM, data={"files": len(old)})
        _fetch_late(call, set(names) - set(old))
    return len(old)


def _call(organisation: Organisation, folder: str) -> Call | None:
    try:
        call_id = uuid.UUID(folder)
    except ValueError:
        return None
    calls = Call.objects.filter(organisation=organisation, pk=call_id)
    found: Call | None = calls.select_related("interview").first()
    return found


def _fetch_late(call: Call, names: set[str]) -> None:
    """Fetch what came after the recording was thought to be complete."""
    known = set(call.recordings.values_list("line_name", flat=True))
    late = any(name.lower().endswith(SOUND) for name in names - known)
    if late and call.recording_stored_at:
        _queue(call)
