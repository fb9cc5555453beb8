"""What the demo's people do once the pipeline has done its part: confirm, review, decide."""

import uuid
from typing import Any

from interviews.models import Interview
from interviews.states import Stage
from recordings.models import Segment, Transcript
from recordings.services.confirmation import Correction, confirm_transcript
from recordings.states import Speaker
from scoring.demo import content_files
from scoring.demo.calls import is_called
from scoring.models import Decision, Scorecard
from scoring.services.decisions import decide
from scoring.services.reviews import Quote, Rating, submit_review
from talenti.errors import RetryLater
from talenti.history import Actor
from talenti.models import User
from talenti.work.actors import durable
from talenti.work.claims import Claim

FOLLOW = "scoring.demo_follow"
WORKING = (Stage.TRANSCRIBING, Stage.SCORING)


@durable(FOLLOW)
def follow_demo_interview(claim: Claim) -> None:
    """Play the people's part in one demo interview; waits while the pipeline works on it."""
    interview = Interview.objects.select_related("candidate", "guide").get(pk=claim.subject_id)
    entry = _entry(interview)
    if entry is None:
        return
    if is_called(entry) and interview.stage == Stage.AWAITING_RECORDING:
        raise RetryLater("The call is not over.", after_seconds=0.5, counts=False)
    if interview.stage == Stage.NEEDS_CONFIRMATION and entry["confirmed_by"]:
        _confirm(interview, entry)
        interview.refresh_from_db()
    if interview.stage in WORKING:
        raise RetryLater("The pipeline is at work.", after_seconds=0.5, counts=False)
    _review_and_decide(interview, entry)


def _entry(interview: Interview) -> dict[str, Any] | None:
    for entry in content_files.interviews():
        if entry["candidate"]["email"] == interview.candidate.email:
            return entry
    return None


def _actor(email: str) -> Actor:
    return Actor.person(User.objects.get(email=email))


def _confirm(interview: Interview, entry: dict[str, Any]) -> None:
    """Correct the draft to what was truly said, answer by answer, and confirm it."""
    texts = {answer["question_number"]: answer["text"] for answer in entry["answers"]}
    numbers = {
        question.pk: number
        for number, question in enumerate(interview.guide.questions.order_by("position"), start=1)
    }
    corrections = []
    for transcript in interview.transcripts.unconfirmed().select_related("recording"):
        said = transcript.segments.filter(speaker=Speaker.CANDIDATE).order_by("position")
        for question in _questions_of(transcript):
            text = texts.get(numbers[question], "")
            segments = list(said.filter(question=question))
            corrections += _spread(text, segments) or [
                Correction(recording=transcript.recording_id, text=text, question=question)
            ]
    confirm_transcript(interview, corrections, _actor(entry["confirmed_by"]))


def _questions_of(transcript: Transcript) -> list[uuid.UUID]:
    """Return which questions a recording answers: one, or in a call all that were asked."""
    if transcript.recording and transcript.recording.question_id:
        return [transcript.recording.question_id]
    asked = transcript.segments.filter(question__isnull=False).order_by("question__position")
    return list(dict.fromkeys(asked.values_list("question", flat=True)))


def _spread(text: str, segments: list[Segment]) -> list[Correction]:
    """Share the true words out over the segments in proportion to what was heard in each."""
    words = text.split()
    heard = sum(len(segment.draft_text.split()) for segment in segments) or 1
    corrections, used, seen = [], 0, 0
    for segment in segments:
        seen += len(segment.draft_text.split())
        until = len(words) if segment is segments[-1] else round(len(words) * seen / heard)
        corrections.append(Correction(segment=segment.pk, text=" ".join(words[used:until])))
        used = until
    return corrections


def _review_and_decide(interview: Interview, entry: dict[str, Any]) -> None:
    done = set(
        Scorecard.objects.filter(interview=interview)
        .by_people()
        .values_list("reviewer__email", flat=True)
    )
    for review in entry["reviews"]:
        if review["reviewer"] not in done:
            _review(interview, review)
    decision = entry["decision"]
    if decision and not Decision.objects.filter(interview=interview).exists():
        decide(interview, decision["outcome"], decision["reason"], _actor(decision["by"]))


def _review(interview: Interview, review: dict[str, Any]) -> None:
    ratings = [
        Rating(
            competency=score["competency"],
            level=score["level"],
            rationale=score["rationale"] or "",
            evidence=_quotes(interview, score["quote"]),
        )
        for score in review["scores"]
    ]
    submit_review(interview, ratings, _actor(review["reviewer"]))


def _quotes(interview: Interview, quote: dict[str, Any] | None) -> tuple[Quote, ...]:
    """Find the segment that holds the quote; one that spans two segments is left out."""
    if quote is None:
        return ()
    holder = Segment.objects.filter(
        transcript__interview=interview, text__icontains=quote["text"]
    ).first()
    return (Quote(holder.pk, quote["text"]),) if holder else ()
