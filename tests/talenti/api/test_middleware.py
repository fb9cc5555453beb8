"""What every request passes on its way in."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from talenti.api.middleware import HeadMiddleware

pytestmark = pytest.mark.urls("tests.talenti.api.failing_site")


@pytest.mark.parametrize("offered", ["abcdefgh", "A.b_c-1234", "x" * 64])
def test_a_harmless_request_id_is_kept(client: Client, offered: str) -> None:
    response = client.get("/api/show", headers={"X-Request-ID": offered})
    assert (response["X-Request-ID"], response.content.decode().split()[-1]) == (offered, offered)


@pytest.mark.parametrize(
    "offered", ["", "short", "x" * 65, "with space", "line\nbreak", "abcdefgh\n", "ünïcödé-id"]
)
def test_any_other_request_id_is_replaced(client: Client, offered: str) -> None:
    response = client.get("/api/show", headers={"X-Request-ID": offered})
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_an_answer_to_head_keeps_its_length_without_its_body() -> None:
    request = RequestFactory().head("/api/show")
    response = HeadMiddleware(lambda _: HttpResponse(b"words"))(request)
    assert isinstance(response, HttpResponse)
    assert (response["Content-Length"], response.content) == ("5", b"")


def test_an_answer_to_get_keeps_its_body() -> None:
    request = RequestFactory().get("/api/show")
    response = HeadMiddleware(lambda _: HttpResponse(b"words"))(request)
    assert isinstance(response, HttpResponse)
    assert response.content == b"words"


def test_two_requests_have_two_ids(client: Client) -> None:
    first, second = (client.get("/api/show")["X-Request-ID"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/api/show", "/api/show"),
        ("/api/show/", "/api/show"),
        ("/api/docs/asset/", "/api/docs/asset/"),
        ("/admin/show/", "/admin/show/"),
    ],
)
def test_api_paths_have_one_spelling_and_others_keep_theirs(client, asked: str, seen: str) -> None:
    response = client.get(asked, headers={"X-Request-ID": "abcdefgh"})
    assert response.content.decode() == f"{seen} {seen} abcdefgh"


def test_a_post_with_a_slash_keeps_its_body(client: Client) -> None:
    response = client.post("/api/echo/", b'{"a": 1}', content_type="application/json")
    assert (response.status_code, response.json()) == (201, {"a": 1})


@pytest.mark.parametrize("path", ["/admin/show", "/api/show//", "/apiary/"])
def test_only_one_slash_of_the_api_is_forgiven(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/api/show%00",
        "/admin/show/%00",
        "/api/show?q=%00",
        "/api/show?q=%ed%a0%80",
        "/api/show?%ff=1",
        "/api/show?\xff",
        "/admin/show/?q=a%00b",
    ],
)
def test_unreadable_addresses_are_400(client: Client, address: str) -> None:
    path, _, query = address.partition("?")
    response = client.get(path, QUERY_STRING=query)
    assert (response.status_code, response.json()["type"]) == (400, "/problems/bad_address")


@pytest.mark.parametrize("query", ["q=%C3%BC", "q=\xc3\xbc", "q=a+b", "q=%F0%9F%94%91", "q=%"])
def test_readable_addresses_pass(client: Client, query: str) -> None:
    assert client.get("/api/show", QUERY_STRING=query).status_code == 200


@pytest.mark.parametrize("path", ["/api/%ed%a0%80", "/api/%ff", "/admin/%c0%af/"])
def test_paths_that_are_not_text_are_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_body_of_unknown_length_is_411(client: Client) -> None:
    response = client.generic("POST", "/api/echo", headers={"Transfer-Encoding": "chunked"})
    assert (response.status_code, response.json()["type"]) == (411, "/problems/length_required")
