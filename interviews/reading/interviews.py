"""Interviews as the API shows them: one query for a list and one for one, prepared."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet, UUIDField

from interviews.models import Consent, Interview
from talenti.api.pagination import PreparedRows
from talenti.models import User
from talenti.prepared import Slots, fetch

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
# Where the columns of the invitation and of the consent begin in the row of one interview.
LINK = len(COLUMNS)
AGREED = LINK + len(INVITATION)


def listed(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Return the columns that `show_listed` takes."""
    return rows.values_list(*COLUMNS)


def every_interview(user: User) -> PreparedRows:
    """Return the same of all interviews that a member may see, without filters."""
    return PreparedRows(Interview, COLUMNS, tuple(user.roles))


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


def read_interview(user: User, pk: uuid.UUID) -> dict[str, Any] | None:
    """Return one interview with its open invitation and last consent; None for a stranger's."""
    rows = fetch(_one, {"organisations": list(user.roles), "interview": pk})
    if not rows:
        return None
    row, link, consent = rows[0][:LINK], rows[0][LINK:AGREED], rows[0][AGREED:]
    return show_listed(row) | {
        "invitation": dict(zip(INVITATION, link, strict=True)) if link[0] else None,
        "consent": dict(zip(CONSENT, consent, strict=True)) if consent[0] else None,
    }


def _one(slots: Slots) -> Any:
    """Return one row: an interview has one open link at most, and its last consent comes first."""
    open_link = FilteredRelation("invitations", condition=Q(invitations__revoked_at__isnull=True))
    links = (f"link__{name}" for name in INVITATION)
    consents = (f"consents__{name}" for name in CONSENT)
    return (
        Interview.objects.filter(
            organisation__id__in=slots("organisations", UUIDField()),
            pk=slots("interview", UUIDField()),
        )
        .annotate(link=open_link)
        .order_by("-consents__id")
        .values_list(*COLUMNS, *links, *consents)[:1]
    )


def last_consent(interview_id: uuid.UUID) -> dict[str, Any] | None:
    """Return what was agreed to, None before."""
    rows = fetch(_last_consent, {"interview": interview_id})
    return dict(zip(CONSENT, rows[0], strict=True)) if rows else None


def _last_consent(slots: Slots) -> Any:
    consents = Consent.objects.filter(interview__id=slots("interview", UUIDField()))
    return consents.order_by("-id").values_list(*CONSENT)[:1]
