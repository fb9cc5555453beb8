"""The older stack: FastAPI, SQLAlchemy's ORM and pydantic, as such services are usually written.

It answers the same three calls with the same JSON. Its handlers are plain functions, which FastAPI
runs in threads; the pools of threads and connections have the sizes that they come with.
"""

import base64
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker

from talenti.ids import new_id
from tests.bench import older_rows as rows

PAGE = 50
WRITERS = {"owner", "recruiter"}
PARENTS = [joinedload(rows.Interview.job), joinedload(rows.Interview.candidate)]
PARENTS += [joinedload(rows.Interview.guide)]
url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://")
make_session = sessionmaker(create_engine(url), expire_on_commit=False)
application = FastAPI(openapi_url=None)


def open_session() -> Iterator[Session]:
    """Give each request a session of its own."""
    with make_session() as session:
        yield session


Rows = Annotated[Session, Depends(open_session)]


def find_user(session: Rows, authorization: Annotated[str, Header()]) -> rows.User:
    """Return who asks, with their roles as they are now."""
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "),
            os.environ["JWT_SECRET"],
            algorithms=["HS256"],
            audience="talenti-users",
            issuer="talenti",
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    found = select(rows.User).options(joinedload(rows.User.memberships))
    user = session.scalars(found.where(rows.User.id == claims["sub"])).unique().first()
    if user is None or not user.is_active:
        raise HTTPException(401)
    return user


Caller = Annotated[rows.User, Depends(find_user)]


def _homes(user: rows.User) -> list[uuid.UUID]:
    return [one.organisation_id for one in user.memberships]


@application.get("/api/v1/interviews", response_model=rows.PageShown)
def read_list(request: Request, session: Rows, user: Caller) -> Any:
    """Return the newest page."""
    at = rows.Interview
    newest = select(at).where(at.organisation_id.in_(_homes(user))).options(*PARENTS)
    ordered = newest.order_by(at.created_at.desc(), at.id.desc()).limit(PAGE + 1)
    found = list(session.scalars(ordered))
    following = _link(request, found[PAGE - 1]) if len(found) > PAGE else None
    return {"results": found[:PAGE], "next": following, "previous": None}


def _link(request: Request, last: rows.Interview) -> str:
    place = ["-created_at", False, last.created_at, last.id]
    written = base64.urlsafe_b64encode(orjson.dumps(place, option=orjson.OPT_UTC_Z)).decode()
    return str(request.url.include_query_params(cursor=written.rstrip("=")))


@application.get("/api/v1/interviews/{pk}", response_model=rows.DetailShown)
def read_one(pk: uuid.UUID, session: Rows, user: Caller) -> Any:
    """Return one interview."""
    at = rows.Interview
    mine = select(at).where(at.id == pk, at.organisation_id.in_(_homes(user)))
    beside = [selectinload(at.invitations), selectinload(at.consents)]
    found = session.scalars(mine.options(*PARENTS, *beside)).first()
    if found is None:
        raise HTTPException(404)
    return found


@application.post("/api/v1/interviews", response_model=rows.ListedShown, status_code=201)
def create(asked: rows.InterviewInput, session: Rows, user: Caller) -> Any:
    """Create an interview with its entry in the history."""
    homes = [one.organisation_id for one in user.memberships if one.role in WRITERS]
    job = session.get(rows.Job, asked.job)
    candidate = session.get(rows.Candidate, asked.candidate)
    published = select(rows.Guide).where(
        rows.Guide.job_id == asked.job, rows.Guide.status == "published"
    )
    guide = session.scalars(published.order_by(rows.Guide.version.desc()).limit(1)).first()
    if job is None or candidate is None or guide is None or job.organisation_id not in homes:
        raise HTTPException(404)
    if candidate.organisation_id != job.organisation_id:
        raise HTTPException(404)
    now = datetime.now(UTC)
    interview = _interview(job, candidate, guide, asked.channel, now)
    session.add_all([interview, _entry(interview, user, now)])
    session.commit()
    return interview


def _interview(
    job: rows.Job, candidate: rows.Candidate, guide: rows.Guide, channel: str, now: datetime
) -> rows.Interview:
    return rows.Interview(
        id=new_id(),
        organisation_id=job.organisation_id,
        job=job,
        candidate=candidate,
        guide=guide,
        channel=channel,
        language=guide.language,
        created_at=now,
    )


def _entry(interview: rows.Interview, user: rows.User, now: datetime) -> rows.HistoryEntry:
    return rows.HistoryEntry(
        organisation_id=interview.organisation_id,
        created_at=now,
        subject="interview",
        subject_id=interview.id,
        root_id=interview.id,
        verb="created",
        to_state="created",
        actor_kind="person",
        actor_id=user.id,
    )
