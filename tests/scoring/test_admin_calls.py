"""The section about calls on the page of a phone interview."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from interviews.calls.facts import FactKind
from interviews.calls.times import WEEK
from interviews.models import Call, Interview
from interviews.states import CallStatus
from talenti.history import SYSTEM, record
from tests.interviews.call_rows import do, fact, make_call, make_phone_interview, tell
from tests.people import People
from tests.rows import make_interview
from tests.talenti.admin.consoles import console_for

ZONE = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings: Any) -> None:
    """Let the hour of the test run play no part."""
    settings.CALL_HOURS = (0, 24)
    settings.CALL_DAYS = WEEK


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview by phone of somebody who may be called."""
    return make_phone_interview(people.home)


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


def page(interview: Interview, name: str = "change") -> str:
    return f"/admin/interviews/interview/{interview.pk}/{name}/"


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def text_of(response: Any) -> str:
    """Return what a person reads: without the tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def plan(local: datetime) -> dict[str, str]:
    return {"local": f"{local:%Y-%m-%dT%H:%M}"}


def test_candidate_is_called_by_a_button(interview: Interview, alice: Client) -> None:
    before = alice.get(page(interview))
    answer = alice.post(page(interview, "call"))
    after = alice.get(page(interview))

    assert "The candidate can be called now." in text_of(before)
    assert told(answer) == ["The candidate is being called."]
    assert Call.objects.get().status == CallStatus.SCHEDULED
    assert (before.context["phone"]["is_moving"], after.context["phone"]["is_moving"]) == (
        False,
        True,
    )
    assert "Call now" not in text_of(after)


def test_every_reason_against_a_call_comes_with_what_to_do(people: People, alice: Client) -> None:
    unknown = {"phone": "", "time_zone": "", "call_permission": "", "call_permission_at": None}
    interview = make_phone_interview(people.home, **unknown)

    reasons = alice.get(page(interview)).context["phone"]["reasons"]
    interview.candidate.do_not_call = True
    interview.candidate.save()
    refusal = alice.get(page(interview)).context["phone"]["reasons"][1]

    assert [(one["text"], one["advice"]) for one in [*reasons, refusal]] == [
        ("The candidate has no phone number.", "Add the number"),
        (
            "Nobody has asked the candidate whether we may call.",
            "Note that the candidate agreed",
        ),
        ("The candidate's time zone is not known.", "Set the time zone"),
        ("The candidate does not want to be called.", "See what the candidate said"),
    ]
    assert alice.get(reasons[0]["address"]).status_code == 200


def test_quiet_hours_lead_to_planning(interview: Interview, alice: Client, settings: Any) -> None:
    settings.CALL_DAYS = [
        day for day in WEEK if day != WEEK[timezone.now().astimezone(ZONE).weekday()]
    ]

    shown = text_of(alice.get(page(interview)))

    assert "where the candidate is: quiet hours. Plan a call for another time." in shown
    assert "Plan this call" in shown


def test_call_is_planned_by_the_candidates_clock(interview: Interview, alice: Client) -> None:
    local = (timezone.now() + timedelta(days=2)).astimezone(ZONE)
    local = local.replace(hour=14, minute=30, second=0, microsecond=0)

    answer = alice.post(page(interview, "plan_call"), plan(local))

    call = Call.objects.get()
    shown = text_of(alice.get(page(interview)))
    assert (told(answer), call.scheduled_at) == (["The call is planned."], local)
    assert f"Scheduled for {local:%A}, {local.day} {local:%b} {local.year}, 14:30" in shown
    assert f"by the candidate's clock ({call.scheduled_at:%H:%M} UTC)" in shown


@pytest.mark.parametrize(
    ("local", "words"),
    [
        ("", "Give a day and a time"),
        ("tomorrow", "Give a day and a time"),
        ("2001-01-01T10:00", "The time has passed."),
        ("2036-03-09T02:30", "Give a day and a time"),  # clocks are put forward over it
        ("2999-01-01T10:00", "Plan it at most 60 days ahead."),
    ],
)
def test_wrong_times_are_refused_with_their_reason(
    interview: Interview, alice: Client, local: str, words: str
) -> None:
    answer = alice.post(page(interview, "plan_call"), {"local": local})

    assert words in told(answer)[0]
    assert Call.objects.count() == 0


def test_planned_call_is_cancelled(interview: Interview, alice: Client) -> None:
    make_call(interview, scheduled_at=timezone.now() + timedelta(days=1))

    shown = text_of(alice.get(page(interview)))
    first = told(alice.post(page(interview, "stop_call")))
    second = told(alice.post(page(interview, "stop_call")))

    assert "Cancel the planned call" in shown
    assert first == ["The call comes to its end."]
    assert second[-1] == "There is no call that could be stopped."
    assert Call.objects.get().status == CallStatus.CANCELLED


def test_call_that_was_not_dialled_says_why(interview: Interview, alice: Client) -> None:
    call = make_call(interview)
    cancelled = {"from_state": "scheduled", "to_state": "cancelled"}
    Call.objects.filter(pk=call.pk).update(status=CallStatus.CANCELLED)
    record(call, "status", SYSTEM, reason="The candidate's number has changed.", **cancelled)

    shown = html.unescape(text_of(alice.get(page(interview))))

    assert "Cancelled : The candidate's number has changed." in shown


def test_living_part_tells_phase_question_cost_and_what_happened(
    interview: Interview, alice: Client, settings: Any
) -> None:
    settings.CALL_COST_PER_MINUTE = Decimal(1)
    since = timezone.now() - timedelta(seconds=75)
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
    tell(call, [fact(FactKind.HEARD, op=1, words="a burnt relay"), fact(FactKind.RECORDING_ON)])

    answer = alice.get(page(interview, "phone"))

    shown = text_of(answer)
    assert "data-moving" in answer.content.decode()
    assert "Asking the questions · question 1 of 2" in shown
    assert re.search(r"Length 1:1\d Cost so far 2 USD", shown)
    assert "Asked a question." in shown
    assert "Candidate Said: a burnt relay" in shown
    assert "The recording began." in shown


def test_attempts_are_listed_with_outcome_length_and_who_wanted_them(
    interview: Interview, people: People, alice: Client
) -> None:
    make_call(interview, CallStatus.ENDED, outcome="no_answer", code="560480", connected_at=None)
    make_call(interview, CallStatus.ENDED, outcome="hung_up_early", asked_by=people.alice)
    stored = {"recording_started_at": timezone.now(), "chosen_by_candidate": True}
    make_call(interview, CallStatus.ENDED, **stored)

    answer = alice.get(page(interview))

    shown = text_of(answer)
    assert "Completed 4 Mar 2026, 15:00 UTC 1:30" in shown
    assert "Hung up early 4 Mar 2026, 15:00 UTC 1:30" in shown
    assert "No answer 4 Mar 2026, 15:00 UTC" in shown
    assert "time chosen by the candidate" in shown
    assert "asked for by Alice Example" in shown
    assert "The recording has not come." in shown
    assert answer.context["phone"]["is_moving"] is False  # it ended long ago


def test_newest_attempts_are_shown_and_where_the_others_are(
    interview: Interview, alice: Client
) -> None:
    for _ in range(21):
        make_call(interview, CallStatus.CANCELLED)
    some = alice.get(page(interview, "phone"))
    Call.objects.filter(pk=interview.calls.earliest("id").pk).delete()
    all_of_them = alice.get(page(interview, "phone"))

    assert len(some.context["phone"]["history"]) == 20
    assert "Older attempts are in the list of calls ." in text_of(some)
    assert len(all_of_them.context["phone"]["history"]) == 20
    assert "Older attempts" not in text_of(all_of_them)


def test_page_offers_the_next_call_as_soon_as_one_is_over(
    interview: Interview, alice: Client
) -> None:
    call = make_call(interview, CallStatus.CONNECTED)
    before = alice.get(page(interview, "state")).json()
    Call.objects.filter(pk=call.pk).update(
        status=CallStatus.ENDED, outcome="stopped", ended_at=timezone.now()
    )

    assert alice.get(page(interview, "state")).json() != before


def test_recording_is_waited_for_and_seen_to_arrive(interview: Interview, alice: Client) -> None:
    now = timezone.now()
    call = make_call(interview, CallStatus.ENDED, ended_at=now, recording_started_at=now)

    awaited = alice.get(page(interview, "phone"))
    Call.objects.filter(pk=call.pk).update(recording_stored_at=now)
    arrived = alice.get(page(interview, "phone"))

    assert awaited.context["phone"]["is_moving"] is True
    assert arrived.context["phone"]["is_moving"] is False
    assert "The recording is on its way." in text_of(awaited)
    assert "The recording is stored." in text_of(arrived)


@pytest.mark.parametrize("calls", [1, 6])
def test_looking_again_asks_few_queries_and_always_as_many(
    interview: Interview,
    alice: Client,
    django_assert_num_queries: Callable[..., Any],
    calls: int,
) -> None:
    for _ in range(calls):
        call = make_call(interview, CallStatus.ENDED)
        tell(call, [fact(FactKind.CONNECTED), fact(FactKind.DISCONNECTED)])

    with django_assert_num_queries(8):
        alice.get(page(interview, "phone"))


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_readers_see_calls_and_cannot_make_them(
    people: People, interview: Interview, name: str
) -> None:
    client = console_for(getattr(people, name))
    seen = client.get(page(interview))

    tried = [client.post(page(interview, act)) for act in ("call", "plan_call", "stop_call")]

    assert "The candidate can be called now." in text_of(seen)
    assert "Plan a call" not in text_of(seen)
    assert {response.status_code for response in tried} == {403}
    assert client.get(page(interview, "phone")).status_code == 200
    assert Call.objects.count() == 0


def test_interview_without_calls_has_no_such_section(people: People, alice: Client) -> None:
    interview = make_interview(people.home)

    assert alice.get(page(interview)).context["phone"] is None
    assert alice.get(page(interview, "phone")).status_code == 404


def test_action_calls_whom_it_can_and_names_the_others(
    people: People, interview: Interview, alice: Client
) -> None:
    other = make_phone_interview(people.home, name="Erik Ek", phone="")
    chosen = {
        "action": "call_selected",
        "_selected_action": [str(interview.pk), str(other.pk)],
    }

    answer = alice.post("/admin/interviews/interview/", chosen)

    assert told(answer) == [
        "Being called: 1.",
        "Not done for Erik Ek · Support engineer: The candidate has no phone number.",
    ]
    assert Call.objects.get().interview == interview
