"""Every error is a problem document with its own status, and tells no secret."""

import pytest
from django.test import Client

from talenti.api.problems import flatten, problem_response

pytestmark = pytest.mark.urls("tests.talenti.api.failing_site")
REQUEST_ID = "test-request-1"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"X-Request-ID": REQUEST_ID})


def document(status: int, title: str, detail: str, code: str, **members) -> dict:
    head = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    return head | members | {"request_id": REQUEST_ID}


NOT_FOUND = document(404, "Not found", "There is nothing here.", "not_found")
FORBIDDEN = document(403, "Forbidden", "You may not do this.", "permission_denied")
FULL = document(507, "No room left", "There is no room left to store this.", "no_room")
DOWN = document(503, "Service unavailable", "A part of the service does not answer.", "unavailable")
BUG = document(500, "Internal server error", "This is our mistake, not yours.", "internal_error")
EXPECTED = {
    "invalid": document(
        400,
        "Bad request",
        "Two fields disagree.",
        "invalid",
        errors={"expires_at": ["It is in the past."]},
    ),
    "wrong_state": document(
        409, "Conflict", "It has ended.", "wrong_state", legal_moves=["cancel", "invite"]
    ),
    "unpublishable": document(
        409, "Conflict", "Not yet.", "wrong_state", errors={"questions": ["None."]}, legal_moves=[]
    ),
    "not_allowed": document(403, "Forbidden", "Only recruiters decide.", "not_allowed"),
    "unsuitable": document(415, "Unsupported media type", "Not a sound.", "not_a_medium"),
    "permanent": document(422, "Cannot be used", "The provider refused.", "content_filter"),
    "retry": document(503, "Service unavailable", "Busy.", "retry_later"),
    "retry_some_time": document(503, "Service unavailable", "Busy.", "retry_later"),
    "missing": NOT_FOUND,
    "denied": FORBIDDEN,
    "model": document(
        400,
        "Invalid",
        "Some fields are not right.",
        "invalid",
        errors={"email": ["Not an address."], "non_field_errors": ["Twice."]},
    ),
    "model_text": document(
        400,
        "Invalid",
        "Some fields are not right.",
        "invalid",
        errors={"non_field_errors": ["Twice."]},
    ),
    "throttled": document(
        429,
        "Too many requests",
        "Request was throttled. Expected available in 3 seconds.",
        "throttled",
    ),
    "throttled_some_time": document(
        429, "Too many requests", "Request was throttled.", "throttled"
    ),
    "parse": document(400, "Bad request", "The body is not valid JSON.", "parse_error"),
    "database": DOWN,
    "interface": DOWN,
    "redis": DOWN,
    "full": FULL,
    "quota": FULL,
    "other_disk_error": BUG,
    "bug": BUG,
    "suspicious": document(400, "Bad request", "The request cannot be read.", "bad_request"),
}


@pytest.mark.parametrize(("kind", "expected"), EXPECTED.items(), ids=EXPECTED.keys())
def test_every_failure_has_its_own_document(client: Client, kind: str, expected: dict) -> None:
    response = client.get(f"/api/fail/{kind}")
    assert (response.status_code, response["Content-Type"], response.json()) == (
        expected["status"],
        "application/problem+json",
        expected,
    )


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("retry", "3"),
        ("retry_some_time", "5"),
        ("throttled", "3"),
        ("throttled_some_time", "5"),
        ("database", "5"),
    ],
)
def test_what_may_succeed_later_says_when(client: Client, kind: str, seconds: str) -> None:
    assert client.get(f"/api/fail/{kind}")["Retry-After"] == seconds


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("{}", {"name": ["This field is required."]}),
        ('{"name": "wrong"}', {"non_field_errors": ["The whole is wrong."]}),
        (
            '{"name": "a", "tags": ["abc", "abcd"]}',
            {"tags[1]": ["Ensure this field has no more than 3 characters."]},
        ),
        (
            '{"name": "a", "scores": [{"level": 1}, {"level": 9}, {}]}',
            {
                "scores[1].level": ["Ensure this value is less than or equal to 5."],
                "scores[2].level": ["This field is required."],
            },
        ),
        (
            '{"name": "a", "scores": {}}',
            {"scores.non_field_errors": ['Expected a list of items but got type "dict".']},
        ),
    ],
)
def test_every_wrong_field_is_named_by_its_path(client: Client, body: str, errors: dict) -> None:
    response = client.post("/api/validated", body, content_type="application/json")
    assert (response.status_code, response.json()["errors"]) == (400, errors)


def test_flatten_keeps_plain_messages_apart_from_fields() -> None:
    nested = {"a": ["x", "y"], "b": [{}, {"c": {"d": ["z"]}}], "e": {0: ["w"]}}
    assert flatten(nested) == {"a": ["x", "y"], "b[1].c.d": ["z"], "e[0]": ["w"]}
    assert flatten(["x", "y"]) == {"non_field_errors": ["x", "y"]}
    assert flatten([{}, {"a": ["x"]}]) == {"[1].a": ["x"]}


def test_unknown_callers_get_401_with_a_challenge(client: Client) -> None:
    response = client.get("/api/private")
    assert response.json() == document(
        401,
        "Unauthorized",
        "Authentication credentials were not provided.",
        "not_authenticated",
    )
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_wrong_method_is_405_with_the_right_ones(client: Client) -> None:
    response = client.put("/api/echo")
    assert (response.status_code, response.json()["type"]) == (405, "/problems/method_not_allowed")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "no"])
def test_other_media_types_are_415(client: Client, media_type: str) -> None:
    response = client.post("/api/echo", b"{}", content_type=media_type)
    problem = (response.status_code, response["Content-Type"], response.json()["type"])
    assert problem == (415, "application/problem+json", "/problems/unsupported_media_type")


def test_an_answer_nobody_can_give_is_406_as_a_problem(client: Client) -> None:
    response = client.post("/api/echo", b"{}", "application/json", headers={"Accept": "image/png"})
    problem = (response.status_code, response["Content-Type"])
    assert problem == (406, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/nothing", "/files/", "/webhooks/x", "/health/x"])
def test_unknown_machine_paths_are_404_problems(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response["Content-Type"], response.json()) == ("application/problem+json", NOT_FOUND)


def test_unknown_pages_are_plain_pages(client: Client) -> None:
    response = client.get("/admin/nothing/")
    assert (response.status_code, response["Content-Type"].split(";")[0]) == (404, "text/html")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("database", 503), ("full", 507), ("bug", 500), ("denied", 403), ("suspicious", 400)],
)
def test_people_get_pages_and_no_secrets(client: Client, kind: str, status: int) -> None:
    response = client.get(f"/admin/fail/{kind}")
    assert (response.status_code, response["Content-Type"].split(";")[0]) == (status, "text/html")
    assert b"secret" not in response.content


def test_the_page_for_a_failing_database_asks_to_come_back(client: Client) -> None:
    response = client.get("/admin/fail/database")
    assert response["Retry-After"] == "5"
    assert b"One moment, please" in response.content


def test_a_dependency_failing_within_a_middleware_is_503_too(client: Client, settings) -> None:
    broken = "tests.talenti.api.failing_site.BrokenMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, broken]
    response = client.get("/api/show")
    assert (response.json(), response["Retry-After"]) == (DOWN, "5")


def test_outside_a_request_a_document_has_no_request_id() -> None:
    response = problem_response(404, "Not found", "No.", code="not_found")
    assert response.content == (
        b'{"type":"/problems/not_found","title":"Not found","status":404,"detail":"No."}'
    )


def test_a_document_can_name_another_request() -> None:
    response = problem_response(404, "Not found", "No.", code="not_found", request_id="other")
    assert b'"request_id":"other"' in response.content
