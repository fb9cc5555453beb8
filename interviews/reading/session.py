"""What a candidate sees of their own interview; reading it changes nothing."""

from typing import Any

from django.conf import settings

from interviews import consent
from interviews.models import Interview, Invitation, Turn
from interviews.reading.calls import read_own_call
from interviews.reading.interviews import last_consent
from interviews.services.speeches import reader_of
from interviews.states import ANSWERING, OPEN, Channel
from talenti.models import Organisation

INTERVIEW_FIELDS = ("id", "status", "channel", "language", "extra_time", "expires_at")


def turn_values(turn: Turn, interview: Interview) -> dict[str, Any]:
    """Return a turn as the candidate sees it; the time limit includes their extra time."""
    limit = turn.question.time_limit_seconds * (100 + interview.extra_time) // 100
    return {
        "id": turn.pk,
        "position": turn.position,
        "kind": turn.kind,
        "text": turn.text,
        "time_limit_seconds": limit,
        "asked_at": turn.asked_at,
        "read_by": reader_of(interview),
    }


def read_session(invitation: Invitation) -> dict[str, Any]:
    """Return the whole session: who asks, what was agreed to, and where the conversation stands."""
    interview = invitation.interview
    organisation = interview.organisation
    turns = list(interview.turns.select_related("question").order_by("position"))
    waiting = next((turn for turn in turns if turn.answered_at is None), None)
    is_open = waiting is not None and interview.status in ANSWERING
    return {
        "interview": {name: getattr(interview, name) for name in INTERVIEW_FIELDS},
        "organisation": {
            "name": organisation.name,
            "contact_email": organisation.contact_email,
        },
        "job": {"title": interview.job.title},
        "invitation": {"expires_at": invitation.expires_at},
        "consent": read_consent(interview, organisation),
        "turn": turn_values(waiting, interview) if waiting and is_open else None,
        "progress": read_progress(interview, turns),
        "call": read_own_call(interview) if interview.channel == Channel.PHONE else None,
        "is_over": interview.status not in OPEN,
    }


def read_progress(interview: Interview, turns: list[Turn]) -> dict[str, int]:
    """Return how many planned questions there are, and how many were asked and answered."""
    asked = {turn.question_id for turn in turns}
    waiting = {turn.question_id for turn in turns if turn.answered_at is None}
    return {
        "questions": interview.guide.questions.count(),
        "asked": len(asked),
        "answered": len(asked - waiting),
    }


def read_consent(interview: Interview, organisation: Organisation) -> dict[str, Any]:
    """Return the text to agree to in the interview's language, and what was agreed to already."""
    text = consent.current(interview.language)
    given = last_consent(interview.pk)
    return {
        "version": text.version,
        "language": text.language,
        "text": text.filled(
            organisation=organisation.name,
            contact=organisation.contact_email,
            retention_days=organisation.retention_days or settings.RECORDING_RETENTION_DAYS,
        ),
        "purposes": [
            {"key": key, "text": sentence, "required": key in text.required_purposes}
            for key, sentence in text.purposes.items()
        ],
        "given": given,
    }
