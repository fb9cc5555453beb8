"""Typed answers of candidates: the same words in the same place as spoken ones."""

from django.db import transaction

from interviews.models import Turn
from interviews.services.conversation import mark_answered
from recordings.models import Segment, Transcript
from recordings.states import Speaker, TranscriptStatus


def answer_in_writing(turn: Turn, text: str) -> None:
    """Store a typed answer as a transcript of one segment; WrongState as `mark_answered`.

    The candidate wrote it, so nobody has to confirm it. Ask `proceed` for the next turn afterwards.
    """
    with transaction.atomic():
        mark_answered(turn, text=text)
        transcript = Transcript.objects.create(
            organisation_id=turn.organisation_id,
            interview_id=turn.interview_id,
            turn=turn,
            status=TranscriptStatus.READY,
            engine="typed",
            label="Written by the candidate",
            language=turn.interview.language,
        )
        Segment.objects.create(
            organisation_id=turn.organisation_id,
            transcript=transcript,
            position=1,
            question_id=turn.question_id,
            speaker=Speaker.CANDIDATE,
            draft_text=text,
            text=text,
        )
