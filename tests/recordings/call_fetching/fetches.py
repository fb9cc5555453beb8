"""Fetching the files of a call once, and what is known of them then."""

from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call
from interviews.services.call_addresses import recording_folder
from recordings.services.progress import FETCH_CALL
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from tests.recordings.call_sound import RATE, silence, tone, unmixed

SOUND = unmixed(tone(RATE), silence(RATE))
OTHER = unmixed(tone(2 * RATE, 300), silence(RATE))
DAY = "20261124/9f/"
COPY = "https://eu.asm.skype.com/v1/objects/file-1-0"


def fetch(call: Call) -> WorkItem:
    """Do the fetching once, now; returns its work as it stands then."""
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    WorkItem.objects.filter(kind=FETCH_CALL, state=State.QUEUED).update(next_run_at=timezone.now())
    item = WorkItem.objects.open().get(kind=FETCH_CALL, subject_id=call.pk)
    perform(FETCH_CALL, item.pk)
    item.refresh_from_db()
    call.refresh_from_db()
    return item


def told(item: WorkItem) -> tuple[str, str]:
    return item.state, item.cause


def rows(call: Call) -> list[tuple[object, ...]]:
    """Return what is known of the call's recordings."""
    fields = ("chunk", "status", "filename", "duration_ms", "offset_ms", "refusal")
    return list(call.recordings.order_by("pk").values_list(*fields))


def place_of(call: Call, name: str, kind: str) -> str:
    """Return how an event names a file: by its address in our container, or by its name."""
    whole = f"{recording_folder(call)}/{name}"
    if kind == "files":
        return whole
    return f"{storages['recordings'].client.url}/{whole}"
