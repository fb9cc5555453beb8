"""Who an access token lets in."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from talenti.api.authentication import AccessTokenAuthentication
from talenti.api.tokens import issue_access
from talenti.models import Membership, User
from talenti.roles import Role
from tests.people import People

GOOD: dict[str, Any] = settings.SIMPLE_JWT


def authenticate(header: str) -> tuple[User, str] | None:
    request = RequestFactory().get("/", HTTP_AUTHORIZATION=header)
    return AccessTokenAuthentication().authenticate(Request(request))


def forge(user_id: object, *, key: str = GOOD["SIGNING_KEY"], alg: str = "HS256", **claims) -> str:
    now = datetime.now(UTC)
    payload = {
        "token_type": "access",
        "jti": "0123456789abcdef",
        "sub": str(user_id),
        "iss": GOOD["ISSUER"],
        "aud": GOOD["AUDIENCE"],
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    payload = {name: value for name, value in (payload | claims).items() if value is not None}
    return jwt.encode(payload, key, algorithm=alg)


def test_token_brings_the_user_and_all_roles_in_one_query(
    people: People, django_assert_num_queries: Callable
) -> None:
    Membership.objects.create(organisation=people.elsewhere, user=people.alice, role=Role.VIEWER)
    header = f"Bearer {issue_access(people.alice.pk)}"

    with django_assert_num_queries(1):
        user, _ = authenticate(header) or (None, "")
        roles = user.roles if user else {}

    assert user == people.alice
    assert roles == {people.home.pk: Role.RECRUITER, people.elsewhere.pk: Role.VIEWER}


def test_user_without_membership_has_no_role(people: People) -> None:
    user, _ = authenticate(f"Bearer {issue_access(people.oscar.pk)}") or (None, "")

    assert (user, user.roles if user else None) == (people.oscar, {})


def test_saving_the_signed_in_user_keeps_what_was_not_read(people: People) -> None:
    user, _ = authenticate(f"Bearer {issue_access(people.alice.pk)}") or (None, "")
    assert user is not None
    user.full_name = "Alice Anew"
    user.save()

    people.alice.refresh_from_db()
    assert people.alice.full_name == "Alice Anew"
    assert people.alice.check_password("correct horse battery staple")


def test_a_new_role_counts_at_once(people: People) -> None:
    header = f"Bearer {issue_access(people.vera.pk)}"
    Membership.objects.filter(user=people.vera).update(role=Role.OWNER)

    user, _ = authenticate(header) or (None, "")

    assert user is not None
    assert user.role_in(people.home.pk) == Role.OWNER


def test_other_schemes_are_left_to_others(people: People) -> None:
    assert authenticate("") is None
    assert authenticate("Invitation abc") is None


FORGERIES: dict[str, Callable[[uuid.UUID], str]] = {
    "nothing": lambda _: "Bearer",
    "two tokens": lambda pk: f"Bearer {forge(pk)} {forge(pk)}",
    "not ascii": lambda _: "Bearer é",
    "no token at all": lambda _: "Bearer abc",
    "far too long": lambda _: "Bearer " + "a" * 65_536,
    "other key": lambda pk: f"Bearer {forge(pk, key='another key that is long enough, too')}",
    "other algorithm": lambda pk: f"Bearer {forge(pk, alg='HS512')}",
    "no signature": lambda pk: f"Bearer {forge(pk, key='', alg='none')}",
    "other issuer": lambda pk: f"Bearer {forge(pk, iss='talenti/')}",
    "no issuer": lambda pk: f"Bearer {forge(pk, iss=None)}",
    "other audience": lambda pk: f"Bearer {forge(pk, aud='other')}",
    "no audience": lambda pk: f"Bearer {forge(pk, aud=None)}",
    "expired": lambda pk: f"Bearer {forge(pk, exp=datetime.now(UTC) - timedelta(seconds=1))}",
    "no end": lambda pk: f"Bearer {forge(pk, exp=None)}",
    "end as text": lambda pk: f"Bearer {forge(pk, exp='tomorrow')}",
    "not yet": lambda pk: f"Bearer {forge(pk, nbf=datetime.now(UTC) + timedelta(minutes=1))}",
    "refresh token": lambda pk: f"Bearer {forge(pk, token_type='refresh')}",
    "no type": lambda pk: f"Bearer {forge(pk, token_type=None)}",
    "no id": lambda pk: f"Bearer {forge(pk, jti=None)}",
    "no user": lambda pk: f"Bearer {forge(pk, sub=None)}",
    "user is no id": lambda _: f"Bearer {forge('1 OR 1=1')}",
    "user is unknown": lambda _: f"Bearer {forge(uuid.uuid4())}",
}


@pytest.mark.parametrize("case", FORGERIES)
def test_forged_tokens_are_refused(case: str, people: People) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(FORGERIES[case](people.alice.pk))


def test_the_forgeries_are_made_of_a_token_that_is_good(people: People) -> None:
    user, _ = authenticate(f"Bearer {forge(people.alice.pk)}") or (None, "")

    assert user == people.alice


@pytest.mark.parametrize("end", ["inactive", "deleted"])
def test_token_ends_with_its_user(end: str, people: People) -> None:
    header = f"Bearer {issue_access(people.oscar.pk)}"
    if end == "inactive":
        User.objects.filter(pk=people.oscar.pk).update(is_active=False)
    else:
        people.oscar.delete()

    with pytest.raises(AuthenticationFailed):
        authenticate(header)


def test_a_token_that_was_good_ends_in_time(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = f"Bearer {issue_access(people.alice.pk)}"
    assert authenticate(header) is not None
    later = time.time() + settings.JWT_ACCESS_LIFETIME.total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)

    with pytest.raises(AuthenticationFailed):
        authenticate(header)


def test_a_token_that_was_good_lets_nobody_in_who_was_locked_out(people: People) -> None:
    header = f"Bearer {issue_access(people.alice.pk)}"
    assert authenticate(header) is not None
    User.objects.filter(pk=people.alice.pk).update(is_active=False)

    with pytest.raises(AuthenticationFailed):
        authenticate(header)
