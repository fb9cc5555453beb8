"""Rows for tests, made by the product's own services wherever there is one."""

from decimal import Decimal
from typing import Any

from interviews.guide_body import CompetencyBody, GuideBody, QuestionBody
from interviews.models import Candidate, Guide, Interview, Invitation, Job
from interviews.services.guides import create_guide, publish_guide
from interviews.services.interviews import InterviewPlan, create_interview
from interviews.services.invitations import invite, secret_of
from interviews.states import Channel
from talenti.history import Actor
from talenti.models import Organisation, User
from talenti.roles import Role

ANCHORS = {
    1: "Gives no example, or one without an action of their own.",
    2: "Describes the situation but only general actions.",
    3: "Describes their own action and names a result.",
    4: "Compares options, acts on a reason and measures the result.",
    5: "Does all of that and explains what changed in their way of working.",
}


def make_body(**changes: Any) -> GuideBody:
    """Return a guide that may be published: two competencies, two questions."""
    values: dict[str, Any] = {
        "title": "Support engineer",
        "language": "en-US",
        "competencies": (
            make_competency("ownership", weight=Decimal(2), must_have_level=3),
            make_competency("teamwork"),
        ),
        "questions": (
            make_question("ownership", "Tell me about a fault that you found and repaired."),
            make_question("teamwork", "Describe a time when you helped a colleague."),
        ),
    }
    return GuideBody(**(values | changes))


def make_competency(key: str, **changes: Any) -> CompetencyBody:
    """Return a competency with an anchor for every level."""
    values: dict[str, Any] = {
        "key": key,
        "name": key.title(),
        "description": f"How {key} shows at work.",
        "weight": Decimal(1),
        "must_have_level": None,
        "anchors": ANCHORS,
    }
    return CompetencyBody(**(values | changes))


def make_question(competency: str, text: str, *probes: str) -> QuestionBody:
    """Return a question with one probe by default."""
    return QuestionBody(competency, text, probes or ("What was the result?",), 180)


def owner_of(organisation: Organisation) -> User:
    """Return somebody who may do everything there."""
    owners = {"memberships__organisation": organisation, "memberships__role": Role.OWNER}
    return User.objects.filter(**owners).earliest("pk")


def actor_of(organisation: Organisation) -> Actor:
    """Return the owner as history names them."""
    return Actor.person(owner_of(organisation))


def make_job(organisation: Organisation, title: str = "Support engineer", **values: Any) -> Job:
    """Return an open job."""
    return Job.objects.create(organisation=organisation, title=title, **values)


def make_guide(job: Job, *, published: bool = True, body: GuideBody | None = None) -> Guide:
    """Return the job's next guide, published by the organisation's owner unless asked not to."""
    actor = actor_of(job.organisation)
    guide = create_guide(job, body or make_body(), actor)
    if published:
        publish_guide(guide, actor)
        guide.refresh_from_db()
    return guide


def make_candidate(organisation: Organisation, name: str = "Dana Doe", **values: Any) -> Candidate:
    """Return a candidate with an address made from the name."""
    email = f"{name.lower().replace(' ', '.')}@candidate.example"
    return Candidate.objects.create(
        organisation=organisation, name=name, **({"email": email} | values)
    )


def make_interview(
    organisation: Organisation,
    *,
    job: Job | None = None,
    candidate: Candidate | None = None,
    channel: str = Channel.BROWSER,
    **plan: Any,
) -> Interview:
    """Return an interview of Dana for a job with a published guide; uploads come with consent."""
    job = job or make_job(organisation)
    if not job.guides.published().exists():
        make_guide(job)
    known = Candidate.objects.filter(organisation=organisation).first()
    asked = InterviewPlan(
        job=job,
        candidate=candidate or known or make_candidate(organisation),
        channel=channel,
        consent_declared=channel == Channel.UPLOAD,
        **plan,
    )
    return create_interview(asked, actor_of(organisation))


def make_invitation(interview: Interview) -> tuple[Invitation, str]:
    """Return an open invitation and its secret token."""
    invitation = invite(interview, actor_of(interview.organisation))
    return invitation, secret_of(invitation.pk)
