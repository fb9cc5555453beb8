"""Interviews read with prepared SQL: what rows beside them add, and lists out of several homes."""

import pytest
from rest_framework.test import APIClient

from interviews.models import Consent, Interview, Invitation
from talenti.models import Membership
from talenti.roles import Role
from tests.people import People, client_for
from tests.rows import make_interview

INTERVIEWS = "/api/v1/interviews"


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def test_the_last_of_several_consents_is_shown_with_the_open_link(
    people: People, alice: APIClient
) -> None:
    row = make_interview(people.home)
    for _ in range(2):
        assert alice.post(f"{INTERVIEWS}/{row.pk}/invite").status_code == 200
    for version in ("first", "second", "third"):
        record_consent(row, version)
    opened = Invitation.objects.get(interview=row, revoked_at=None)

    shown = alice.get(f"{INTERVIEWS}/{row.pk}").json()

    assert shown["consent"]["version"] == "third"
    assert shown["invitation"]["id"] == str(opened.pk)


def record_consent(row: Interview, version: str) -> None:
    Consent.objects.create(
        organisation_id=row.organisation_id,
        interview=row,
        version=version,
        language="en",
        text_sha256="0" * 64,
        source="candidate",
    )


def test_members_of_several_organisations_see_one_list(people: People, alice: APIClient) -> None:
    Membership.objects.create(organisation=people.elsewhere, user=people.alice, role=Role.VIEWER)
    homes = [people.home, people.elsewhere, people.home, people.elsewhere, people.home]
    made = [str(make_interview(home).pk) for home in homes]

    first = alice.get(INTERVIEWS, {"page_size": 3}).json()
    second = alice.get(first["next"]).json()
    back = alice.get(second["previous"]).json()
    upwards = alice.get(INTERVIEWS, {"ordering": "created_at"}).json()

    newest = [row["id"] for page in (first, second) for row in page["results"]]
    assert newest == made[::-1]
    assert back["results"] == first["results"]
    assert [row["id"] for row in upwards["results"]] == made
