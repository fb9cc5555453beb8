"""Who may come in."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from talenti.admin.sign_in import may_enter
from talenti.admin.site import SECURITY_POLICY, ConsoleSite
from tests.people import PASSWORD, People, make_user
from tests.talenti.admin.consoles import console_for


def test_console_is_the_admin_site() -> None:
    assert isinstance(admin.site._wrapped, ConsoleSite) or isinstance(admin.site, ConsoleSite)


def test_only_own_models_have_pages() -> None:
    houses = {model._meta.app_label for model in admin.site._registry}

    assert houses == {"interviews", "recordings", "scoring", "talenti", "work"}


def test_nobody_enters_unknown() -> None:
    assert not may_enter(AnonymousUser())


@pytest.mark.parametrize("name", ["olive", "alice", "bob", "vera", "charlie", "oscar"])
def test_members_and_staff_sign_in_with_their_address(people: People, name: str) -> None:
    client = Client()

    response = client.post(
        "/admin/login/?next=/admin/", {"username": f"{name}@example.org", "password": PASSWORD}
    )

    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_signing_in_from_the_bare_page_leads_home(people: People) -> None:
    signed_in = Client().post(
        "/admin/login/", {"username": people.alice.email, "password": PASSWORD}
    )

    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/admin/")


def test_users_without_membership_are_refused_like_a_wrong_password(people: People) -> None:
    make_user("nobody")
    answers = [
        Client()
        .post("/admin/login/", {"username": "nobody@example.org", "password": password})
        .context["form"]
        .errors
        for password in (PASSWORD, "wrong")
    ]

    assert answers[0] == answers[1] != {}


def test_former_members_are_shown_the_way_out(people: People) -> None:
    client = console_for(people.vera)
    people.vera.memberships.all().delete()

    response = client.get("/admin/interviews/interview/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_inactive_members_are_refused(people: People) -> None:
    client = console_for(people.vera)
    type(people.vera).objects.filter(pk=people.vera.pk).update(is_active=False)

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/", "/admin/interviews/interview/"])
def test_pages_carry_the_security_policy(people: People, address: str) -> None:
    client = Client() if "login" in address else console_for(people.alice)

    assert client.get(address).headers["Content-Security-Policy"] == SECURITY_POLICY


def test_members_change_their_own_password(people: People) -> None:
    client = console_for(people.vera)
    new = "another long passphrase"

    response = client.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    people.vera.refresh_from_db()
    assert response.status_code == 302
    assert people.vera.check_password(new)


def test_sidebar_offers_staff_no_tenant_content(people: People) -> None:
    body = console_for(people.oscar).get("/admin/").content.decode()

    assert "You are operations staff" in body
    assert 'href="/admin/interviews/interview/"' not in body
    assert 'href="/admin/work/workitem/"' in body
