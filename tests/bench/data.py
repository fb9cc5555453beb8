"""A database as after some years: 20,000 interviews of one organisation and a neighbour's 2,000."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from talenti.ids import new_id
from tests.bench.servers import ROOT

INTERVIEWS, NEIGHBOURS = 20_000, 2_000
JOBS = 40
START = datetime(2025, 1, 1, tzinfo=UTC)
STATUSES = ("created", "invited", "consented", "in_progress", "completed", "cancelled")
SECRET = "a-secret-of-the-benchmark-which-guards-nothing"
TABLES: dict[str, tuple[str, ...]] = {
    "talenti_organisation": ("id", "name", "blind_first", "contact_email", "created_at"),
    "talenti_user": (
        "id",
        "password",
        "is_superuser",
        "email",
        "full_name",
        "is_active",
        "is_staff",
        "date_joined",
    ),
    "talenti_membership": ("id", "organisation_id", "user_id", "role", "created_at"),
    "interviews_job": (
        "id",
        "organisation_id",
        "created_at",
        "title",
        "description",
        "status",
        "updated_at",
    ),
    "interviews_guide": (
        "id",
        "organisation_id",
        "created_at",
        "job_id",
        "version",
        "title",
        "language",
        "status",
        "origin",
        "published_at",
        "published_by_id",
        "override_reason",
        "updated_at",
    ),
    "interviews_candidate": (
        "id",
        "organisation_id",
        "created_at",
        "name",
        "email",
        "phone",
        "locale",
        "time_zone",
        "do_not_call",
        "call_permission",
        "updated_at",
    ),
    "interviews_interview": (
        "id",
        "organisation_id",
        "created_at",
        "job_id",
        "guide_id",
        "candidate_id",
        "channel",
        "status",
        "stage",
        "language",
        "extra_time",
        "legal_hold",
        "invited_at",
        "consented_at",
        "completed_at",
        "ended_at",
        "failure",
    ),
    "interviews_invitation": (
        "id",
        "organisation_id",
        "created_at",
        "interview_id",
        "token_hash",
        "expires_at",
        "sent_at",
    ),
    "interviews_consent": (
        "id",
        "organisation_id",
        "created_at",
        "interview_id",
        "version",
        "language",
        "text_sha256",
        "purposes",
        "source",
    ),
}
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organisation with its recruiter."""

    organisation: uuid.UUID
    recruiter: uuid.UUID
    jobs: tuple[uuid.UUID, ...]
    guides: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What callers need to know of the rows."""

    tenant: Tenant
    interviews: tuple[uuid.UUID, ...]
    candidates: tuple[uuid.UUID, ...]


def migrate(variables: dict[str, str]) -> None:
    """Make the tables as the product does; raises CalledProcessError."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=True, timeout=300)


def fill(url: str, interviews: int = INTERVIEWS, neighbours: int = NEIGHBOURS) -> Contents:
    """Copy the rows in and return what is known of the first organisation's."""
    with psycopg.connect(url) as connection:
        _fill_tenant(connection, "Neighbour", neighbours)
        contents = _fill_tenant(connection, "Benchmark", interviews)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return contents


def access_token(user_id: uuid.UUID, *, hours: float = 2) -> str:
    """Return an access token as the product issues them, only longer-lived."""
    now = int(time.time())
    claims = {
        "token_type": "access",
        "sub": str(user_id),
        "iat": now,
        "exp": now + int(3600 * hours),
        "jti": uuid.uuid4().hex,
        "iss": "talenti",
        "aud": "talenti-users",
    }
    return jwt.encode(claims, SECRET, algorithm="HS256")


def _fill_tenant(connection: psycopg.Connection, name: str, interviews: int) -> Contents:
    tenant = _make_tenant(connection, name)
    candidates = [new_id() for _ in range(interviews)]
    _copy(connection, "interviews_candidate", _candidates(tenant, candidates))
    rows = list(_interviews(tenant, candidates))
    _copy(connection, "interviews_interview", rows)
    _copy(connection, "interviews_invitation", _invitations(rows))
    _copy(connection, "interviews_consent", _consents(rows))
    return Contents(tenant, tuple(row[0] for row in rows), tuple(candidates))


def _make_tenant(connection: psycopg.Connection, name: str) -> Tenant:
    home, recruiter = new_id(), new_id()
    email = f"recruiter@{name.lower()}.example"
    _copy(connection, "talenti_organisation", [(home, name, True, email, START)])
    person = (recruiter, "!", False, email, f"Recruiter of {name}", True, False, START)
    _copy(connection, "talenti_user", [person])
    _copy(connection, "talenti_membership", [(new_id(), home, recruiter, "recruiter", START)])
    jobs = tuple(new_id() for _ in range(JOBS))
    guides = tuple(new_id() for _ in range(JOBS))
    tenant = Tenant(home, recruiter, jobs, guides)
    _copy(connection, "interviews_job", _jobs(tenant))
    _copy(connection, "interviews_guide", _guides(tenant))
    return tenant


def _jobs(tenant: Tenant) -> Iterator[Row]:
    for number, job in enumerate(tenant.jobs):
        title, text = f"Engineer in team {number}", "What one does there. " * 20
        yield job, tenant.organisation, START, title, text, "open", START


def _guides(tenant: Tenant) -> Iterator[Row]:
    for job, guide in zip(tenant.jobs, tenant.guides, strict=True):
        first = (guide, tenant.organisation, START, job, 1, "Structured guide", "en-US")
        yield (*first, "published", "", START, tenant.recruiter, "", START)


def _candidates(tenant: Tenant, candidates: list[uuid.UUID]) -> Iterator[Row]:
    for number, candidate in enumerate(candidates):
        name, email = f"Candidate Number {number}", f"candidate.{number}@people.example"
        first = (candidate, tenant.organisation, START, name, email, "+442071838750")
        yield (*first, "en-US", "Europe/London", False, "", START)


def _interviews(tenant: Tenant, candidates: list[uuid.UUID]) -> Iterator[Row]:
    for number, candidate in enumerate(candidates):
        status = STATUSES[number % len(STATUSES)]
        made = START + timedelta(minutes=17 * number, microseconds=number * 7919 % 1_000_000)
        later = made + timedelta(hours=1)
        at = number % JOBS
        first = (new_id(), tenant.organisation, made, tenant.jobs[at], tenant.guides[at], candidate)
        stage = "scored" if status == "completed" else "awaiting_recording"
        plain = ("browser", status, stage, "en-US", 0, False)
        consented = later if status in {"consented", "in_progress", "completed"} else None
        completed = later if status == "completed" else None
        ended = later if status == "cancelled" else None
        yield (*first, *plain, later, consented, completed, ended, "")


def _invitations(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if row[7] in {"invited", "consented", "in_progress"}:
            digest = f"{row[0].hex}{number:032x}"
            yield new_id(), row[1], row[2], row[0], digest, row[2] + timedelta(days=14), row[2]


def _consents(rows: Iterable[Row]) -> Iterator[Row]:
    purposes = Jsonb(["recording", "assessment"])
    for row in rows:
        if row[13]:
            words = ("2026-11", "en", "0" * 64, purposes, "candidate")
            yield new_id(), row[1], row[13], row[0], *words


def _copy(connection: psycopg.Connection, table: str, rows: Iterable[Row]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, TABLES[table]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
