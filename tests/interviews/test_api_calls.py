"""Calls through the API: asked for, planned, looked at and stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.calls.facts import FactKind
from interviews.calls.plan import Plan
from interviews.models import Call, Candidate, Interview
from interviews.states import CallStatus
from talenti.models import HistoryEntry
from talenti.work.models import WorkItem
from tests.interviews.call_rows import do, fact, make_call, make_phone_interview, tell
from tests.people import People, client_for

ALWAYS = (0, 24)
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings: Any) -> None:
    """Let the hour of the test run play no part."""
    settings.CALL_HOURS, settings.CALL_DAYS = ALWAYS, EVERY_DAY


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview by phone of somebody who may be called."""
    return make_phone_interview(people.home)


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def path(interview: Interview, what: str = "call") -> str:
    return f"/api/v1/interviews/{interview.pk}/{what}"


def tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(microsecond=0)


def test_call_is_written_before_anything_rings(interview: Interview, alice: APIClient) -> None:
    answer = alice.post(path(interview))

    shown = answer.json()
    call = Call.objects.get()
    assert answer.status_code == 201
    assert shown == {
        "id": str(call.pk),
        "organisation": str(interview.organisation_id),
        "interview": str(interview.pk),
        "status": "scheduled",
        "phase": "",
        "outcome": "",
        "outcome_words": "",
        "fault": "",
        "code": "",
        "code_words": "",
        "engine": "offline",
        "chosen_by_candidate": False,
        "asked_by": {"id": shown["asked_by"]["id"], "name": "Alice Example"},
        "scheduled_at": shown["scheduled_at"],
        "first_sent_at": None,
        "connected_at": None,
        "ended_at": None,
        "recording_started_at": None,
        "recording_stored_at": None,
        "forgotten_at": None,
        "seconds": 0,
        "cost": {"amount": "0", "currency": "USD"},
        "question": None,
        "attempts_left": 3,
        "timeline": shown["timeline"],
        "created_at": shown["created_at"],
    }
    assert [line["text"] for line in shown["timeline"]] == ["Planned the call."]
    assert WorkItem.objects.filter(kind="interviews.place_call", subject_id=call.pk).count() == 1
    assert alice.get(f"/api/v1/calls/{call.pk}").json() == shown


def test_call_is_planned_for_a_moment(interview: Interview, alice: APIClient) -> None:
    moment = tomorrow()

    answer = alice.post(path(interview), {"at": moment.isoformat()})

    assert (answer.status_code, Call.objects.get().scheduled_at) == (201, moment)


def test_every_reason_against_a_call_is_named(people: People, alice: APIClient) -> None:
    interview = make_phone_interview(
        people.home, phone="", time_zone="", call_permission="", call_permission_at=None
    )

    answer = alice.post(path(interview))

    reasons = [
        "The candidate has no phone number.",
        "Nobody has asked the candidate whether we may call.",
        "The candidate's time zone is not known.",
    ]
    assert (answer.status_code, answer.json()["errors"]) == (409, {"call": reasons})
    assert alice.get(path(interview)).json()["reasons"] == reasons
    assert Call.objects.count() == 0


def test_second_call_at_a_time_is_refused(interview: Interview, alice: APIClient) -> None:
    alice.post(path(interview))

    answer = alice.post(path(interview))

    assert (answer.status_code, Call.objects.count()) == (409, 1)
    assert answer.json()["errors"] == {"call": ["There is a call already."]}


def test_repeated_key_rings_once(interview: Interview, alice: APIClient) -> None:
    first, second = (alice.post(path(interview), {}, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2))

    assert (first.status_code, second.json()) == (201, first.json())
    assert (second.headers["Idempotent-Replay"], Call.objects.count()) == ("true", 1)


@pytest.mark.parametrize(
    "body", [{"at": "soon"}, {"at": 5}, {"at": "2001-01-01T00:00:00Z"}, {"number": "+12025550100"}]
)
def test_wrong_wishes_are_refused(
    interview: Interview, alice: APIClient, body: dict[str, Any]
) -> None:
    answer = alice.post(path(interview), body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(body))
    assert Call.objects.count() == 0


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_moment_that_is_none_by_the_candidates_clock_is_refused(
    interview: Interview, alice: APIClient, at: str
) -> None:
    asked = alice.get(path(interview), {"at": at})
    wished = alice.post(path(interview), {"at": at})

    expected = {"at": ["Datetime value out of range."]}
    assert (asked.status_code, asked.json()["errors"]) == (400, expected)
    assert (wished.status_code, wished.json()["errors"]) == (400, expected)


def test_possibility_says_when_and_where_it_is(
    interview: Interview, alice: APIClient, settings: Any
) -> None:
    settings.CALL_HOURS, settings.CALL_DAYS = (9, 20), EVERY_DAY
    morning = tomorrow().astimezone(ZoneInfo("America/New_York")).replace(hour=10, minute=30)

    by_day = alice.get(path(interview), {"at": morning.isoformat()}).json()
    by_night = alice.get(path(interview), {"at": (morning.replace(hour=3)).isoformat()}).json()

    assert by_day == {
        "possible": True,
        "reasons": [],
        "attempts_left": 3,
        "open_call": None,
        "resumes_until": None,
        "time_zone": "America/New_York",
        "local_time": morning.isoformat(),
        "hours": {"first": 9, "last": 20, "days": list(EVERY_DAY)},
    }
    assert by_night["possible"] is False
    assert "quiet hours" in by_night["reasons"][0]
    assert alice.get(path(interview), {"at": "x"}).status_code == 400


def test_live_call_tells_where_it_is(interview: Interview, alice: APIClient, settings: Any) -> None:
    settings.CALL_COST_PER_MINUTE, settings.CALL_CURRENCY = Decimal("0.0135"), "EUR"
    since = timezone.now() - timedelta(seconds=61)
    call = make_call(interview, CallStatus.CONNECTED, connected_at=since)
    question = interview.guide.questions.order_by("position")[0]
    interview.turns.create(
        organisation=interview.organisation,
        question=question,
        position=1,
        kind="question",
        source="planned",
        text=question.text,
        asked_at=timezone.now(),
    )
    do(call, 1, "question", question.text)
    tell(call, [fact(FactKind.HEARD, op=1, words="a burnt relay")])

    shown = alice.get(f"/api/v1/calls/{call.pk}").json()

    assert (shown["status"], shown["phase"]) == ("connected", "conversation")
    assert shown["question"] == {"number": 1, "of": 2}
    assert shown["seconds"] in range(61, 70)
    assert shown["cost"] == {"amount": "0.0270", "currency": "EUR"}
    assert shown["timeline"][-1] == {
        "at": "2026-03-04T15:00:00Z",
        "who": "candidate",
        "text": "Said:",
        "said": "a burnt relay",
        "code": "",
        "code_words": "",
    }


def test_history_of_attempts_is_a_list_with_outcomes_in_words(
    interview: Interview, alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    for code in ("560480", "560486", "560480"):
        ended = {"outcome": "no_answer", "code": code, "connected_at": None}
        make_call(interview, CallStatus.ENDED, **ended)

    with django_assert_num_queries(3):  # who asks, the interview, the calls
        answer = alice.get(path(interview, "calls"))

    shown = answer.json()["results"]
    assert [(row["outcome_words"], row["code_words"], row["seconds"]) for row in shown] == [
        ("No answer", "Nobody answered.", 0),
        ("No answer", "The number was busy.", 0),
        ("No answer", "Nobody answered.", 0),
    ]
    assert alice.get(path(interview)).json()["attempts_left"] == 0
    assert "No attempts are left." in alice.post(path(interview)).json()["errors"]["call"]


def test_one_call_costs_a_constant_number_of_queries(
    interview: Interview, alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    call = make_call(interview, CallStatus.CONNECTED)
    tell(call, [fact(FactKind.CONNECTED), fact(FactKind.HEARD, op=1, tone="1")])
    for number in range(1, 5):
        do(call, number, "question")

    with django_assert_num_queries(7):
        alice.get(f"/api/v1/calls/{call.pk}")


def test_planned_call_is_cancelled_by_stopping_it(interview: Interview, alice: APIClient) -> None:
    call = alice.post(path(interview), {"at": tomorrow().isoformat()}).json()

    first = alice.post(f"/api/v1/calls/{call['id']}/stop")
    second = alice.post(f"/api/v1/calls/{call['id']}/stop")

    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert second.status_code == 409
    assert HistoryEntry.objects.get(to_state="cancelled").subject == "call"


def test_live_call_says_goodbye_when_it_is_stopped(interview: Interview, alice: APIClient) -> None:
    call = alice.post(path(interview)).json()
    row = Call.objects.get()
    Call.objects.update(status=CallStatus.CONNECTED, connected_at=timezone.now())
    plan = Plan("en-US", "Demo Ltd", "Support engineer", contact="", consent_version="1")
    planned = fact(FactKind.PLANNED, data=plan.as_data())
    tell(row, [planned, fact(FactKind.CONNECTED)])

    answer = alice.post(f"/api/v1/calls/{call['id']}/stop")

    assert answer.status_code == 200
    assert "Stopped the call by the button." in [line["text"] for line in answer.json()["timeline"]]


# --- what was said of being called -----------------------------------------------------------
def test_recruiter_declares_the_permission_and_takes_it_back(
    interview: Interview, alice: APIClient
) -> None:
    address = f"/api/v1/candidates/{interview.candidate_id}"

    refused = alice.patch(address, {"do_not_call": True}).json()
    allowed = alice.patch(address, {"call_permission": "declared"}).json()

    assert (refused["do_not_call"], refused["call_permission"]) == (True, "")
    assert refused["call_permission_at"] is None
    assert (allowed["do_not_call"], allowed["call_permission"]) == (False, "declared")
    assert allowed["call_permission_at"] is not None
    verbs = HistoryEntry.objects.filter(subject="candidate").order_by("id")
    assert [entry.verb for entry in verbs] == ["refused_calls", "allowed_calls"]


def test_new_candidate_comes_with_what_they_said(people: People, alice: APIClient) -> None:
    answer = alice.post("/api/v1/candidates", {"name": "Finn", "call_permission": "declared"})

    assert (answer.status_code, answer.json()["call_permission"]) == (201, "declared")
    assert answer.json()["time_zone"] == ""
    assert Candidate.objects.get().call_permission == "declared"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"do_not_call": False}, "do_not_call"),
        ({"call_permission": "given"}, "call_permission"),
        ({"call_permission": ""}, "call_permission"),
        ({"call_permission": "declared", "do_not_call": True}, "call_permission"),
        ({"call_permission_at": "2026-01-01T00:00:00Z"}, "call_permission_at"),
    ],
)
def test_only_a_clear_word_is_taken(
    interview: Interview, alice: APIClient, change: dict[str, Any], field: str
) -> None:
    answer = alice.patch(f"/api/v1/candidates/{interview.candidate_id}", change)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
