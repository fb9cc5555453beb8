"""Organisations, members and users in the console."""

from typing import Any

import pytest

from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.roles import Role
from talenti.work.models import WorkItem
from tests.people import People
from tests.talenti.admin.consoles import console_for

NEW = {"email": "Nora@Example.org", "role": "reviewer", "full_name": "Nora New"}
STRONG = "a long new passphrase"


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def address(row: Any, page: str = "change") -> str:
    return f"/admin/talenti/{row._meta.model_name}/{row.pk}/{page}/"


def test_owners_add_a_new_colleague_with_a_first_password(people: People) -> None:
    response = console_for(people.olive).post(
        "/admin/talenti/membership/add/", NEW | {"password": STRONG}
    )

    nora = User.objects.get(email="nora@example.org")
    assert response.status_code == 302
    assert nora.check_password(STRONG)
    assert nora.roles == {people.home.pk: "reviewer"}


def test_known_people_keep_their_own_password(people: People) -> None:
    before = people.charlie.password

    console_for(people.olive).post(
        "/admin/talenti/membership/add/",
        {"email": people.charlie.email, "role": "viewer", "full_name": "", "password": STRONG},
    )

    people.charlie.refresh_from_db()
    assert people.charlie.password == before
    assert User.objects.get(pk=people.charlie.pk).role_in(people.home.pk) == "viewer"


def test_new_accounts_need_a_strong_password(people: People) -> None:
    response = console_for(people.olive).post(
        "/admin/talenti/membership/add/", NEW | {"password": "12345"}
    )

    assert list(response.context["adminform"].form.errors) == ["password"]
    assert not User.objects.filter(email="nora@example.org").exists()


def test_new_account_without_a_password_waits_for_the_link_in_a_mail(people: People) -> None:
    console_for(people.olive).post("/admin/talenti/membership/add/", NEW | {"password": ""})

    nora = User.objects.get(email="nora@example.org")
    assert not nora.has_usable_password()
    assert WorkItem.objects.get().subject_id == nora.pk


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
def test_only_owners_change_roles(people: People, name: str) -> None:
    row = membership(people.vera)

    response = console_for(getattr(people, name)).post(address(row), {"role": "owner"})

    row.refresh_from_db()
    assert response.status_code == 403
    assert row.role == Role.VIEWER


def test_owners_change_a_role_and_history_says_so(people: People) -> None:
    row = membership(people.vera)

    console_for(people.olive).post(address(row), {"role": "reviewer"})

    row.refresh_from_db()
    entry = HistoryEntry.objects.get(verb="role")
    assert row.role == Role.REVIEWER
    assert (entry.actor, entry.from_state, entry.to_state) == (people.olive, "viewer", "reviewer")


def test_last_owner_stays(people: People) -> None:
    row = membership(people.olive)
    client = console_for(people.olive)

    changed = client.post(address(row), {"role": "viewer"})
    deleted = client.post(address(row, "delete"), {"post": "yes"})

    row.refresh_from_db()
    assert list(changed.context["adminform"].form.errors) == ["role"]
    assert deleted.status_code == 403
    assert row.role == Role.OWNER


def test_owners_remove_a_member(people: People) -> None:
    row = membership(people.vera)

    response = console_for(people.olive).post(address(row, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not Membership.objects.filter(pk=row.pk).exists()


def test_owners_change_settings_of_their_organisation_alone(people: People) -> None:
    client = console_for(people.olive)
    values = {"name": "Demo Ltd", "contact_email": "a@b.example", "retention_days": "7"}

    assert client.post(address(people.home), values).status_code == 302
    assert client.post(address(people.elsewhere), values).status_code == 404
    people.home.refresh_from_db()
    assert (people.home.retention_days, people.home.blind_first) == (7, False)


def test_members_change_no_account_but_staff_do(people: People) -> None:
    posted = {"email": "vera@example.org", "full_name": "Vera Changed", "is_active": "on"}

    refused = console_for(people.olive).post(address(people.vera), posted)
    done = console_for(people.oscar).post(address(people.vera), posted)

    people.vera.refresh_from_db()
    assert (refused.status_code, done.status_code) == (403, 302)
    assert people.vera.full_name == "Vera Changed"


def test_staff_make_no_staff(people: People) -> None:
    posted = {"email": "vera@example.org", "full_name": "V", "is_active": "on", "is_staff": "on"}

    console_for(people.oscar).post(address(people.vera), posted)

    people.vera.refresh_from_db()
    assert not people.vera.is_staff


def test_staff_open_organisations_and_users(people: People) -> None:
    client = console_for(people.oscar)

    client.post("/admin/talenti/organisation/add/", {"name": "Third Ltd", "blind_first": "on"})
    client.post(
        "/admin/talenti/user/add/",
        {"email": "X@Example.org", "full_name": "X", "password": STRONG},
    )

    assert Organisation.objects.filter(name="Third Ltd").exists()
    assert User.objects.get(email="x@example.org").check_password(STRONG)
