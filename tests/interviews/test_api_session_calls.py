"""What candidates decide about being called, through the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Call, Interview
from tests.interviews.call_rows import make_phone_interview
from tests.people import People, candidate_client, client_for
from tests.rows import make_interview, make_invitation

SESSION = "/api/v1/session"


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview by phone of somebody who may be called."""
    return make_phone_interview(people.home)


@pytest.fixture
def dana(interview: Interview) -> APIClient:
    """A client of the candidate."""
    return candidate_client(make_invitation(interview)[1])


def tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(microsecond=0)


def test_candidate_chooses_a_time_and_moves_it(interview: Interview, dana: APIClient) -> None:
    first, second = tomorrow(), tomorrow() + timedelta(hours=3)

    dana.post(f"{SESSION}/call", {"at": first.isoformat(), "time_zone": "Europe/Berlin"})
    answer = dana.post(f"{SESSION}/call", {"at": second.isoformat(), "time_zone": "Europe/Berlin"})

    shown = answer.json()["call"]
    assert answer.status_code == 200
    assert datetime.fromisoformat(shown["planned_at"]) == second
    assert (shown["is_live"], shown["is_refused"]) == (False, False)
    assert (shown["time_zone"], len(shown["proposals"])) == ("Europe/Berlin", 6)
    assert dana.get(SESSION).json()["call"]["planned_at"] == shown["planned_at"]
    statuses = Call.objects.order_by("id").values_list("status", "chosen_by_candidate")
    assert list(statuses) == [("cancelled", True), ("scheduled", True)]
    interview.candidate.refresh_from_db()
    assert interview.candidate.call_permission == "given"


def test_candidate_is_called_as_soon_as_possible(interview: Interview, dana: APIClient) -> None:
    answer = dana.post(f"{SESSION}/call", {"at": None, "time_zone": "Europe/Berlin"})

    assert answer.status_code == 200
    assert Call.objects.get().scheduled_at <= timezone.now()


def test_candidate_refuses_calls_and_changes_their_mind(
    interview: Interview, dana: APIClient
) -> None:
    wish = {"at": tomorrow().isoformat(), "time_zone": "Europe/Berlin"}
    dana.post(f"{SESSION}/call", wish)

    refused = dana.post(f"{SESSION}/call/refuse").json()["call"]
    again = dana.post(f"{SESSION}/call", wish).json()["call"]

    assert (refused["planned_at"], refused["is_refused"]) == (None, True)
    assert (again["is_refused"], again["planned_at"] is None) == (False, False)


def test_refused_choice_leaves_everything_as_it_was(interview: Interview, dana: APIClient) -> None:
    wish = {"at": tomorrow().isoformat(), "time_zone": "Europe/Berlin"}
    planned = dana.post(f"{SESSION}/call", wish).json()["call"]["planned_at"]
    far = (timezone.now() + timedelta(days=61)).isoformat()

    late = dana.post(f"{SESSION}/call", {"at": far, "time_zone": "Asia/Tokyo"})
    past = dana.post(f"{SESSION}/call", {"at": "2001-01-01T00:00Z", "time_zone": "Asia/Tokyo"})

    shown = dana.get(SESSION).json()["call"]
    assert (late.status_code, past.status_code) == (409, 400)
    assert (shown["planned_at"], shown["time_zone"]) == (planned, "Europe/Berlin")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "Europe/Berlin"}, "at"),
        ({"at": None}, "time_zone"),
        ({"at": None, "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"at": None, "time_zone": ""}, "time_zone"),
        ({"at": "soon", "time_zone": "Europe/Berlin"}, "at"),
        ({"at": "9999-12-31T23:59:59Z", "time_zone": "Pacific/Auckland"}, "at"),
    ],
)
def test_unclear_choices_are_refused(dana: APIClient, body: dict[str, Any], field: str) -> None:
    answer = dana.post(f"{SESSION}/call", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_interview_in_the_browser_knows_no_calls(people: People) -> None:
    interview = make_interview(people.home)
    dana = candidate_client(make_invitation(interview)[1])

    assert dana.get(SESSION).json()["call"] is None
    wish = {"at": None, "time_zone": "Europe/Berlin"}
    assert dana.post(f"{SESSION}/call", wish).status_code == 409
    asked = client_for(people.alice).get(f"/api/v1/interviews/{interview.pk}/call")
    assert asked.json()["reasons"][0] == "This interview is not by phone."
