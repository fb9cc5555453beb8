"""Interviews with words in them, for tests of judgements."""

from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel, Status
from recordings.models import Segment
from recordings.services.confirmation import confirm_transcript
from scoring.models import Scorecard
from scoring.services.reviews import Quote, Rating, submit_review
from talenti.history import Actor
from talenti.models import Organisation, User
from tests.recordings.rows import make_draft, make_recording
from tests.rows import actor_of, make_interview
from tests.work import do_work

OWNERSHIP = (
    "last winter the heating control in our warehouse failed during a night shift and the whole"
    " line stood still. i checked the wiring and found a burnt relay on the second board. then i"
    " replaced the relay and i tested every channel twice before i started the line again. as a"
    " result we lost only forty minutes instead of a whole shift. i learned to keep spare relays"
    " in stock and i wrote a short checklist for the next shift."
)
TEAMWORK = (
    "two years ago a new colleague in my group struggled with the booking system. i noticed that"
    " she stayed late every evening, so i offered to sit with her for an hour each morning. i"
    " explained the three most common cases and we practised them together. after four weeks she"
    " handled her own customers and the number of open tickets fell by thirty percent."
)
THIN = "well i am not sure about that"


def make_confirmed(
    organisation: Organisation, *texts: str, interview: Interview | None = None
) -> Interview:
    """Return a completed interview whose answers, one per question, somebody has confirmed."""
    interview = interview or make_interview(organisation, channel=Channel.UPLOAD)
    questions = interview.guide.questions.order_by("position")
    recordings = [make_recording(interview, question=question) for question in questions]
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.COMPLETED, completed_at=timezone.now()
    )
    interview.refresh_from_db()
    for recording, text in zip(recordings, texts or (OWNERSHIP, TEAMWORK), strict=True):
        make_draft(recording, text)
    confirm_transcript(interview, [], actor_of(organisation))
    interview.refresh_from_db()
    return interview


def make_scored(organisation: Organisation, *texts: str) -> Interview:
    """Return an interview that the offline engine has judged."""
    interview = make_confirmed(organisation, *texts)
    do_work()
    interview.refresh_from_db()
    return interview


def spoken(interview: Interview) -> Segment:
    """Return the answer to the first question."""
    return Segment.objects.filter(transcript__interview=interview).order_by("question__position")[0]


def make_review(interview: Interview, user: User, level: int = 4) -> Scorecard:
    """Return a person's scorecard: one level with one quote, the other competency not rated."""
    quote = Quote(spoken(interview).pk, "i replaced the relay")
    ratings = [Rating("ownership", level, rationale="They did it.", evidence=(quote,))]
    return submit_review(interview, ratings, Actor.person(user), comment="Clear.")
