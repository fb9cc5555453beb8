"""Reviews: a person's own scorecard on the same anchors, with the same arithmetic."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.models import Competency, Interview
from interviews.services.interviews import set_stage
from interviews.states import Stage, Status
from recordings.models import Segment
from recordings.states import UNCONFIRMED, Speaker
from scoring.arithmetic import Rated, summarise
from scoring.evidence import locate
from scoring.models import Decision, Evidence, Score, Scorecard
from scoring.states import Kind, Outcome, ScorecardStatus
from talenti.errors import Invalid, WrongState
from talenti.history import Actor, record

NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one segment that a reviewer points at."""

    segment: uuid.UUID
    quote: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A reviewer's level for one competency (by key), 1 to 5, or None with the reason why not."""

    competency: str
    level: int | None
    rationale: str = ""
    reason: str = ""
    evidence: tuple[Quote, ...] = ()


def submit_review(
    interview: Interview, ratings: Sequence[Rating], actor: Actor, *, comment: str = ""
) -> Scorecard:
    """Store a person's scorecard; competencies left out count as not rated.

    Raises Invalid for an unknown competency or a quote that is not in the candidate's confirmed
    words, WrongState when this person has reviewed, the answers are not complete, or it is decided.
    """
    competencies = list(interview.guide.competencies.order_by("position"))
    _check_ratings(competencies, ratings)
    try:
        with transaction.atomic():
            interview = Interview.objects.select_for_update().get(pk=interview.pk)
            _check_moment(interview)
            return _store(interview, competencies, ratings, actor, comment)
    except IntegrityError as error:
        raise WrongState("You have submitted your scorecard already.") from error


def _check_moment(interview: Interview) -> None:
    if interview.status != Status.COMPLETED:
        raise WrongState("The interview is not completed yet.", ["complete"])
    closed = Decision.objects.filter(interview=interview).exclude(outcome=Outcome.HOLD)
    if closed.exists():
        raise WrongState("The interview has been decided.")


def _check_ratings(competencies: Sequence[Competency], ratings: Sequence[Rating]) -> None:
    known = {competency.key for competency in competencies}
    seen: set[str] = set()
    for place, rating in enumerate(ratings):
        if rating.competency not in known or rating.competency in seen:
            message = "Not a competency of this guide, or given twice."
            raise Invalid("A score does not fit.", {f"scores[{place}].competency": [message]})
        seen.add(rating.competency)
    if all(rating.level is None for rating in ratings):
        raise Invalid("Nothing was rated.", {"scores": ["Rate at least one competency."]})


def _store(
    interview: Interview,
    competencies: Sequence[Competency],
    ratings: Sequence[Rating],
    actor: Actor,
    comment: str,
) -> Scorecard:
    given = {rating.competency: rating for rating in ratings}
    levels = {key: rating.level for key, rating in given.items()}
    summary = summarise(
        Rated(one.key, one.weight, levels.get(one.key), one.must_have_level) for one in competencies
    )
    card = Scorecard.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        guide=interview.guide,
        kind=Kind.REVIEWER,
        status=ScorecardStatus.READY,
        reviewer=actor.user,
        label="Review by a person",
        overall=summary.overall,
        assessed_share=summary.assessed_share,
        missed_must_haves=list(summary.missed_must_haves),
        comment=comment,
        ready_at=timezone.now(),
    )
    for competency in competencies:
        _store_score(card, competency, given.get(competency.key))
    record(card, "reviewed", actor)
    set_stage(interview, Stage.REVIEWED, actor)
    return card


def _store_score(card: Scorecard, competency: Competency, rating: Rating | None) -> None:
    level = rating.level if rating else None
    score = Score.objects.create(
        organisation_id=card.organisation_id,
        scorecard=card,
        competency=competency,
        level=level,
        reason="" if level else (rating.reason if rating else "") or NOT_RATED,
        rationale=rating.rationale if rating else "",
    )
    for position, quote in enumerate(rating.evidence if rating else (), start=1):
        _store_quote(score, position, quote)


def _store_quote(score: Score, position: int, quote: Quote) -> None:
    segment = (
        Segment.objects.filter(
            pk=quote.segment,
            transcript__interview=score.scorecard.interview_id,
            speaker=Speaker.CANDIDATE,
        )
        .exclude(transcript__status__in=UNCONFIRMED)
        .first()
    )
    place = locate(quote.quote, segment.text) if segment else None
    if segment is None or place is None:
        message = "This quote is not in the candidate's confirmed words."
        raise Invalid(message, {"scores": [message]})
    start, end = place
    Evidence.objects.create(
        organisation_id=score.organisation_id,
        score=score,
        segment=segment,
        position=position,
        quote=segment.text[start:end],
        start=start,
        end=end,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
    )
