"""What recordings do on hearing something."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.dispatch import receiver

from interviews.calls.facts import Fact
from interviews.models import Call, Interview
from interviews.signals import call_file_ready, interview_completed
from recordings.models import Recording
from recordings.services import retention
from recordings.services.call_leftovers import clear_leftovers, fetch_announced, fetch_missing
from recordings.services.progress import FETCH_CALL, TRANSCRIBE, settle
from recordings.services.refusals import clear_refused
from recordings.services.uploads import abandon_uploads
from recordings.signals import recording_stored
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue
from talenti.work.signals import reconcile, work_died, work_requeued


@receiver(recording_stored)
def transcribe_stored_recording(recording: Recording, **_: Any) -> None:
    """Queue the transcription, in the transaction that stored the recording."""
    enqueue(TRANSCRIBE, organisation_id=recording.organisation_id, subject_id=recording.pk)
    settle(recording.interview_id)


@receiver(interview_completed)
def settle_completed_interview(interview: Interview, **_: Any) -> None:
    """See whether the words of a completed interview are all there."""
    settle(interview.pk)


@receiver(work_died)
@receiver(work_requeued)
def settle_after_work(item: WorkItem, **_: Any) -> None:
    """Show work on words that died, or is tried again, in the interview's stage."""
    if item.kind == TRANSCRIBE:
        settle(Recording.objects.values_list("interview_id", flat=True).get(pk=item.subject_id))
    elif item.kind == FETCH_CALL:
        settle(Call.objects.values_list("interview_id", flat=True).get(pk=item.subject_id))


@receiver(call_file_ready)
def fetch_announced_recording(call: Call, fact: Fact, **_: Any) -> None:
    """Queue the fetching, in the transaction that looked at the event."""
    fetch_announced(call, fact)


@receiver(reconcile)
def look_after_recordings_of_calls(now: datetime, **_: Any) -> None:
    """Look for what nobody announced, and for what lies in folders of calls for nobody."""
    fetch_missing(now)
    if now.minute * 60 + now.second < settings.RECONCILE_SECONDS:  # the first round of an hour
        clear_leftovers(now)


@receiver(reconcile)
def delete_old_files(now: datetime, **_: Any) -> None:
    """Delete what is past its days."""
    retention.delete_expired(now)


@receiver(reconcile)
def finish_interrupted_deletions(now: datetime, **_: Any) -> None:
    """Finish deletions that a crash or a living upload address left open."""
    retention.finish_deletions(now)


@receiver(reconcile)
def settle_late_uploads(now: datetime, **_: Any) -> None:
    """Give up uploads that never came, and their files for good."""
    abandon_uploads(now)
    clear_refused(now)
