"""What waits for a person: one queryset each, for the home page and the list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from interviews.models import Interview, Invitation
from interviews.states import Stage, Status
from scoring.models import Decision, Scorecard
from scoring.states import Kind, Outcome
from talenti.roles import DECIDERS, REVIEWERS, Role

SOON = timedelta(days=2)
REVIEWABLE = (Stage.SCORED, Stage.REVIEWED, Stage.NOT_SCORABLE)


def to_confirm(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return interviews whose draft transcript this user may confirm."""
    own = user.organisations_as(REVIEWERS)
    return rows.filter(organisation__in=own, stage=Stage.NEEDS_CONFIRMATION)


def to_review(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return scored interviews that a reviewer has not reviewed.

    Owners and recruiters may review too, but are only reminded of what nobody has reviewed.
    """
    cards = Scorecard.objects.filter(interview=OuterRef("pk"), kind=Kind.REVIEWER)
    open_rows = rows.filter(status=Status.COMPLETED, stage__in=REVIEWABLE)
    as_reviewer = Q(organisation__in=user.organisations_as({Role.REVIEWER})) & ~Q(
        Exists(cards.filter(reviewer=user.pk))
    )
    as_recruiter = Q(organisation__in=user.organisations_as(DECIDERS)) & ~Q(Exists(cards))
    return open_rows.filter(as_reviewer | as_recruiter)


def to_decide(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return reviewed interviews without a decision, and those that were put on hold."""
    own = user.organisations_as(DECIDERS)
    on_hold = Decision.objects.filter(interview=OuterRef("pk"), outcome=Outcome.HOLD)
    return rows.filter(organisation__in=own).filter(
        Q(stage=Stage.REVIEWED) | Q(Exists(on_hold), stage=Stage.DECIDED)
    )


def failed(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return interviews whose recording or scoring failed."""
    return rows.filter(organisation__in=list(user.roles), stage=Stage.FAILED)


def expiring(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return invited interviews whose link ends within two days."""
    now = timezone.now()
    links = Invitation.objects.filter(
        interview=OuterRef("pk"),
        revoked_at__isnull=True,
        expires_at__gt=now,
        expires_at__lte=now + SOON,
    )
    own = user.organisations_as(DECIDERS)
    return rows.filter(organisation__in=own, status=Status.INVITED).filter(Exists(links))


WAITING: dict[str, tuple[str, str, Callable[[QuerySet[Any], Any], QuerySet[Any]]]] = {
    "confirm": ("Transcripts to confirm", "hearing", to_confirm),
    "review": ("Interviews to review", "rate_review", to_review),
    "decide": ("Decisions to take", "gavel", to_decide),
    "failed": ("Failed interviews", "error", failed),
    "expiring": ("Invitations about to expire", "schedule", expiring),
}


def waiting_for(user: Any, key: str) -> QuerySet[Any]:
    """Return the interviews that wait for this user in one way (a key of WAITING)."""
    return WAITING[key][2](Interview.objects.for_user(user), user)
