"""The practical limit: WSGI, psycopg and orjson by hand, with nothing in between.

It answers three calls of the API with the same JSON out of the same tables. It checks the token's
signature and cuts every read to the caller's memberships, and it does nothing else: no filters, no
problem details, no idempotency, no headers. It is a ruler, never a server.
"""

import base64
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
import orjson
from psycopg_pool import ConnectionPool

from talenti.ids import new_id

PAGE = 50
OPTIONS = orjson.OPT_UTC_Z
COLUMNS = """
    i.id, i.organisation_id, i.job_id, j.title, i.candidate_id, c.name, i.guide_id, g.version,
    i.channel, i.status, i.stage, i.language, i.extra_time, i.expires_at, i.legal_hold, i.failure,
    i.invited_at, i.consented_at, i.completed_at, i.ended_at, i.created_at
"""
PLAIN = (
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
INVITATION = ("id", "expires_at", "sent_at", "opened_at", "created_at")
CONSENT = ("version", "language", "purposes", "source", "created_at")
PARENTS = """
    JOIN interviews_job j ON j.id = i.job_id
    JOIN interviews_candidate c ON c.id = i.candidate_id
    JOIN interviews_guide g ON g.id = i.guide_id
"""
MINE = "ANY(ARRAY(SELECT organisation_id FROM talenti_membership WHERE user_id = %s))"
# Each membership gives its newest rows out of the index; a plain IN would sort every row there is.
LIST = f"""
    SELECT {COLUMNS}
    FROM talenti_membership m
    JOIN LATERAL (
        SELECT * FROM interviews_interview WHERE organisation_id = m.organisation_id
        ORDER BY created_at DESC, id DESC LIMIT {PAGE + 1}
    ) i ON true
    {PARENTS}
    WHERE m.user_id = %s ORDER BY i.created_at DESC, i.id DESC LIMIT {PAGE + 1}
"""
DETAIL = f"""
    SELECT {COLUMNS}, v.id, v.expires_at, v.sent_at, v.opened_at, v.created_at,
           k.version, k.language, k.purposes, k.source, k.created_at
    FROM interviews_interview i {PARENTS}
    LEFT JOIN interviews_invitation v ON v.interview_id = i.id AND v.revoked_at IS NULL
    LEFT JOIN LATERAL (
        SELECT * FROM interviews_consent WHERE interview_id = i.id ORDER BY id DESC LIMIT 1
    ) k ON true
    WHERE i.id = %s AND i.organisation_id = {MINE}
"""
PARTS = """
    SELECT j.organisation_id, j.title, c.name, g.id, g.version, g.language
    FROM interviews_job j
    JOIN talenti_membership m ON m.organisation_id = j.organisation_id
         AND m.user_id = %s AND m.role IN ('owner', 'recruiter')
    JOIN interviews_candidate c ON c.organisation_id = j.organisation_id AND c.id = %s
    JOIN LATERAL (
        SELECT id, version, language FROM interviews_guide
        WHERE job_id = j.id AND status = 'published' ORDER BY version DESC LIMIT 1
    ) g ON true
    WHERE j.id = %s
"""
INSERT = """
    INSERT INTO interviews_interview (id, organisation_id, created_at, job_id, guide_id,
        candidate_id, channel, status, stage, language, extra_time, legal_hold, failure)
    VALUES (%s, %s, %s, %s, %s, %s, %s, 'created', 'awaiting_recording', %s, 0, false, '')
"""
HISTORY = """
    INSERT INTO talenti_historyentry (id, organisation_id, created_at, subject, subject_id, root_id,
        verb, from_state, to_state, actor_kind, actor_id, reason, data)
    VALUES (%s, %s, %s, 'interview', %s, %s, 'created', '', 'created', 'person', %s, '', '{}')
"""
NOT_FOUND = ("404 Not Found", b"{}")
Answer = tuple[str, bytes]


@cache
def pool() -> ConnectionPool:
    """Return this process's pool, as large as the product's; made after the fork."""
    return ConnectionPool(
        os.environ["DATABASE_URL"],
        min_size=1,
        max_size=int(os.environ.get("DATABASE_POOL", "4")),
        kwargs={"autocommit": True, "prepare_threshold": 1},
        open=True,
    )


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    status, body = _answer(environ)
    length = str(len(body))
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", length)])
    return [body]


def _answer(environ: dict[str, Any]) -> Answer:
    path = environ["PATH_INFO"].removeprefix("/api/v1/interviews")
    try:
        user_id = _user_of(environ["HTTP_AUTHORIZATION"])
    except (KeyError, jwt.InvalidTokenError):
        return "401 Unauthorized", b"{}"
    if path:
        return _read_one(user_id, path[1:])
    if environ["REQUEST_METHOD"] == "POST":
        return _create(user_id, environ)
    return _read_list(user_id, environ)


def _user_of(header: str) -> str:
    claims = jwt.decode(
        header.removeprefix("Bearer "),
        os.environ["JWT_SECRET"],
        algorithms=["HS256"],
        audience="talenti-users",
        issuer="talenti",
    )
    return str(claims["sub"])


def _read_list(user_id: str, environ: dict[str, Any]) -> Answer:
    with pool().connection() as connection:
        rows = connection.execute(LIST, [user_id]).fetchall()
    following = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        following = _link(environ, ["-created_at", False, last[20], last[0]])
    page = {"results": list(map(_shape, rows[:PAGE])), "next": following, "previous": None}
    return "200 OK", orjson.dumps(page, option=OPTIONS)


def _link(environ: dict[str, Any], cursor: list[Any]) -> str:
    written = base64.urlsafe_b64encode(orjson.dumps(cursor, option=OPTIONS)).decode().rstrip("=")
    return f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}?cursor={written}"


def _read_one(user_id: str, given: str) -> Answer:
    with pool().connection() as connection:
        row = connection.execute(DETAIL, [uuid.UUID(given), user_id]).fetchone()
    if row is None:
        return NOT_FOUND
    invitation = dict(zip(INVITATION, row[21:26], strict=True)) if row[21] else None
    consent = dict(zip(CONSENT, row[26:31], strict=True)) if row[26] else None
    shown = _shape(row[:21]) | {"invitation": invitation, "consent": consent}
    return "200 OK", orjson.dumps(shown, option=OPTIONS)


def _create(user_id: str, environ: dict[str, Any]) -> Answer:
    asked = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    job, candidate, channel = asked["job"], asked["candidate"], asked["channel"]
    new, now = new_id(), datetime.now(UTC)
    with pool().connection() as connection, connection.transaction():
        parts = connection.execute(PARTS, [user_id, candidate, job]).fetchone()
        if parts is None:
            return NOT_FOUND
        home, title, name, guide, version, language = parts
        connection.execute(INSERT, [new, home, now, job, guide, candidate, channel, language])
        connection.execute(HISTORY, [new_id(), home, now, new, new, user_id])
    first = (new, home, job, title, candidate, name, guide, version)
    plain = (channel, "created", "awaiting_recording", language, 0, None, False, "")
    shown = _shape((*first, *plain, None, None, None, None, now))
    return "201 Created", orjson.dumps(shown, option=OPTIONS)


def _shape(row: Sequence[Any]) -> dict[str, Any]:
    return {
        "id": row[0],
        "organisation": row[1],
        "job": {"id": row[2], "title": row[3]},
        "candidate": {"id": row[4], "name": row[5]},
        "guide": {"id": row[6], "version": row[7]},
        **dict(zip(PLAIN, row[8:], strict=True)),
    }
