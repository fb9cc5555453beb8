"""Signing in and out by token."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from talenti.api import tokens
from talenti.models import RefreshToken, SignIn, User
from talenti.work.sweep import reconcile_all
from tests.at_once import at_once
from tests.people import PASSWORD, People, client_for, make_people

NOBODY = APIClient()
REFRESH = "/api/v1/auth/token/refresh"


def post(path: str, **body: Any) -> Any:
    return NOBODY.post(f"/api/v1/auth/{path}", body)


def sign_in(email: str = "alice@example.org", password: str = PASSWORD) -> Any:
    return post("token", email=email, password=password)


def refresh_token() -> str:
    return str(sign_in().json()["refresh"])


def refresh(raw: str) -> Any:
    return APIClient().post(REFRESH, {"refresh": raw})


def later(by: timedelta) -> None:
    """Move every moment of the tokens into the past instead of waiting."""
    RefreshToken.objects.exclude(used_at=None).update(used_at=timezone.now() - by)


def test_tokens_open_the_api(people: People) -> None:
    pair = sign_in(email=" Alice@Example.org ").json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")

    assert sorted(pair) == ["access", "refresh"]
    assert client.get("/api/v1/auth/me").json() == {
        "id": str(people.alice.pk),
        "email": "alice@example.org",
        "full_name": "Alice Example",
        "is_staff": False,
        "organisations": [{"id": str(people.home.pk), "name": "Demo Ltd", "role": "recruiter"}],
    }


@pytest.mark.parametrize(
    ("email", "password"),
    [("alice@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("oscar@example.org", "")],
)
def test_wrong_credentials_are_refused_alike(email: str, password: str, people: People) -> None:
    answer = sign_in(email, password or "x")

    assert answer.status_code == 401
    assert answer.json()["detail"] == "E-mail address or password is wrong."
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_unknown_name_is_hashed_like_a_known_one(people: People, monkeypatch) -> None:
    hashed: list[str] = []
    encode = User.set_password

    def note(user: User, raw: str) -> None:
        hashed.append(raw)
        encode(user, raw)

    monkeypatch.setattr(User, "set_password", note)

    sign_in("nobody@example.org", "a guess")

    assert hashed == ["a guess"]


def test_deactivated_person_cannot_sign_in(people: People) -> None:
    User.objects.filter(pk=people.alice.pk).update(is_active=False)

    assert sign_in().status_code == 401


def test_refresh_gives_a_new_pair_and_only_hashes_are_kept(people: People) -> None:
    first = refresh_token()
    second = post("token/refresh", refresh=first).json()

    assert post("token/verify", token=second["access"]).status_code == 200
    assert post("token/refresh", refresh=second["refresh"]).status_code == 200
    kept = " ".join(map(str, RefreshToken.objects.values_list()))
    assert first not in kept
    assert second["refresh"] not in kept


def test_used_token_is_refused_and_for_a_moment_nothing_more(people: People) -> None:
    first = refresh_token()
    second = post("token/refresh", refresh=first).json()["refresh"]

    assert post("token/refresh", refresh=first).status_code == 401
    assert post("token/refresh", refresh=second).status_code == 200


def test_late_reuse_ends_the_whole_sign_in(people: People) -> None:
    first = refresh_token()
    second = post("token/refresh", refresh=first).json()["refresh"]
    other = refresh_token()
    later(timedelta(seconds=11))

    assert post("token/refresh", refresh=first).status_code == 401
    assert post("token/refresh", refresh=second).status_code == 401
    assert post("token/refresh", refresh=other).status_code == 200
    assert SignIn.objects.get(revoked_reason="reuse").tokens.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_refreshes_at_once_exactly_one_wins() -> None:
    make_people()
    for _ in range(5):
        token = refresh_token()
        answers = at_once(6, partial(refresh, token))

        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401, 401]
    assert SignIn.objects.filter(revoked_at=None).count() == 5


def test_sign_in_ends_absolutely(people: People) -> None:
    first = refresh_token()
    SignIn.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    second = post("token/refresh", refresh=first).json()["refresh"]

    ends = RefreshToken.objects.get(used_at=None).expires_at
    assert ends == SignIn.objects.get().expires_at
    SignIn.objects.update(expires_at=timezone.now())
    assert post("token/refresh", refresh=second).status_code == 401


def test_expired_token_is_refused(people: People) -> None:
    token = refresh_token()
    RefreshToken.objects.update(expires_at=timezone.now())

    assert post("token/refresh", refresh=token).status_code == 401


def test_sign_out_ends_the_sign_in_for_good(people: People) -> None:
    token, other = refresh_token(), refresh_token()

    answers = [post("logout", refresh=token), post("logout", refresh=token)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert post("token/refresh", refresh=token).status_code == 401
    assert post("token/refresh", refresh=other).status_code == 200


def change_password(user: User) -> None:
    user.set_password("another long password")
    user.save()


def deactivate(user: User) -> None:
    user.is_active = False
    user.save()


@pytest.mark.parametrize("change", [change_password, deactivate, User.delete])
def test_refresh_ends_with_what_it_stood_for(change, people: People) -> None:
    token = tokens.sign_in(people.oscar).refresh

    change(people.oscar)

    assert post("token/refresh", refresh=token).status_code == 401
    assert post("token/verify", token=token).status_code == 401


def test_other_changes_of_a_person_end_nothing(people: People) -> None:
    token = tokens.sign_in(people.oscar).refresh
    people.oscar.full_name = "Oscar Anew"
    people.oscar.save()

    assert post("token/refresh", refresh=token).status_code == 200


def test_verify_knows_both_kinds(people: People) -> None:
    pair = sign_in().json()

    answers = [post("token/verify", token=token) for token in (*pair.values(), "x.y.z", "xyz")]

    assert [answer.status_code for answer in answers] == [200, 200, 401, 401]


@pytest.mark.parametrize("path", ["token/refresh", "logout"])
def test_unknown_refresh_token_is_refused(path: str, people: People) -> None:
    answer = post(path, refresh="A" * 43)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/token_not_valid")


def test_guessing_is_slowed_down_per_name_and_address(people: People) -> None:
    guesses = [sign_in(password="wrong") for _ in range(11)]

    assert [guess.status_code for guess in guesses] == [401] * 10 + [429]
    assert 1 <= int(guesses[-1].headers["Retry-After"]) <= 300
    assert sign_in().status_code == 429
    assert sign_in("bob@example.org").status_code == 200
    elsewhere = NOBODY.post(
        "/api/v1/auth/token",
        {"email": "alice@example.org", "password": PASSWORD},
        REMOTE_ADDR="192.0.2.7",
    )
    assert elsewhere.status_code == 200


def test_right_password_starts_the_count_anew(people: People) -> None:
    for _ in range(9):
        sign_in(password="wrong")
    sign_in()

    assert [sign_in(password="wrong").status_code for _ in range(10)] == [401] * 10


@override_settings(SIGN_IN_ADDRESS_LIMIT=3)
def test_guessing_many_names_from_one_address_is_slowed_down(people: People) -> None:
    guesses = [sign_in(f"name{number}@example.org", "x") for number in range(4)]

    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429]


@override_settings(TRUSTED_PROXIES=1, SIGN_IN_LIMIT=1)
def test_address_is_what_our_own_proxy_saw(people: People) -> None:
    def guess(forwarded: str) -> int:
        body = {"email": "alice@example.org", "password": "wrong"}
        headers = {"X-Forwarded-For": forwarded}
        return NOBODY.post("/api/v1/auth/token", body, headers=headers).status_code

    statuses = [
        guess("203.0.113.1, 192.0.2.7"),
        guess("203.0.113.2, 192.0.2.7"),
        guess("192.0.2.8"),
    ]

    assert statuses == [401, 429, 401]


@override_settings(RATE_LIMIT_REQUESTS=2)
def test_api_limits_each_person_apart(people: People) -> None:
    alice, bob = client_for(people.alice), client_for(people.bob)

    statuses = [client.get("/api/v1/auth/me").status_code for client in (alice, alice, alice, bob)]

    assert statuses == [200, 200, 429, 200]


def test_sweeper_forgets_what_has_ended(people: People) -> None:
    sign_in()
    SignIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    kept = sign_in().json()["refresh"]

    assert reconcile_all() == []
    assert (SignIn.objects.count(), RefreshToken.objects.count()) == (1, 1)
    assert post("token/refresh", refresh=kept).status_code == 200
