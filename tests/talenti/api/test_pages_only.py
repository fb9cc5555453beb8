"""API calls go past what only pages need, and keep what every answer has."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client

from talenti.api.middleware import PagesOnlyMiddleware

SIGN_IN, PAGE = "/api/v1/auth/token", "/admin/login/"
GERMAN = {"Accept-Language": "de"}


def test_api_answers_in_english_after_a_page_in_another_language(client: Client, db: None) -> None:
    page = client.get(PAGE, headers=GERMAN)
    answer = client.post(SIGN_IN, {}, "application/json", headers=GERMAN)

    assert page["Content-Language"] == "de"
    assert answer.json()["errors"]["email"] == ["This field is required."]
    assert "Content-Language" not in answer


def test_api_neither_sets_nor_varies_by_a_cookie(client: Client, db: None) -> None:
    page = client.get(PAGE)
    answer = client.post(SIGN_IN, {}, "application/json")

    assert ("csrftoken" in page.cookies, "Cookie" in page["Vary"]) == (True, True)
    assert (dict(answer.cookies), answer["Vary"]) == ({}, "origin")


def test_api_answers_keep_the_headers_of_all(client: Client, db: None) -> None:
    answer = client.post(SIGN_IN, {}, "application/json")

    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_api_knows_its_hosts(client: Client, db: None) -> None:
    answer = client.post(SIGN_IN, {}, "application/json", headers={"Host": "other.example"})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad_request")


def test_webhooks_have_neither_session_nor_token_of_pages(client: Client, db: None) -> None:
    client.cookies["sessionid"] = "x" * 32
    answer = client.post("/webhooks/eventgrid/", b"[]", "application/json", headers=GERMAN)

    assert (answer.status_code, dict(answer.cookies)) == (404, {})
    assert ("Content-Language" in answer, "Cookie" in answer.get("Vary", "")) == (False, False)
    assert not hasattr(answer.wsgi_request, "session")


def test_it_is_refused_without_rate_limits_below_it() -> None:
    with pytest.raises(ImproperlyConfigured):
        PagesOnlyMiddleware(lambda _: HttpResponse())
