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


def settle(interview_id: uuid.UUID) -> None:
    """Set the stage from what is there, and announce words that may be scored.

    The interview's row is locked: of two transcripts that arrive together the second announces.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=interview_id)
        waiting = list(interview.recordings.untranscribed().values_list("pk", flat=True))
        if waiting:
            _settle_waiting(interview, waiting)
        elif interview.status != Status.COMPLETED:
            set_stage(interview, Stage.AWAITING_RECORDING, SYSTEM)
        elif interview.transcripts.unconfirmed().exists():
            set_stage(interview, Stage.NEEDS_CONFIRMATION, SYSTEM)
        elif interview.transcripts.exists() or interview.channel != Channel.PHONE:
            words_settled.send(sender=Recording, interview=interview)


def _settle_waiting(interview: Interview, waiting: list[uuid.UUID]) -> None:
    work = WorkItem.objects.filter(kind=TRANSCRIBE, subject_id__in=waiting)
    dead = work.filter(state=State.DEAD).first()
    if dead is None or work.open().exists():
        set_stage(interview, Stage.TRANSCRIBING, SYSTEM)
    else:
        set_stage(interview, Stage.FAILED, SYSTEM, failure=dead.cause)
