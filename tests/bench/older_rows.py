"""Tables and answers of the older stack, as its mapper and its validator want them."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from talenti.ids import new_id


class Base(DeclarativeBase):
    """What every table has."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


class User(Base):
    """Who asks."""

    __tablename__ = "talenti_user"
    is_active: Mapped[bool]
    memberships: Mapped[list["Membership"]] = relationship()


class Membership(Base):
    """Their role in an organisation."""

    __tablename__ = "talenti_membership"
    organisation_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("talenti_user.id"))
    role: Mapped[str]


class Job(Base):
    """A position."""

    __tablename__ = "interviews_job"
    organisation_id: Mapped[uuid.UUID]
    title: Mapped[str]


class Candidate(Base):
    """A candidate."""

    __tablename__ = "interviews_candidate"
    organisation_id: Mapped[uuid.UUID]
    name: Mapped[str]


class Guide(Base):
    """A version of a job's guide."""

    __tablename__ = "interviews_guide"
    job_id: Mapped[uuid.UUID]
    version: Mapped[int]
    status: Mapped[str]
    language: Mapped[str]


class Invitation(Base):
    """A link to an interview."""

    __tablename__ = "interviews_invitation"
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews_interview.id"))
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Consent(Base):
    """What was agreed to."""

    __tablename__ = "interviews_consent"
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews_interview.id"))
    version: Mapped[str]
    language: Mapped[str]
    purposes: Mapped[list[str]] = mapped_column(JSONB)
    source: Mapped[str]
    created_at: Mapped[datetime]


class Interview(Base):
    """An interview."""

    __tablename__ = "interviews_interview"
    organisation_id: Mapped[uuid.UUID]
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews_job.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews_candidate.id"))
    guide_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews_guide.id"))
    channel: Mapped[str]
    status: Mapped[str] = mapped_column(default="created")
    stage: Mapped[str] = mapped_column(default="awaiting_recording")
    language: Mapped[str]
    extra_time: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    legal_hold: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime | None]
    consented_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    job: Mapped[Job] = relationship()
    candidate: Mapped[Candidate] = relationship()
    guide: Mapped[Guide] = relationship()
    invitations: Mapped[list[Invitation]] = relationship()
    consents: Mapped[list[Consent]] = relationship(order_by=Consent.id.desc())

    @property
    def invitation(self) -> Invitation | None:
        """Return the open link."""
        return next((one for one in self.invitations if one.revoked_at is None), None)

    @property
    def consent(self) -> Consent | None:
        """Return the last consent."""
        return self.consents[0] if self.consents else None


class HistoryEntry(Base):
    """What happened."""

    __tablename__ = "talenti_historyentry"
    organisation_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    subject: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    root_id: Mapped[uuid.UUID]
    verb: Mapped[str]
    from_state: Mapped[str] = mapped_column(default="")
    to_state: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Shown(BaseModel):
    """An answer that is read off an object."""

    model_config = ConfigDict(from_attributes=True)


class JobShown(Shown):
    """A job beside an interview."""

    id: uuid.UUID
    title: str


class CandidateShown(Shown):
    """A candidate beside an interview."""

    id: uuid.UUID
    name: str


class GuideShown(Shown):
    """A guide beside an interview."""

    id: uuid.UUID
    version: int


class InvitationShown(Shown):
    """The open link."""

    id: uuid.UUID
    expires_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    created_at: datetime


class ConsentShown(Shown):
    """The last consent."""

    version: str
    language: str
    purposes: list[str]
    source: str
    created_at: datetime


class ListedShown(Shown):
    """An interview of a list."""

    id: uuid.UUID
    organisation: uuid.UUID = Field(validation_alias="organisation_id")
    job: JobShown
    candidate: CandidateShown
    guide: GuideShown
    channel: str
    status: str
    stage: str
    language: str
    extra_time: int
    expires_at: datetime | None
    legal_hold: bool
    failure: str
    invited_at: datetime | None
    consented_at: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None
    created_at: datetime


class DetailShown(ListedShown):
    """One interview."""

    invitation: InvitationShown | None
    consent: ConsentShown | None


class PageShown(BaseModel):
    """A page."""

    results: list[ListedShown]
    next: str | None
    previous: str | None


class InterviewInput(BaseModel):
    """A new interview."""

    job: uuid.UUID
    candidate: uuid.UUID
    channel: str
