"""The stage of an interview as its recordings and transcripts tell it."""

import uuid

from django.db import transaction

from interviews.models import Interview
from interviews.services.interviews import set_stage
from interviews.states import Channel, Stage, Status
from recordings.models import Recording
from recordings.signals import words_settled
from talenti.history import SYSTEM
from talenti.work.models import State, WorkItem

TRANSCRIBE = "recordings.transcribe"
FETCH_CALL = "recordings.fetch_call"


def settle(interview_id: uuid.UUID) -> None:
    """Set the stage from what is there, and announce words that may be scored.

    The interview's row is locked: of two transcripts that arrive together the second announces.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=interview_id)
        waiting = list(interview.recordings.untranscribed().values_list("pk", flat=True))
        if waiting:
            _settle_waiting(interview, TRANSCRIBE, waiting, Stage.TRANSCRIBING)
        elif interview.status != Status.COMPLETED:
            set_stage(interview, Stage.AWAITING_RECORDING, SYSTEM)
        elif missing := _missing(interview):
            _settle_waiting(interview, FETCH_CALL, missing, Stage.AWAITING_RECORDING)
        elif interview.transcripts.unconfirmed().exists():
            set_stage(interview, Stage.NEEDS_CONFIRMATION, SYSTEM)
        elif interview.transcripts.exists() or interview.channel != Channel.PHONE:
            words_settled.send(sender=Recording, interview=interview)


def awaits_recording(interview: Interview) -> bool:
    """Return whether words are still to come from a call: nothing is scored without them.

    Not where a recording was lost: then people decide how to go on.
    """
    return bool(_missing(interview)) and interview.stage != Stage.FAILED


def has_lost_recordings(interview: Interview) -> bool:
    """Return whether a call was recorded and nobody tries to fetch that any more.

    A person may upload what was said in its place, or have the rest scored.
    """
    if interview.status != Status.COMPLETED:
        return False
    missing = interview.calls.without_recording().values_list("pk", flat=True)
    return _dead(FETCH_CALL, list(missing)) is not None


def _missing(interview: Interview) -> list[uuid.UUID]:
    """Return calls that were recorded and whose recording is awaited, or is lost for good.

    What a person uploads in the place of a lost one ends the waiting.
    """
    missing = list(interview.calls.without_recording().values_list("pk", flat=True))
    if not missing or _dead(FETCH_CALL, missing) is None:
        return missing
    uploaded = interview.recordings.stored().filter(call__isnull=True, turn__isnull=True)
    return [] if uploaded.exists() else missing


def _settle_waiting(
    interview: Interview, kind: str, waiting: list[uuid.UUID], stage: Stage
) -> None:
    dead = _dead(kind, waiting)
    if dead is None:
        set_stage(interview, stage, SYSTEM)
    else:
        set_stage(interview, Stage.FAILED, SYSTEM, failure=dead.cause)


def _dead(kind: str, subjects: list[uuid.UUID]) -> WorkItem | None:
    """Return work on these that failed for good, where none of it is tried any more."""
    work = WorkItem.objects.filter(kind=kind, subject_id__in=subjects)
    return None if work.open().exists() else work.filter(state=State.DEAD).order_by("-pk").first()
