"""Everybody has a share of requests, is told where they stand, and waits when it is used up."""

from typing import Any

import pytest
from django.test import Client, override_settings

from tests.people import PASSWORD, People, candidate_client, client_for

NAMES = ("RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining")
ME = "/api/v1/auth/me"
GUESS = "/interview/kq0-no-such-secret-anywhere-000000000000000/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limited(settings: Any) -> None:
    settings.RATE_LIMIT_REQUESTS = 3
    settings.RATE_LIMIT_WINDOW_SECONDS = 60


def test_answers_say_where_the_caller_stands(people: People) -> None:
    answer = client_for(people.alice).get(ME)

    assert {name: answer.headers[name] for name in NAMES} == {
        "RateLimit": '"requests";r=2;t=60',
        "RateLimit-Policy": '"requests";q=3;w=60',
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "2",
    }


def test_too_many_are_told_when_to_come_back(people: People) -> None:
    alice = client_for(people.alice)
    answers = [alice.get(ME) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 55 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].headers["RateLimit-Remaining"] == "0"
    assert answers[3].headers["Content-Type"] == "application/problem+json"


def test_people_are_counted_apart_from_each_other_and_from_their_address(people: People) -> None:
    clients = [client_for(people.alice), client_for(people.bob), client_for(None)]

    remaining = [client.get(ME).headers["RateLimit-Remaining"] for client in clients]

    assert remaining == ["2", "2", "2"]


def test_strangers_share_the_limit_of_their_address(people: People) -> None:
    statuses = [client_for(None).get(ME).status_code for _ in range(4)]

    assert statuses == [401, 401, 401, 429]


def test_bad_tokens_count_for_the_address(people: People) -> None:
    stranger = client_for(None)
    stranger.credentials(HTTP_AUTHORIZATION="Bearer no.such.token")

    assert [stranger.get(ME).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_pages_count_for_the_person(people: People, client: Client) -> None:
    client.force_login(people.alice)

    answers = [client.get("/admin/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert b"Wait a minute" in answers[3].content


def test_probes_and_static_files_are_not_counted(client: Client) -> None:
    assert {client.get("/health").status_code for _ in range(9)} == {200}
    assert "RateLimit" not in client.get("/static/no-such-file.css").headers


@override_settings(RATE_LIMIT_REQUESTS=100, CANDIDATE_LIMIT=2)
def test_a_candidates_link_has_a_smaller_share() -> None:
    one, other = candidate_client("a" * 43), candidate_client("b" * 43)

    statuses = [who.get("/api/v1/session").status_code for who in (one, one, one, other)]

    assert statuses == [401, 401, 429, 401]


@override_settings(RATE_LIMIT_REQUESTS=100, CANDIDATE_MISS_LIMIT=3)
def test_guessing_links_is_slowed_down_for_the_address(client: Client) -> None:
    statuses = [client.get(f"{GUESS[:-2]}{turn}/").status_code for turn in range(4)]

    assert statuses[3] == 429
    assert 429 not in statuses[:3]
    assert candidate_client("c" * 43).get("/api/v1/session").status_code == 429


@override_settings(RATE_LIMIT_REQUESTS=0)
def test_zero_is_no_limit(people: People) -> None:
    alice = client_for(people.alice)

    answers = [alice.get(ME) for _ in range(9)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


@override_settings(RATE_LIMIT_REQUESTS=0, SIGN_IN_LIMIT=2)
def test_console_counts_guesses_as_the_api_does(people: People, client: Client) -> None:
    def sign_in(password: str) -> Any:
        body = {"username": "alice@example.org", "password": password}
        return client.post("/admin/login/?next=/admin/", body)

    for _ in range(2):
        assert b"Too many tries" not in sign_in("wrong").content
    refused = sign_in(PASSWORD)

    assert refused.status_code == 200
    assert b"Too many tries" in refused.content
    body = {"email": "alice@example.org", "password": PASSWORD}
    assert client_for(None).post("/api/v1/auth/token", body).status_code == 429
