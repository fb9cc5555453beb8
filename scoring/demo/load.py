"""Loading the demo through the product's own services; a load that was killed goes on."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from interviews.models import Candidate, Guide, Interview, Job
from interviews.services.consents import give_consent
from interviews.services.guides import create_guide, publish_guide
from interviews.services.interviews import (
    InterviewPlan,
    complete_interview,
    create_interview,
    end_interview,
    start_interview,
)
from interviews.services.invitations import invite
from interviews.states import ENDED, Channel, Status
from scoring.demo import answers, calls, content_files
from scoring.demo.follow import FOLLOW
from talenti.history import CANDIDATE, SYSTEM, Actor
from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.roles import Role
from talenti.work.queue import enqueue

PASSWORD = "talenti-demo"  # noqa: S105 - refused outside development
DEMO, OTHER = "Demo organisation", "Other organisation"
PEOPLE = {
    "olive@demo.example": ("Olive (owner)", DEMO, Role.OWNER),
    "alice@demo.example": ("Alice (recruiter)", DEMO, Role.RECRUITER),
    "bob@demo.example": ("Bob (reviewer)", DEMO, Role.REVIEWER),
    "charlie@other.example": ("Charlie (owner)", OTHER, Role.OWNER),
}


def load_demo() -> None:
    """Load what is missing; spoken answers are stored and queued, and done once a worker runs."""
    with transaction.atomic():
        people = load_people()
    alice, charlie = people["alice@demo.example"], people["charlie@other.example"]
    guides = {entry["key"]: load_job(entry, DEMO, alice) for entry in content_files.jobs()}
    load_job(content_files.jobs()[0], OTHER, charlie)
    for entry in content_files.interviews():
        guide = guides[entry["job"]]
        known = Candidate.objects.filter(organisation_id=guide.organisation_id)
        if not known.filter(email=entry["candidate"]["email"]).exists():
            with transaction.atomic():
                load_interview(entry, guide, alice)


def load_people() -> dict[str, User]:
    """Create the two organisations and everybody who signs in, or return those that are there."""
    if Organisation.objects.filter(name=DEMO).exists():
        return {user.email: user for user in User.objects.filter(email__in=PEOPLE)}
    organisations = {
        name: Organisation.objects.create(name=name, contact_email=f"hello@{domain}")
        for name, domain in ((DEMO, "demo.example"), (OTHER, "other.example"))
    }
    User.objects.create_superuser("ops@demo.example", PASSWORD, full_name="Operations")
    people = {}
    for email, (name, organisation, role) in PEOPLE.items():
        people[email] = User.objects.create_user(email, PASSWORD, full_name=name)
        Membership.objects.create(
            organisation=organisations[organisation], user=people[email], role=role
        )
    return people


def load_job(entry: dict[str, Any], organisation: str, recruiter: User) -> Guide:
    """Create a position with its published guide, or return the guide that is there."""
    known = Guide.objects.filter(job__organisation__name=organisation, origin="demo")
    here = known.filter(job__title=entry["title"])
    found: Guide | None = here.select_related("job").first()
    if found is not None:
        return found
    actor = Actor.person(recruiter)
    with transaction.atomic():
        job = Job.objects.create(
            organisation=Organisation.objects.get(name=organisation),
            title=entry["title"],
            description=entry["description"],
        )
        guide = create_guide(job, content_files.guide_body(entry["guide"]), actor, origin="demo")
        publish_guide(guide, actor)
    guide.refresh_from_db()
    return guide


def load_interview(entry: dict[str, Any], guide: Guide, recruiter: User) -> None:
    """Create one interview and bring it as far as people and the candidate would have."""
    actor = Actor.person(recruiter)
    candidate = Candidate.objects.create(
        organisation_id=guide.organisation_id, **entry["candidate"]
    )
    plan = InterviewPlan(
        job=guide.job,
        candidate=candidate,
        channel=entry["channel"],
        guide=guide,
        language=entry["language"],
        consent_declared=entry["channel"] == Channel.UPLOAD,
    )
    interview = create_interview(plan, actor)
    if calls.is_called(entry):
        calls.call_candidate(interview)
    else:
        _invite_and_ask_consent(interview, entry, actor)
        _answer(interview, entry, actor)
        _end(interview, entry, actor)
    _date_back(interview, entry["days_ago"])
    if entry["status"] == Status.COMPLETED:
        enqueue(FOLLOW, organisation_id=interview.organisation_id, subject_id=interview.pk)


def _invite_and_ask_consent(interview: Interview, entry: dict[str, Any], actor: Actor) -> None:
    if entry["channel"] == Channel.UPLOAD or entry["status"] in {Status.CREATED, Status.CANCELLED}:
        return
    invite(interview, actor)
    interview.refresh_from_db()
    if entry["consent"]:
        version = answers.consent_version(interview)
        give_consent(interview, version=version, purposes=entry["consent"])


def _answer(interview: Interview, entry: dict[str, Any], actor: Actor) -> None:
    if entry["channel"] == Channel.UPLOAD:
        answers.upload_answers(interview, entry["answers"], actor)
    elif entry["status"] in {Status.IN_PROGRESS, Status.COMPLETED}:
        start_interview(interview, CANDIDATE)
        answers.give_answers(
            interview, entry["answers"], to_the_end=entry["status"] == Status.COMPLETED
        )


def _end(interview: Interview, entry: dict[str, Any], actor: Actor) -> None:
    interview.refresh_from_db()
    if entry["status"] == Status.COMPLETED and interview.status != Status.COMPLETED:
        by = actor if entry["channel"] == Channel.UPLOAD else CANDIDATE
        complete_interview(interview, by)
    elif entry["status"] in ENDED:
        by = {Status.CANCELLED: actor, Status.REFUSED: CANDIDATE}.get(entry["status"], SYSTEM)
        end_interview(interview, entry["status"], by, reason=entry["reason"] or "")


def _date_back(interview: Interview, days: int) -> None:
    """Let the story begin `days` ago, so that lists and charts have something to show."""
    moment = timezone.now() - timedelta(days=days)
    moments = ("invited_at", "consented_at", "completed_at", "ended_at")
    Interview.objects.filter(pk=interview.pk).update(
        created_at=moment,
        **{name: moment for name in moments if getattr(interview, name) is not None},
    )
    HistoryEntry.objects.filter(root_id=interview.pk).update(created_at=moment)
    Candidate.objects.filter(pk=interview.candidate_id).update(created_at=moment)
