"""Asking for a score: by the words being settled, or by a person who wants another one."""

from django.db import transaction

from interviews.models import Interview
from interviews.services.interviews import set_stage
from interviews.states import STAGE, Stage, Status
from recordings.services.progress import awaits_recording
from talenti.errors import WrongState
from talenti.history import SYSTEM, Actor, record
from talenti.work.queue import enqueue

SCORE = "scoring.score"
BEFORE_SCORING = (
    Stage.AWAITING_RECORDING,
    Stage.TRANSCRIBING,
    Stage.NEEDS_CONFIRMATION,
    Stage.FAILED,
)


def score_settled_words(interview: Interview) -> None:
    """Queue the first scoring, in the caller's transaction; words settle once."""
    if interview.stage in BEFORE_SCORING and set_stage(interview, Stage.SCORING, SYSTEM):
        _queue(interview)


def request_score(interview: Interview, actor: Actor) -> None:
    """Queue another scoring of settled words; it adds a scorecard and changes none.

    WrongState before the transcript is confirmed, while scoring runs, and after a decision.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=interview.pk)
        legal = STAGE.moves[interview.stage]
        if interview.status != Status.COMPLETED:
            raise WrongState("The interview is not completed yet.", legal)
        if interview.transcripts.unconfirmed().exists():
            raise WrongState("The transcript must be confirmed first.", ["confirm"])
        if interview.recordings.untranscribed().exists():
            raise WrongState("A recording has not been transcribed.", legal)
        if awaits_recording(interview):
            raise WrongState("The recording of a call has not come yet.", legal)
        if not set_stage(interview, Stage.SCORING, actor):
            raise WrongState(f"The interview is {interview.stage}.", legal)
        record(interview, "score_requested", actor)
        _queue(interview)


def _queue(interview: Interview) -> None:
    enqueue(SCORE, organisation_id=interview.organisation_id, subject_id=interview.pk)
