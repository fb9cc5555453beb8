"""Interviews: creating, completing, ending, and the pipeline's stage."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import UUIDField
from django.utils import timezone

from interviews.models import Candidate, Guide, Interview, Invitation, Job
from interviews.services.consents import declare_consent
from interviews.signals import interview_completed, interview_ended
from interviews.states import ENDED, INTERVIEW, LIVE_CALLS, STAGE, Channel, Stage, Status
from talenti.errors import Invalid, WrongState
from talenti.history import SYSTEM, Actor, advance, move, record
from talenti.prepared import Slots, fetch_object, insert


@dataclass(frozen=True, slots=True)
class InterviewPlan:
    """What is asked for: `guide` None means the job's latest published one."""

    job: Job
    candidate: Candidate
    channel: str
    guide: Guide | None = None
    language: str = ""
    expires_at: datetime | None = None
    extra_time: int = 0
    consent_declared: bool = False


def latest_guide(job: Job) -> Guide:
    """Return the newest published guide; WrongState when there is none."""
    guide: Guide | None = fetch_object(Guide, _latest_guide, {"job": job.pk})
    if guide is None:
        raise WrongState("This job has no published guide yet.", ["publish a guide"])
    return guide


def _latest_guide(slots: Slots) -> Any:
    guides = Guide.objects.filter(job__id=slots("job", UUIDField())).published()
    return guides.order_by("-version")[:1]


def create_interview(plan: InterviewPlan, actor: Actor) -> Interview:
    """Create an interview; with uploaded recordings the recruiter declares the consent.

    Raises Invalid for parts of different owners, WrongState without a published guide.
    """
    guide = plan.guide or latest_guide(plan.job)
    _check_plan(plan, guide)
    with transaction.atomic(savepoint=False):  # whatever fails here ends the caller's as well
        interview = Interview(
            organisation_id=plan.job.organisation_id,
            job=plan.job,
            guide=guide,
            candidate=plan.candidate,
            channel=plan.channel,
            language=plan.language or guide.language,
            expires_at=plan.expires_at,
            extra_time=plan.extra_time,
        )
        insert(interview)
        record(interview, "created", actor, to_state=Status.CREATED)
        if plan.channel == Channel.UPLOAD:
            declare_consent(interview, actor)
    return interview


def _check_plan(plan: InterviewPlan, guide: Guide) -> None:
    if guide.job_id != plan.job.pk or plan.candidate.organisation_id != plan.job.organisation_id:
        raise Invalid("Guide, job and candidate must belong together.")
    if not guide.is_published:
        raise WrongState("Only a published guide can be used.", ["publish"])
    if plan.expires_at and plan.expires_at <= timezone.now():
        raise Invalid("The end must lie in the future.", {"expires_at": ["Must be in the future."]})
    if (plan.channel == Channel.UPLOAD) != plan.consent_declared:
        declared = "Declared for uploaded recordings only; else the candidate is asked."
        raise Invalid("Consent is missing or declared twice.", {"consent_declared": [declared]})


def find_or_create_candidate(organisation_id: uuid.UUID, fields: dict[str, Any]) -> Candidate:
    """Return the organisation's candidate with this e-mail address, or a new one.

    The address is how a candidate is recognised: an existing row is used as it is.
    """
    email = fields.get("email", "")
    known = Candidate.objects.filter(organisation_id=organisation_id, email__iexact=email)
    try:
        with transaction.atomic():
            found = known.first() if email else None
            return found or Candidate.objects.create(organisation_id=organisation_id, **fields)
    except IntegrityError:  # somebody created the same person a moment ago
        return known.get()


def start_interview(interview: Interview, actor: Actor) -> None:
    """Note the first question; the second of two starts is refused with WrongState."""
    advance(interview, INTERVIEW, Status.IN_PROGRESS, actor)


def complete_interview(interview: Interview, actor: Actor) -> None:
    """End the answering and announce it; WrongState unless consent was given and it is open."""
    with transaction.atomic():
        advance(interview, INTERVIEW, Status.COMPLETED, actor, completed_at=timezone.now())
        _close_invitations(interview)
        interview_completed.send(sender=Interview, interview=interview, actor=actor)


def end_interview(interview: Interview, to: str, actor: Actor, *, reason: str = "") -> None:
    """Cancel, expire or refuse an open interview; its links stop working."""
    if to not in ENDED:
        message = f"{to} is not an end."
        raise ValueError(message)
    with transaction.atomic():
        advance(interview, INTERVIEW, to, actor, reason=reason, ended_at=timezone.now())
        _close_invitations(interview)
        interview_ended.send(sender=Interview, interview=interview, actor=actor)


def cancel_interview(interview: Interview, actor: Actor, *, reason: str = "") -> None:
    """Cancel an interview that is not over; WrongState otherwise."""
    end_interview(interview, Status.CANCELLED, actor, reason=reason)


def expire_overdue(now: datetime, *, limit: int = 200) -> int:
    """Expire open interviews whose time is over; returns how many. A call may end first."""
    overdue = Interview.objects.overdue(now).exclude(calls__status__in=LIVE_CALLS)
    return sum(_expire(interview) for interview in overdue.order_by("expires_at")[:limit])


def _expire(interview: Interview) -> bool:
    try:
        end_interview(interview, Status.EXPIRED, SYSTEM)
    except WrongState:  # completed or cancelled a moment ago
        return False
    return True


def _close_invitations(interview: Interview) -> None:
    Invitation.objects.filter(interview=interview, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


def set_stage(interview: Interview, to: str, actor: Actor, *, failure: str = "") -> bool:
    """Move the pipeline's stage if that is legal; a late event changes nothing."""
    if interview.stage == to:
        return False
    return move(
        interview, STAGE, to, actor, failure=failure if to == Stage.FAILED else "", reason=failure
    )


def set_legal_hold(interview: Interview, actor: Actor, *, held: bool, reason: str) -> None:
    """Keep the interview's files from any deletion, or allow it again; `reason` is required."""
    if not reason.strip():
        raise Invalid("A reason is needed.", {"reason": ["Say why."]})
    with transaction.atomic():
        changed = Interview.objects.filter(pk=interview.pk, legal_hold=not held)
        if changed.update(legal_hold=held):
            verb = "held" if held else "released"
            record(interview, verb, actor, reason=reason)
    interview.legal_hold = held
