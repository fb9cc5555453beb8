"""The wall between organisations and between roles: every route, every method, every caller.

The cells come from the resolver: a new route or method fails until it is written down here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, get_resolver

from talenti.api.views import METHODS, ApiView
from talenti.roles import OWNERS, READERS, REVIEWERS, WRITERS
from tests.people import candidate_client, client_for
from tests.wall_world import Side, World, agreement, fingerprints, ids_of, make_world

pytestmark = pytest.mark.once

API = "api/v1/"
WHO = ("owner", "recruiter", "reviewer", "viewer", "stranger", "ops", "anonymous", "candidate")
MEMBERS = WHO[:4]
NEVER = "01890000-0000-7000-8000-000000000000"
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
    ("POST", "recordings"): Call("new", 201, WRITERS, body=new_recording),
    ("GET", RECORDING): row(200, READERS, pk="stored"),
    ("GET", f"{RECORDING}/url"): row(200, READERS, pk="stored"),
    ("POST", f"{RECORDING}/complete"): Call("shared", 200, WRITERS, {"pk": "pending"}),
    ("GET", "session"): Call("session", 200),
    ("POST", "session/consent"): Call("session", 200, body=agreement),
    ("POST", "session/begin"): Call("session", 200, token="asking_token"),
    ("POST", "session/refuse"): Call("session", 200),
    ("POST", "session/complete"): Call("session", 200, token="asking_token"),
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both organisations, made once; every test undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def home_ids(world: World, django_db_blocker: Any) -> set[str]:
    with django_db_blocker.unblock():
        return ids_of(world.people.home)


def routes() -> Iterator[tuple[str, Any]]:
    """Yield every route with what answers it."""

    def walk(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield path, pattern.callback
            else:
                yield from walk(pattern.url_patterns, path)

    yield from walk(get_resolver().url_patterns, "")


def api_calls() -> set[tuple[str, str]]:
    """Return every method of every route of the API."""
    return {
        (method, path.removeprefix(API))
        for path, callback in routes()
        if path.startswith(API)
        for method in METHODS
        if callback.cls.handles(method)
    }


def client_of(who: str, world: World, call: Call) -> Any:
    if who == "candidate":
        return candidate_client(getattr(world.home, call.token))
    people = world.people
    users = people.members() | {"stranger": people.charlie, "ops": people.oscar}
    return client_for(users.get(who))


def ask(client: Any, method: str, route: str, call: Call, side: Side, body: Any = None) -> Any:
    """Make the call about the rows of `side`."""
    path = route
    for part, name in call.path.items():
        path = path.replace(f"<uuid:{part}>", str(getattr(side, name).pk))
    data = call.body(side) if body is None else body
    form = "multipart" if call.multipart else "json"
    return getattr(client, method.lower())(f"/{API}{path}", data or None, format=form)


def expected(call: Call, who: str) -> int:
    """Return the status that the wall gives to somebody."""
    if call.kind == "open":
        return call.ok
    if call.kind == "session":
        return call.ok if who == "candidate" else 401
    if who == "candidate" and call.kind == "shared":
        return 404  # of another interview
    if who in {"anonymous", "candidate"}:
        return 401
    if call.kind == "mine":
        return call.ok
    return _expected_of_user(call, who)


def _expected_of_user(call: Call, who: str) -> int:
    if who in MEMBERS:
        return call.ok if who in call.roles else 403
    if call.kind == "list":
        return 200 if who == "stranger" else 403
    return 403 if who == "ops" and call.kind == "new" else 404


def test_every_route_and_method_of_the_api_stands_in_the_matrix():
    assert api_calls() == set(CALLS)


def test_every_other_route_is_known():
    outside = (path for path, _ in routes() if not path.startswith(API))
    prefixes = {path.lstrip("^").partition("/")[0] for path in outside}
    assert prefixes == {"", "admin", "api", "files", "forgotten", "interview", "password"}
    beside = {path for path, _ in routes() if path.startswith("api/") and API not in path}
    assert beside == {"api/schema", "api/docs", "api/docs/"}


def test_every_view_of_the_api_denies_by_default():
    views = [callback.cls for path, callback in routes() if path.startswith(API)]
    assert [view for view in views if not issubclass(view, ApiView)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "route"), CALLS)
def test_wall(world: World, home_ids: set[str], method: str, route: str, who: str):
    call = CALLS[method, route]
    refused = expected(call, who) >= 400
    before = fingerprints() if refused else {}
    answer = ask(client_of(who, world, call), method, route, call, world.home)
    assert answer.status_code == expected(call, who), answer.content[:500]
    assert not refused or fingerprints() == before
    if who in {"stranger", "ops", "anonymous"}:
        text = answer.content.decode()
        assert [one for one in home_ids if one in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_id_in_a_body_changes_nothing(world: World, what: str):
    method, route, body, status = FOREIGN[what]
    call = CALLS[method, route]
    before = fingerprints()
    answer = ask(
        client_for(world.people.olive),
        method,
        route,
        call,
        world.home,
        body(world.home, world.elsewhere),
    )
    assert answer.status_code == status, answer.content[:500]
    assert fingerprints() == before


@pytest.mark.django_db
@pytest.mark.parametrize("own", ["pk", "other"])
@pytest.mark.parametrize(
    ("method", "route"), [cell for cell, call in CALLS.items() if len(call.path) == 2]
)
def test_foreign_id_beside_an_own_one_in_a_path_is_404(world, method: str, route: str, own: str):
    call = CALLS[method, route]
    path = route
    for part, name in call.path.items():
        side = world.home if (part == "pk") == (own == "pk") else world.elsewhere
        path = path.replace(f"<uuid:{part}>", str(getattr(side, name).pk))
    before = fingerprints()
    client = client_for(world.people.olive)
    answer = getattr(client, method.lower())(f"/{API}{path}", call.body(world.home) or None)
    assert (answer.status_code, fingerprints() == before) == (404, True)


def look(client: Any, method: str, route: str, world: World, *, known: bool) -> Any:
    """Return what the client learns about rows of `home`, or about rows that never were."""
    call = CALLS[method, route]
    path = route
    for part, name in call.path.items():
        row_id = getattr(world.home, name).pk if known else NEVER
        path = path.replace(f"<uuid:{part}>", str(row_id))
    form = "multipart" if call.multipart else "json"
    body = call.body(world.home) or None
    answer = getattr(client, method.lower())(f"/{API}{path}/", body, format=form)
    return answer.status_code, answer.json() | {"request_id": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "route"), [cell for cell, call in CALLS.items() if call.kind in {"row", "shared"}]
)
def test_unknown_and_foreign_rows_look_alike(world: World, method: str, route: str):
    charlie = client_for(world.people.charlie)
    foreign = look(charlie, method, route, world, known=True)
    assert foreign == look(charlie, method, route, world, known=False)
    assert foreign[0] == 404


@pytest.mark.django_db
def test_candidate_of_one_interview_finds_no_other(world: World):
    stranger = candidate_client(world.elsewhere.asking_token)
    before = fingerprints()
    answer = stranger.post(
        f"/{API}session/turns/{world.home.turn.pk}/answer", {"text": "Not mine."}
    )
    completed = stranger.post(f"/{API}recordings/{world.home.pending.pk}/complete")
    assert (answer.status_code, completed.status_code) == (404, 404)
    assert fingerprints() == before
