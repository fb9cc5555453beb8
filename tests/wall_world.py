"""Two organisations with the same kinds of rows: what the tenant wall stands between."""

import hashlib
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils import timezone

from interviews import consent
from interviews.models import (
    Call,
    Candidate,
    CandidateDocument,
    Guide,
    Interview,
    Job,
    Question,
    Turn,
)
from interviews.reading.calls import proposals_for
from interviews.services.conversation import begin
from interviews.states import Channel, Status
from recordings.models import Recording, Segment
from talenti.models import Membership, Organisation, User
from talenti.roles import Role
from tests.interviews.call_rows import make_call, make_callable
from tests.people import People, make_people, make_user
from tests.recordings.rows import WAV, announce, make_draft, make_recording, send
from tests.rows import make_candidate, make_guide, make_interview, make_invitation, make_job
from tests.scoring.rows import make_scored, spoken

OURS = ("talenti", "work", "interviews", "recordings", "scoring")


@dataclass(frozen=True, slots=True)
class Side:
    """One organisation's rows, each in the state in which the call about it succeeds."""

    organisation: Organisation
    member: Membership
    job: Job
    empty_job: Job
    guide: Guide
    draft: Guide
    question: Question
    candidate: Candidate
    free_candidate: Candidate
    document: CandidateDocument
    fresh: Interview  # invited, nothing agreed to
    fresh_token: str
    asking: Interview  # in the browser, with an open turn
    asking_token: str
    turn: Turn
    sending: Interview  # of uploads, with one that waits to be completed
    pending: Recording
    drafted: Interview  # completed, with a draft to confirm
    draft_segment: Segment
    stored: Recording
    done: Interview  # scored
    segment: Segment
    phone: Interview  # of somebody who may be called
    phone_token: str
    planned: Interview  # with a call that is planned
    call: Call


@dataclass(frozen=True, slots=True)
class World:
    """Everybody and everything; the guest is a viewer at home, and owner elsewhere."""

    people: People
    guest: User
    home: Side
    elsewhere: Side


def make_world() -> World:
    people = make_people()
    guest = make_user("gina", organisation=people.home, role=Role.VIEWER)
    Membership.objects.create(user=guest, organisation=people.elsewhere, role=Role.OWNER)
    return World(people, guest, make_side(people.home), make_side(people.elsewhere))


def make_side(organisation: Organisation) -> Side:
    done = make_scored(organisation)
    job, guide = done.job, done.guide
    vic = make_user(f"vic-{organisation.pk.hex}", organisation=organisation, role=Role.VIEWER)
    return Side(
        organisation=organisation,
        member=vic.memberships.get(),
        job=job,
        empty_job=make_job(organisation, "Nobody asked yet"),
        guide=guide,
        draft=make_guide(job, published=False),
        question=guide.questions.order_by("position").first(),
        candidate=done.candidate,
        free_candidate=make_candidate(organisation, "Emil Free"),
        document=make_document(done.candidate),
        done=done,
        segment=spoken(done),
        **make_fresh(organisation, job),
        **make_asking(organisation, job),
        **make_sending(organisation, job),
        **make_drafted(organisation, job),
        **make_phones(organisation, job),
    )


def make_document(candidate: Candidate) -> CandidateDocument:
    return CandidateDocument.objects.create(
        organisation_id=candidate.organisation_id,
        candidate=candidate,
        filename="cv.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        storage_name=f"{candidate.organisation_id}/{candidate.pk}/cv",
    )


def make_fresh(organisation: Organisation, job: Job) -> dict[str, Any]:
    fresh = make_interview(organisation, job=job)
    _, token = make_invitation(fresh)
    return {"fresh": reread(fresh), "fresh_token": token}


def make_asking(organisation: Organisation, job: Job) -> dict[str, Any]:
    asking = make_interview(organisation, job=job)
    _, token = make_invitation(asking)
    Interview.objects.filter(pk=asking.pk).update(
        status=Status.CONSENTED, consented_at=timezone.now()
    )
    turn = begin(reread(asking))
    return {"asking": reread(asking), "asking_token": token, "turn": turn}


def make_sending(organisation: Organisation, job: Job) -> dict[str, Any]:
    sending = make_interview(organisation, job=job, channel=Channel.UPLOAD)
    content = WAV.read_bytes()
    pending = announce(sending, content)
    send(pending, content)
    return {"sending": sending, "pending": pending}


def make_drafted(organisation: Organisation, job: Job) -> dict[str, Any]:
    drafted = make_interview(organisation, job=job, channel=Channel.UPLOAD)
    stored = make_recording(drafted)
    Interview.objects.filter(pk=drafted.pk).update(
        status=Status.COMPLETED, completed_at=timezone.now()
    )
    draft = make_draft(stored, "i found the fault and replaced the broken pump in one day")
    return {
        "drafted": reread(drafted),
        "stored": stored,
        "draft_segment": draft.segments.get(),
    }


def make_phones(organisation: Organisation, job: Job) -> dict[str, Any]:
    callable_ = make_callable(organisation, "Cleo Called")
    plan: Any = {"job": job, "candidate": callable_, "channel": Channel.PHONE}
    phone, planned = (make_interview(organisation, **plan) for _ in range(2))
    _, token = make_invitation(phone)
    return {
        "phone": reread(phone),
        "phone_token": token,
        "planned": planned,
        "call": make_call(planned),
    }


def daytime(side: Side) -> str:
    """Return a moment at which the candidate may be called."""
    zone = ZoneInfo(side.phone.candidate.time_zone)
    return proposals_for(side.phone, zone)[0].isoformat()


def reread(interview: Interview) -> Interview:
    return Interview.objects.get(pk=interview.pk)


def agreement(side: Side) -> dict[str, Any]:
    """Return what the candidate has to agree to."""
    text = consent.current(side.fresh.language)
    return {"version": text.version, "purposes": sorted(text.required_purposes)}


def fingerprints() -> dict[str, str]:
    """Return a digest of every table: two are equal when nothing has changed in between."""
    return {model._meta.label: _digest(model) for model in _models()}


def ids_of(organisation: Organisation) -> set[str]:
    """Return the ids of all rows of an organisation, and its own."""
    found = {str(organisation.pk)}
    for model in _models():
        if any(field.name == "organisation" for field in model._meta.fields):
            rows = model._default_manager.filter(organisation=organisation)
            found |= {str(pk) for pk in rows.values_list("pk", flat=True)}
    return found


def _models() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def _digest(model: Any) -> str:
    rows = sorted(map(repr, model._default_manager.order_by().values_list()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
