"""Organisations and members through the API."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.roles import Role
from tests.at_once import at_once
from tests.people import People, client_for, make_people, make_user


def path(people: People, *rest: object) -> str:
    return "/".join(["/api/v1/organisations", str(people.home.pk), *map(str, rest)])


def member_id(user: User) -> uuid.UUID:
    return Membership.objects.get(user=user).pk


@pytest.fixture
def olive(people: People) -> APIClient:
    """A client of the owner."""
    return client_for(people.olive)


def test_list_holds_ones_own_organisations(people: People) -> None:
    found = client_for(people.vera).get("/api/v1/organisations").json()

    assert found == {
        "results": [
            {
                "id": str(people.home.pk),
                "name": "Demo Ltd",
                "retention_days": None,
                "blind_first": True,
                "contact_email": "people@demo.example",
                "role": "viewer",
                "created_at": found["results"][0]["created_at"],
            }
        ],
        "next": None,
        "previous": None,
    }
    assert client_for(people.oscar).get("/api/v1/organisations").json()["results"] == []


def test_owner_changes_settings_and_history_says_which(people: People, olive: APIClient) -> None:
    settings = {"name": "Demo Limited", "retention_days": 90, "blind_first": False}

    answer = olive.patch(path(people), settings)

    assert answer.status_code == 200
    row = Organisation.objects.get(pk=people.home.pk)
    assert {name: getattr(row, name) for name in settings} == settings
    entry = HistoryEntry.objects.get(subject="organisation")
    assert (entry.actor, entry.data) == (people.olive, {"fields": sorted(settings)})


BAD_SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": None}, "name"),
    ({"name": 5}, "name"),
    ({"name": "a" * 201}, "name"),
    ({"name": "two\nlines"}, "name"),
    ({"retention_days": 0}, "retention_days"),
    ({"retention_days": 3651}, "retention_days"),
    ({"retention_days": "90"}, "retention_days"),
    ({"retention_days": True}, "retention_days"),
    ({"blind_first": "no"}, "blind_first"),
    ({"contact_email": "nobody"}, "contact_email"),
    ({"id": "x"}, "id"),
    ({"nmae": "x"}, "nmae"),
]


@pytest.mark.parametrize(("body", "field"), BAD_SETTINGS)
def test_wrong_settings_are_named(
    body: dict[str, Any], field: str, people: People, olive: APIClient
) -> None:
    answer = olive.patch(path(people), body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_owner_adds_an_unknown_person_who_has_no_password(people: People, olive: APIClient) -> None:
    body = {"email": "Nina@Example.org", "role": "reviewer", "full_name": "Nina New"}

    answer = olive.post(path(people, "members"), body)

    nina = User.objects.get(email="nina@example.org")
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(member_id(nina)),
        "user": str(nina.pk),
        "email": "nina@example.org",
        "full_name": "Nina New",
        "role": "reviewer",
        "is_active": True,
        "created_at": answer.json()["created_at"],
    }
    assert not nina.has_usable_password()


def test_owner_adds_a_known_person_as_they_are(people: People, olive: APIClient) -> None:
    body = {"email": "charlie@example.org", "role": "viewer", "full_name": "Another Name"}

    answer = olive.post(path(people, "members"), body)

    assert (answer.status_code, answer.json()["full_name"]) == (201, "Charlie Example")
    assert people.charlie.memberships.count() == 2


def test_member_cannot_be_added_twice(people: People, olive: APIClient) -> None:
    body = {"email": "vera@example.org", "role": "owner"}

    answer = olive.post(path(people, "members"), body)

    assert (answer.status_code, answer.json()["legal_moves"]) == (409, ["change_role"])
    assert people.vera.memberships.get().role == Role.VIEWER


def test_members_are_listed_to_owners(people: People, olive: APIClient) -> None:
    found = olive.get(path(people, "members")).json()["results"]

    assert {row["email"]: row["role"] for row in found} == {
        user.email: role for role, user in people.members().items()
    }


def test_new_role_is_kept_and_noted(people: People, olive: APIClient) -> None:
    answer = olive.patch(path(people, "members", member_id(people.vera)), {"role": "recruiter"})

    assert (answer.status_code, answer.json()["role"]) == (200, "recruiter")
    entry = HistoryEntry.objects.get(verb="role")
    assert (entry.from_state, entry.to_state) == ("viewer", "recruiter")


def test_removed_member_sees_nothing_from_then_on(people: People, olive: APIClient) -> None:
    vera = client_for(people.vera)
    answer = olive.delete(path(people, "members", member_id(people.vera)))

    assert answer.status_code == 204
    assert vera.get(path(people)).status_code == 404
    assert User.objects.filter(pk=people.vera.pk).exists()


def test_last_owner_stays(people: People, olive: APIClient) -> None:
    mine = path(people, "members", member_id(people.olive))

    answers = [olive.delete(mine), olive.patch(mine, {"role": "viewer"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert people.olive.memberships.get().role == Role.OWNER


def test_owner_may_go_when_another_one_stays(people: People, olive: APIClient) -> None:
    make_user("omar", organisation=people.home, role=Role.OWNER)

    answer = olive.delete(path(people, "members", member_id(people.olive)))

    assert answer.status_code == 204


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one() -> None:
    people = make_people()
    omar = make_user("omar", organisation=people.home, role=Role.OWNER)
    leaving = [people.olive, omar]

    def leave() -> int:
        user = leaving.pop()
        return client_for(user).delete(path(people, "members", member_id(user))).status_code

    assert sorted(at_once(2, leave)) == [204, 409]
    assert Membership.objects.filter(organisation=people.home, role=Role.OWNER).count() == 1


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
def test_only_owners_manage(name: str, people: People) -> None:
    client = client_for(getattr(people, name))
    one = path(people, "members", member_id(people.vera))

    answers = [
        client.patch(path(people), {"name": "Mine"}),
        client.get(path(people, "members")),
        client.post(path(people, "members"), {"email": "x@example.org", "role": "owner"}),
        client.get(one),
        client.patch(one, {"role": "owner"}),
        client.delete(one),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert client.get(path(people)).status_code == 200


def test_strangers_find_nothing(people: People) -> None:
    client = client_for(people.charlie)
    one = path(people, "members", member_id(people.vera))

    answers = [
        client.get(path(people)),
        client.patch(path(people), {"name": "Mine"}),
        client.get(path(people, "members")),
        client.post(path(people, "members"), {"email": "x@example.org", "role": "owner"}),
        client.get(one),
        client.patch(one, {"role": "owner"}),
        client.delete(one),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


def test_member_of_another_organisation_is_not_found_here(people: People, olive: APIClient) -> None:
    assert olive.delete(path(people, "members", member_id(people.charlie))).status_code == 404
