"""Interviews as the API shows them: one query for a list, two for one."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from interviews.models import Consent, Interview

COLUMNS = (
    "id",
    "organisation_id",
    "job_id",
    "job__title",
    "candidate_id",
    "candidate__name",
    "guide_id",
    "guide__version",
    "channel",
    "status",
    "stage",
    "language",
    "extra_time",
    "expires_at",
    "legal_hold",
    "failure",
    "invited_at",
    "consented_at",
    "completed_at",
    "ended_at",
    "created_at",
)
PLAIN = COLUMNS[8:]
INVITATION = ("id", "expires_at", "sent_at", "opened_at", "created_at")
CONSENT = ("version", "language", "purposes", "source", "created_at")


def listed(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Return the columns that `show_listed` takes."""
    return rows.values_list(*COLUMNS)


def show_listed(row: Iterable[Any]) -> dict[str, Any]:
    """Return one interview of a list."""
    pk, organisation, job, title, candidate, name, guide, version, *plain = row
    return {
        "id": pk,
        "organisation": organisation,
        "job": {"id": job, "title": title},
        "candidate": {"id": candidate, "name": name},
        "guide": {"id": guide, "version": version},
        **dict(zip(PLAIN, plain, strict=True)),
    }


def show_created(interview: Interview) -> dict[str, Any]:
    """Return an interview whose job, candidate and guide are at hand, without asking again."""
    job, candidate, guide = interview.job, interview.candidate, interview.guide
    first = (interview.pk, interview.organisation_id, job.pk, job.title)
    second = (candidate.pk, candidate.name, guide.pk, guide.version)
    return show_listed((*first, *second, *(getattr(interview, name) for name in PLAIN)))


def read_interview(rows: "QuerySet[Any, Any]", pk: uuid.UUID) -> dict[str, Any] | None:
    """Return one interview of `rows` with its open invitation and last consent; None if absent."""
    row = (
        rows.filter(pk=pk)
        .annotate(
            link=FilteredRelation("invitations", condition=Q(invitations__revoked_at__isnull=True))
        )
        .values_list(*COLUMNS, *(f"link__{name}" for name in INVITATION))
        .first()
    )
    if row is None:
        return None
    link = row[len(COLUMNS) :]
    return show_listed(row[: len(COLUMNS)]) | {
        "invitation": dict(zip(INVITATION, link, strict=True)) if link[0] else None,
        "consent": last_consent(pk),
    }


def last_consent(interview_id: uuid.UUID) -> dict[str, Any] | None:
    """Return what was agreed to, None before."""
    consents = Consent.objects.filter(interview=interview_id).order_by("-id")
    found: dict[str, Any] | None = consents.values(*CONSENT).first()
    return found
