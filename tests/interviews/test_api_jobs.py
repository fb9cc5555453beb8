"""Jobs through the API."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from interviews.models import Guide, Job
from talenti.models import HistoryEntry, Membership
from talenti.roles import Role
from tests.people import People, client_for
from tests.rows import make_guide, make_interview, make_job

JOBS = "/api/v1/jobs"


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def test_job_is_opened_and_read(people: People, alice: APIClient) -> None:
    body = {"title": "  Support engineer ", "description": "Two\nlines"}

    answer = alice.post(JOBS, body)

    shown = answer.json()
    row = Job.objects.get()
    assert answer.status_code == 201
    assert shown == {
        "id": str(row.pk),
        "organisation": str(people.home.pk),
        "title": "Support engineer",
        "description": "Two\nlines",
        "status": "open",
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    assert alice.get(f"{JOBS}/{row.pk}").json() == shown
    assert alice.get(f"{JOBS}/{row.pk}/").json() == shown
    entry = HistoryEntry.objects.get(root_id=row.pk)
    assert (entry.verb, entry.actor) == ("created", people.alice)


def test_job_is_changed_closed_and_reopened(people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    path = f"{JOBS}/{job.pk}"

    changed = alice.patch(path, {"title": "Engineer", "status": "closed"}).json()

    assert (changed["title"], changed["status"]) == ("Engineer", "closed")
    assert alice.get(f"{JOBS}?status=open").json()["results"] == []
    assert alice.patch(path, {"status": "open"}).json()["status"] == "open"
    moves = HistoryEntry.objects.filter(verb="status").values_list("from_state", "to_state")
    assert list(moves) == [("open", "closed"), ("closed", "open")]


def test_unused_job_goes_with_its_drafts(people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    make_guide(job, published=False)

    assert alice.delete(f"{JOBS}/{job.pk}").status_code == 204
    assert (Job.objects.count(), Guide.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "make", [make_guide, lambda job: make_interview(job.organisation, job=job)]
)
def test_job_in_use_stays(make: Any, people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    make(job)

    answer = alice.delete(f"{JOBS}/{job.pk}")

    assert (answer.status_code, answer.json()["legal_moves"]) == (409, ["close"])
    assert Job.objects.filter(pk=job.pk).exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": 5}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a", "description": "a" * 20_001}, "description"),
        ({"title": "a", "description": "a\u0007"}, "description"),
        ({"title": "a", "status": "closed"}, "status"),
        ({"title": "a", "organisation": 1}, "organisation"),
        ({"title": "a", "organisation": "x"}, "organisation"),
    ],
)
def test_wrong_fields_are_named(body: dict[str, Any], field: str, alice: APIClient) -> None:
    answer = alice.post(JOBS, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Job.objects.count() == 0


def test_member_of_several_organisations_names_the_one(people: People, alice: APIClient) -> None:
    Membership.objects.create(user=people.alice, organisation=people.elsewhere, role=Role.RECRUITER)

    unnamed = alice.post(JOBS, {"title": "Engineer"})
    named = alice.post(JOBS, {"title": "Engineer", "organisation": str(people.elsewhere.pk)})

    assert (unnamed.status_code, list(unnamed.json()["errors"])) == (400, ["organisation"])
    assert named.json()["organisation"] == str(people.elsewhere.pk)
    for organisation, count in ((people.elsewhere, 1), (people.home, 0)):
        found = alice.get(f"{JOBS}?organisation={organisation.pk}").json()["results"]
        assert len(found) == count


def test_organisation_of_others_is_not_found(people: People, alice: APIClient) -> None:
    body = {"title": "Engineer", "organisation": str(people.elsewhere.pk)}

    assert alice.post(JOBS, body).status_code == 404
    assert alice.get(f"{JOBS}?organisation={people.elsewhere.pk}").status_code == 404


def test_role_counts_in_the_organisation_of_the_row(people: People) -> None:
    Membership.objects.create(user=people.charlie, organisation=people.home, role=Role.VIEWER)
    job = make_job(people.home)
    charlie = client_for(people.charlie)

    assert charlie.get(f"{JOBS}/{job.pk}").status_code == 200
    assert charlie.patch(f"{JOBS}/{job.pk}", {"title": "Mine"}).status_code == 403
    body = {"title": "Mine", "organisation": str(people.home.pk)}
    assert charlie.post(JOBS, body).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["status=opened", "stauts=open", "organisation=x", "status=open&status=closed", "status=%00"],
)
def test_wrong_filters_are_refused(query: str, alice: APIClient) -> None:
    assert alice.get(f"{JOBS}?{query}").status_code == 400


def test_unknown_and_malformed_ids_are_not_found(alice: APIClient) -> None:
    for name in (str(uuid.uuid4()), "1", "x" * 500, "%00"):
        assert alice.get(f"{JOBS}/{name}").status_code in {400, 404}
        assert alice.get(f"{JOBS}/{name}").headers["Content-Type"] == "application/problem+json"
