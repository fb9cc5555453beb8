"""Candidates through the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from interviews.models import Candidate
from talenti.models import HistoryEntry
from tests.people import People, client_for
from tests.rows import make_candidate, make_interview

CANDIDATES = "/api/v1/candidates"
DANA = {
    "name": "Dana Doe",
    "email": "Dana@Candidate.example",
    "phone": "+442071838750",
    "locale": "en-GB",
    "time_zone": "Europe/London",
}


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def test_candidate_is_added_and_read(people: People, alice: APIClient) -> None:
    answer = alice.post(CANDIDATES, DANA)

    shown = answer.json()
    assert answer.status_code == 201
    assert shown == DANA | {
        "id": str(Candidate.objects.get().pk),
        "organisation": str(people.home.pk),
        "email": "dana@candidate.example",
        "do_not_call": False,
        "call_permission": "",
        "call_permission_at": None,
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    assert alice.get(f"{CANDIDATES}/{shown['id']}").json() == shown
    assert alice.get(CANDIDATES).json()["results"] == [shown]


def test_address_is_known_once(people: People, alice: APIClient) -> None:
    alice.post(CANDIDATES, DANA)
    other = make_candidate(people.home, "Erik Ek")

    again = alice.post(CANDIDATES, DANA | {"email": "DANA@candidate.example"})
    changed = alice.patch(f"{CANDIDATES}/{other.pk}", {"email": DANA["email"]})

    for answer in (again, changed):
        assert (answer.status_code, list(answer.json()["errors"])) == (409, ["email"])


def test_other_organisations_know_the_same_person_apart(people: People, alice: APIClient) -> None:
    make_candidate(people.elsewhere, email="dana@candidate.example")

    assert alice.post(CANDIDATES, DANA).status_code == 201


def test_history_names_fields_and_never_their_content(people: People, alice: APIClient) -> None:
    row = make_candidate(people.home)

    answer = alice.patch(f"{CANDIDATES}/{row.pk}", {"name": "Dana Dot", "phone": ""})

    assert (answer.status_code, answer.json()["name"]) == (200, "Dana Dot")
    entry = HistoryEntry.objects.get(subject_id=row.pk)
    assert (entry.verb, entry.data) == ("changed", {"fields": ["name"]})


def test_candidate_without_interviews_can_be_deleted(people: People, alice: APIClient) -> None:
    row = make_candidate(people.home)

    assert alice.delete(f"{CANDIDATES}/{row.pk}").status_code == 204
    assert Candidate.objects.count() == 0


def test_candidate_with_interviews_stays(people: People, alice: APIClient) -> None:
    interview = make_interview(people.home)

    assert alice.delete(f"{CANDIDATES}/{interview.candidate_id}").status_code == 409
    assert Candidate.objects.count() == 1


def test_list_is_ordered_by_name_and_found_by_address(people: People, alice: APIClient) -> None:
    for name in ("Cleo", "Abel", "Bert"):
        make_candidate(people.home, name)

    by_name = alice.get(f"{CANDIDATES}?ordering=name").json()["results"]
    found = alice.get(f"{CANDIDATES}?email=ABEL@candidate.example").json()["results"]

    assert [row["name"] for row in by_name] == ["Abel", "Bert", "Cleo"]
    assert [row["name"] for row in found] == ["Abel"]


@pytest.mark.parametrize("name", ["Ægir Þórsson", "李小龍", "Zoë 👩‍🚀", "ﷺ", "a" * 200])
def test_names_of_all_the_world_are_kept(name: str, alice: APIClient) -> None:
    answer = alice.post(CANDIDATES, {"name": name})

    assert (answer.status_code, answer.json()["name"]) == (201, name)
    assert Candidate.objects.get().name == name


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 10_000}, "name"),
        ({"name": None}, "name"),
        ({"name": {"first": "Dana"}}, "name"),
        ({"name": "Dana\r\nBcc: all@example.org"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"phone": "02071838750"}, "phone"),
        ({"phone": "+1"}, "phone"),
        ({"phone": 442071838750}, "phone"),
        ({"locale": "english please"}, "locale"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"created_at": "2026-01-01"}, "created_at"),
    ],
)
def test_wrong_fields_are_named(change: dict[str, Any], field: str, alice: APIClient) -> None:
    answer = alice.post(CANDIDATES, DANA | change)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
