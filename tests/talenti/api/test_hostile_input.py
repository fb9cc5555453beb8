"""Hostile bodies: each route answers them with a problem document, whatever they hold."""

import json
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile

from interviews.models import CandidateDocument
from interviews.services.documents import examine_document, store_document
from talenti.models import Membership
from tests.people import People, candidate_client, client_for
from tests.rows import actor_of, make_candidate, make_interview, make_invitation
from tests.talenti.api.routes import find_routes

pytestmark = pytest.mark.once

DEEP = '{"title": ' + "[" * 5_000 + "]" * 5_000 + "}"
# Fields of many routes at once: what a route does not know is refused like a wrong value.
NAMES = ["title", "name", "email", "job", "candidate", "purposes", "segments", "held", "role"]


def with_all(value: str) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name in NAMES) + "}"


BODIES = {
    "not json": "{",
    "bytes": b"\xff\xfe\x00",
    "byte order mark": b"\xef\xbb\xbf{}",
    "null": "null",
    "true": "true",
    "number": "5",
    "text": '"text"',
    "array": "[]",
    "array of null": "[null]",
    "null character": with_all('"a\\u0000b"'),
    "raw null character": with_all('"a\0b"'),
    "lone surrogate": with_all('"\\ud800"'),
    "null character in a name": '{"a\\u0000b": 1}',
    "surrogate in a name": '{"\\udfff": 1}',
    "not a number": with_all("NaN"),
    "infinity": with_all("-Infinity"),
    "huge float": with_all("1e400"),
    "tiny float": with_all("1e-400"),
    "huge integer": with_all("9" * 5_000),
    "negative": with_all("-9223372036854775808"),
    "deep": DEEP,
    "deep object": '{"a":' * 2_000 + "1" + "}" * 2_000,
    "twice": '{"title": "a", "title": "b"}',
    "objects": with_all("{}"),
    "arrays": with_all("[]"),
    "arrays of arrays": with_all("[[[]]]"),
    "booleans": with_all("true"),
    "nulls": with_all("null"),
    "long text": with_all('"' + "a" * 10_000 + '"'),
    "unicode": with_all('"\u202e\u200b\ufeff\U0001f469\u0301"'),
    "markup": with_all('"<script>alert(1)</script>"'),
    "format": with_all('"%s%n{0.__class__}"'),
    "sql": with_all('"\'; DROP TABLE talenti_user; --"'),
    "a very long name": json.dumps({"a" * 10_000: 1}),
    "many names": json.dumps({f"name{number}": number for number in range(5_000)}),
    "prototype": '{"__proto__": {"admin": true}, "constructor": {}}',
    "too large": '{"title": "' + "a" * 1_100_000 + '"}',
}
WRITING = sorted(
    (method, route.path)
    for route in find_routes()
    for method in route.methods
    if method in {"POST", "PUT", "PATCH"}
)


def prepare(people: People) -> tuple[dict[str, str], str]:
    """Return the ids that stand in paths, by their first word, and a candidate's secret."""
    interview = make_interview(people.home, candidate=make_candidate(people.home))
    member = Membership.objects.get(user=people.vera)
    row = _document(interview.candidate, people)
    ids = {
        "organisations": people.home.pk,
        "jobs": interview.job_id,
        "guides": interview.guide_id,
        "candidates": interview.candidate_id,
        "interviews": interview.pk,
        "recordings": interview.pk,
        "session": interview.pk,
        "member_id": member.pk,
        "document_id": row.pk,
    }
    return {name: str(pk) for name, pk in ids.items()}, make_invitation(interview)[1]


def _document(candidate: Any, people: People) -> CandidateDocument:
    file = ContentFile(b"%PDF-1", name="cv.pdf")
    facts = examine_document(file, "cv.pdf")
    return store_document(candidate, file, "cv.pdf", facts, actor_of(people.home))


def address(path: str, ids: dict[str, str]) -> str:
    area = path.split("/")[0]
    return "/api/v1/" + re.sub(
        r"<uuid:(\w+)>", lambda found: ids.get(found[1], ids.get(area, "")), path
    )


def speak(client: Any, method: str, path: str, body: Any) -> Any:
    content = body if isinstance(body, bytes) else body.encode()
    return client.generic(method, path, content, content_type="application/json")


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_hostile_bodies_are_answered_with_problems(method: str, path: str, people: People) -> None:
    ids, token = prepare(people)
    client = candidate_client(token) if path.startswith("session") else client_for(people.olive)

    found = {name: speak(client, method, address(path, ids), body) for name, body in BODIES.items()}

    wrong = {
        name: (answer.status_code, answer.content[:200])
        for name, answer in found.items()
        if not 400 <= answer.status_code < 500
        or answer.headers["Content-Type"] != "application/problem+json"
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
        ("application/json; charset=latin-1", 201),
        ("APPLICATION/JSON", 201),
    ],
)
def test_only_json_is_read(content_type: str, status: int, people: People) -> None:
    client: Any = client_for(people.olive)

    answer = client.generic("POST", "/api/v1/jobs", b'{"title": "A"}', content_type=content_type)

    assert answer.status_code == status


def test_unknown_addresses_and_accepts_are_problems(people: People) -> None:
    client = client_for(people.olive)

    missing = client.get("/api/v1/nothing/here")
    html = client.get("/api/v1/jobs", headers={"Accept": "text/html"})

    assert (missing.status_code, html.status_code) == (404, 406)
    for answer in (missing, html):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
