"""What every call of the API expects of its callers: the table behind the wall's tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from talenti.roles import OWNERS, READERS, REVIEWERS, WRITERS
from tests.wall_world import Side, agreement, daytime

Body = Callable[[Side], dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """What one method of one route expects.

    `kind` says what the wall looks like: `row` (ids in the path), `new` (ids in the body), `list`,
    `mine` (everybody about themselves), `session` (candidates), `shared` (members and candidates),
    `open` (brings its own proof).
    """

    kind: str
    ok: int
    roles: frozenset[Any] = READERS
    path: dict[str, str] = field(default_factory=dict)  # a part of the route -> a name in Side
    body: Body = lambda side: {}
    token: str = "fresh_token"
    multipart: bool = False


def row(ok: int, roles: frozenset[Any], body: Body = lambda side: {}, **path: str) -> Call:
    return Call("row", ok, roles, path, body)


def pk(thing: str) -> Callable[[Side], str]:
    return lambda side: str(getattr(side, thing).pk)


def guide_content(side: Side) -> dict[str, Any]:
    return {
        "title": "Another",
        "language": "en-US",
        "competencies": [
            {"key": "care", "name": "Care", "weight": "1", "anchors": {"1": "None.", "5": "All."}}
        ],
        "questions": [{"competency": "care", "text": "When did you last take care?"}],
    }


def new_interview(side: Side, **changes: str) -> dict[str, Any]:
    return {
        "job": str(side.job.pk),
        "candidate": str(side.candidate.pk),
        "channel": "browser",
    } | changes


def new_recording(side: Side, **changes: str) -> dict[str, Any]:
    return {
        "interview": str(side.sending.pk),
        "filename": "a.wav",
        "content_type": "audio/wav",
        "size": 5,
    } | changes


def new_review(side: Side) -> dict[str, Any]:
    quote = {"segment": str(side.segment.pk), "quote": "i replaced the relay"}
    return {"scores": [{"competency": "ownership", "level": 4, "evidence": [quote]}]}


def correction(side: Side) -> dict[str, Any]:
    return {"segments": [{"id": str(side.draft_segment.pk), "text": "Mine."}]}


ORGANISATION = "organisations/<uuid:pk>"
MEMBER = f"{ORGANISATION}/members/<uuid:member_id>"
CANDIDATE = "candidates/<uuid:pk>"
DOCUMENT = f"{CANDIDATE}/documents/<uuid:document_id>"
INTERVIEW = "interviews/<uuid:pk>"
RECORDING = "recordings/<uuid:pk>"
member_path = {"pk": "organisation", "member_id": "member"}
document_path = {"pk": "candidate", "document_id": "document"}
home_id = pk("organisation")

CALLS: dict[tuple[str, str], Call] = {
    ("POST", "auth/token"): Call("open", 400),
    ("POST", "auth/token/refresh"): Call("open", 400),
    ("POST", "auth/token/verify"): Call("open", 400),
    ("POST", "auth/logout"): Call("open", 400),
    ("GET", "auth/me"): Call("mine", 200),
    ("GET", "organisations"): Call("mine", 200),
    ("GET", ORGANISATION): row(200, READERS, pk="organisation"),
    ("PATCH", ORGANISATION): row(200, OWNERS, lambda side: {"name": "New"}, pk="organisation"),
    ("GET", f"{ORGANISATION}/members"): row(200, OWNERS, pk="organisation"),
    ("POST", f"{ORGANISATION}/members"): row(
        201,
        OWNERS,
        lambda side: {"email": "new@example.org", "role": "viewer"},
        pk="organisation",
    ),
    ("GET", MEMBER): row(200, OWNERS, **member_path),
    ("PATCH", MEMBER): row(200, OWNERS, lambda side: {"role": "reviewer"}, **member_path),
    ("DELETE", MEMBER): row(204, OWNERS, **member_path),
    ("GET", "jobs"): Call("list", 200),
    ("POST", "jobs"): Call(
        "new", 201, WRITERS, body=lambda side: {"title": "Baker", "organisation": home_id(side)}
    ),
    ("GET", "jobs/<uuid:pk>"): row(200, READERS, pk="job"),
    ("PATCH", "jobs/<uuid:pk>"): row(200, WRITERS, lambda side: {"title": "New"}, pk="job"),
    ("DELETE", "jobs/<uuid:pk>"): row(204, WRITERS, pk="empty_job"),
    ("GET", "jobs/<uuid:pk>/guides"): row(200, READERS, pk="job"),
    ("POST", "jobs/<uuid:pk>/guides"): row(201, WRITERS, guide_content, pk="job"),
    ("POST", "guides/draft"): Call(
        "new", 201, WRITERS, body=lambda side: {"job": str(side.job.pk)}
    ),
    ("GET", "guides/<uuid:pk>"): row(200, READERS, pk="guide"),
    ("PUT", "guides/<uuid:pk>"): row(200, WRITERS, guide_content, pk="draft"),
    ("POST", "guides/<uuid:pk>/publish"): row(200, WRITERS, pk="draft"),
    ("GET", "candidates"): Call("list", 200),
    ("POST", "candidates"): Call(
        "new", 201, WRITERS, body=lambda side: {"name": "Finn", "organisation": home_id(side)}
    ),
    ("GET", CANDIDATE): row(200, READERS, pk="candidate"),
    ("PATCH", CANDIDATE): row(200, WRITERS, lambda side: {"name": "New"}, pk="candidate"),
    ("DELETE", CANDIDATE): row(204, WRITERS, pk="free_candidate"),
    ("GET", f"{CANDIDATE}/documents"): row(200, READERS, pk="candidate"),
    ("POST", f"{CANDIDATE}/documents"): Call(
        "row",
        201,
        WRITERS,
        {"pk": "candidate"},
        lambda side: {"file": SimpleUploadedFile("cv.txt", b"Ten years of baking.")},
        multipart=True,
    ),
    ("GET", DOCUMENT): row(200, READERS, **document_path),
    ("DELETE", DOCUMENT): row(204, WRITERS, **document_path),
    ("GET", "interviews"): Call("list", 200),
    ("POST", "interviews"): Call("new", 201, WRITERS, body=new_interview),
    ("GET", INTERVIEW): row(200, READERS, pk="fresh"),
    ("POST", f"{INTERVIEW}/invite"): row(200, WRITERS, pk="fresh"),
    ("POST", f"{INTERVIEW}/cancel"): row(200, WRITERS, pk="fresh"),
    ("POST", f"{INTERVIEW}/complete"): row(200, WRITERS, pk="asking"),
    ("POST", f"{INTERVIEW}/hold"): row(
        200, WRITERS, lambda side: {"held": True, "reason": "A claim."}, pk="done"
    ),
    ("GET", f"{INTERVIEW}/history"): row(200, READERS, pk="done"),
    ("GET", f"{INTERVIEW}/transcript"): row(200, READERS, pk="done"),
    ("POST", f"{INTERVIEW}/transcript/confirm"): row(200, REVIEWERS, correction, pk="drafted"),
    ("POST", f"{INTERVIEW}/score"): row(202, WRITERS, pk="done"),
    ("GET", f"{INTERVIEW}/scorecards"): row(200, READERS, pk="done"),
    ("GET", f"{INTERVIEW}/report"): row(200, READERS, pk="done"),
    ("POST", f"{INTERVIEW}/reviews"): row(201, REVIEWERS, new_review, pk="done"),
    ("POST", f"{INTERVIEW}/decision"): row(
        201, WRITERS, lambda side: {"outcome": "hold", "reason": "Wait."}, pk="done"
    ),
    ("GET", f"{INTERVIEW}/call"): row(200, READERS, pk="phone"),
    ("POST", f"{INTERVIEW}/call"): row(
        201, WRITERS, lambda side: {"at": daytime(side)}, pk="phone"
    ),
    ("GET", f"{INTERVIEW}/calls"): row(200, READERS, pk="planned"),
    ("GET", "calls/<uuid:pk>"): row(200, READERS, pk="call"),
    ("POST", "calls/<uuid:pk>/stop"): row(200, WRITERS, pk="call"),
    ("POST", "recordings"): Call("new", 201, WRITERS, body=new_recording),
    ("GET", RECORDING): row(200, READERS, pk="stored"),
    ("GET", f"{RECORDING}/url"): row(200, READERS, pk="stored"),
    ("POST", f"{RECORDING}/complete"): Call("shared", 200, WRITERS, {"pk": "pending"}),
    ("GET", "session"): Call("session", 200),
    ("POST", "session/consent"): Call("session", 200, body=agreement),
    ("POST", "session/begin"): Call("session", 200, token="asking_token"),
    ("POST", "session/refuse"): Call("session", 200),
    ("POST", "session/complete"): Call("session", 200, token="asking_token"),
    ("POST", "session/call"): Call(
        "session",
        200,
        body=lambda side: {"at": None, "time_zone": "Europe/Berlin"},
        token="phone_token",
    ),
    ("POST", "session/call/refuse"): Call("session", 200, token="phone_token"),
    ("POST", "session/turns/<uuid:pk>/speech"): Call(
        "session", 200, path={"pk": "turn"}, token="asking_token"
    ),
    ("POST", "session/turns/<uuid:pk>/answer"): Call(
        "session",
        200,
        path={"pk": "turn"},
        body=lambda side: {"text": "I did."},
        token="asking_token",
    ),
}

# Ids of the other organisation in a body, sent by the owner, whose path is their own.
FOREIGN: dict[str, tuple[str, str, Callable[[Side, Side], dict[str, Any]], int]] = {
    "job in a new interview": (
        "POST",
        "interviews",
        lambda own, other: new_interview(own, job=str(other.job.pk)),
        404,
    ),
    "candidate in a new interview": (
        "POST",
        "interviews",
        lambda own, other: new_interview(own, candidate=str(other.candidate.pk)),
        404,
    ),
    "guide in a new interview": (
        "POST",
        "interviews",
        lambda own, other: new_interview(own, guide=str(other.guide.pk)),
        404,
    ),
    "organisation of a new interview": (
        "POST",
        "interviews",
        lambda own, other: new_interview(own, organisation=home_id(other)),
        404,
    ),
    "organisation of a new job": (
        "POST",
        "jobs",
        lambda own, other: {"title": "Baker", "organisation": home_id(other)},
        404,
    ),
    "organisation of a new candidate": (
        "POST",
        "candidates",
        lambda own, other: {"name": "Finn", "organisation": home_id(other)},
        404,
    ),
    "job of a drafted guide": (
        "POST",
        "guides/draft",
        lambda own, other: {"job": str(other.job.pk)},
        404,
    ),
    "guide to copy": (
        "POST",
        "jobs/<uuid:pk>/guides",
        lambda own, other: {"copy_of": str(other.guide.pk)},
        404,
    ),
    "interview of a new recording": (
        "POST",
        "recordings",
        lambda own, other: new_recording(other),
        404,
    ),
    "question of a new recording": (
        "POST",
        "recordings",
        lambda own, other: new_recording(own, question=str(other.question.pk)),
        400,
    ),
    "segment to correct": (
        "POST",
        f"{INTERVIEW}/transcript/confirm",
        lambda own, other: correction(other),
        400,
    ),
    "recording of a new segment": (
        "POST",
        f"{INTERVIEW}/transcript/confirm",
        lambda own, other: {"segments": [{"recording": str(other.stored.pk), "text": "Mine."}]},
        400,
    ),
    "question of a segment": (
        "POST",
        f"{INTERVIEW}/transcript/confirm",
        lambda own, other: {
            "segments": [{"id": str(own.draft_segment.pk), "question": str(other.question.pk)}]
        },
        400,
    ),
    "segment behind a review": (
        "POST",
        f"{INTERVIEW}/reviews",
        lambda own, other: new_review(other),
        400,
    ),
}
