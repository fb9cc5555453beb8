"""The page of an interview by phone: the candidate says when, or that they do not want it."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.states import CallStatus, Status
from tests.interviews.call_rows import make_call, make_phone_interview
from tests.people import People
from tests.recordings.candidate.visits import PAGE, agree, open_link, text_of
from tests.rows import make_interview

CALL = f"{PAGE}call/"
ZONE = "Europe/Berlin"


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview by phone of somebody whose time zone nobody knows."""
    unknown = {"time_zone": "", "call_permission": "", "call_permission_at": None}
    return make_phone_interview(people.home, **unknown)


@pytest.fixture
def dana(interview: Interview) -> Client:
    """The candidate's browser, after the consent."""
    client = open_link(interview)
    agree(client, interview)
    return client


def proposals(client: Client, zone: str = ZONE) -> list[datetime]:
    """Return the moments that the page offers."""
    page = client.get(CALL, {"time_zone": zone}).content.decode()
    return [datetime.fromisoformat(one) for one in re.findall(r'value="(20\d\d-[^"]+)" req', page)]


def choose(client: Client, interview: Interview, time: str, **more: str) -> Any:
    given = {"interview": str(interview.pk), "time_zone": ZONE, "time": time}
    return client.post(CALL, given | more)


def test_page_asks_where_the_candidate_is_before_it_shows_times(dana: Client) -> None:
    shown = text_of(dana.get(PAGE))

    assert "Choose a place in your time zone" in shown
    assert '<option value="Europe/Berlin">Berlin</option>' in shown
    assert "<h2>Choose a time</h2>" not in shown
    assert "a computer voice, for Demo Ltd" in shown


def test_times_lie_in_our_hours_by_the_clock_of_the_place(dana: Client, settings: Any) -> None:
    settings.CALL_HOURS, settings.CALL_DAYS = (9, 12), ("mon", "wed")

    found = [moment.astimezone(ZoneInfo("Asia/Tokyo")) for moment in proposals(dana, "Asia/Tokyo")]

    assert 3 <= len(found) <= 6
    assert {moment.hour for moment in found} <= {9, 10, 11}
    assert {moment.weekday() for moment in found} == {0, 2}


def test_looking_stores_nothing(interview: Interview, dana: Client) -> None:
    proposals(dana)

    interview.candidate.refresh_from_db()
    assert (interview.candidate.time_zone, Call.objects.count()) == ("", 0)


def test_chosen_time_is_planned_and_shown(interview: Interview, dana: Client) -> None:
    moment = proposals(dana)[1]

    answer = choose(dana, interview, moment.isoformat())

    call = Call.objects.get()
    shown = text_of(dana.get(PAGE))
    local = moment.astimezone(ZoneInfo(ZONE))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert (call.scheduled_at, call.chosen_by_candidate) == (moment, True)
    assert f"{local:%A} {local.day} {local:%B}, {local:%H:%M}" in shown
    assert "by the clocks of Europe/Berlin, at the number that ends in 123" in shown
    interview.candidate.refresh_from_db()
    known = interview.candidate
    assert (known.time_zone, known.call_permission) == (ZONE, "given")


def test_planned_time_is_moved_and_cancelled(interview: Interview, dana: Client) -> None:
    first, second = proposals(dana)[:2]
    choose(dana, interview, first.isoformat())

    again = text_of(dana.get(CALL))
    choose(dana, interview, second.isoformat())
    moved = Call.objects.open().get()
    cancelled = dana.post(f"{CALL}cancel/", {"interview": interview.pk})

    assert "Keep the time that is planned" in again
    assert (moved.scheduled_at, Call.objects.open().count()) == (second, 0)
    assert cancelled["Location"] == CALL
    assert "When may we call you?" in text_of(dana.get(PAGE))


def test_own_time_is_that_of_the_candidates_clock(interview: Interview, dana: Client) -> None:
    local = (timezone.now() + timedelta(days=3)).astimezone(ZoneInfo(ZONE))
    local = local.replace(hour=21, minute=30, second=0, microsecond=0)

    choose(dana, interview, "own", own=f"{local:%Y-%m-%dT%H:%M}")

    assert Call.objects.get().scheduled_at == local


def test_as_soon_as_possible_is_now(interview: Interview, dana: Client) -> None:
    choose(dana, interview, "soon")

    assert Call.objects.get().scheduled_at <= timezone.now()
    assert "Your phone rings in a moment" in text_of(dana.get(PAGE))


@pytest.mark.parametrize(
    ("time", "more", "status", "told"),
    [
        ("", {}, 422, "This field is required."),
        ("never", {}, 422, "Please choose one of the times"),
        ("own", {}, 422, "Please choose one of the times"),
        ("own", {"own": "tomorrow"}, 422, "Please choose one of the times"),
        ("own", {"own": "2999-01-01T10:00+01:00"}, 422, "Please choose one of the times"),
        ("2999-01-01T10:00", {}, 422, "Please choose one of the times"),
        ("9999-12-31T23:59:59-12:00", {}, 422, "Please choose one of the times"),
        ("9999-12-31T23:59:59+00:00", {}, 422, "Please choose one of the times"),
        ("own", {"own": "0001-01-01T00:00"}, 422, "Please choose one of the times"),
        ("own", {"own": "2001-01-01T00:00"}, 422, "This time has passed."),
        ("2001-01-01T10:00+00:00", {}, 422, "This time has passed."),
        ("2999-01-01T10:00+00:00", {}, 409, "We cannot call you then."),
        ("soon", {"time_zone": "Mars/Olympus"}, 422, "This page could not be read."),
        ("soon", {"interview": "x" * 36}, 422, "This page could not be read."),
    ],
)
def test_wrong_choices_are_told_and_change_nothing(
    interview: Interview, dana: Client, time: str, more: dict[str, str], status: int, told: str
) -> None:
    given = {"interview": str(interview.pk), "time_zone": ZONE, "time": time}
    answer = dana.post(CALL, given | more)

    assert answer.status_code == status
    assert told in text_of(answer)
    assert Call.objects.count() == 0
    interview.candidate.refresh_from_db()
    assert interview.candidate.time_zone == ""


def test_candidate_who_refuses_is_not_called_and_may_change_their_mind(
    interview: Interview, dana: Client
) -> None:
    choose(dana, interview, proposals(dana)[0].isoformat())

    asked = text_of(dana.get(f"{CALL}refuse/"))
    dana.post(f"{CALL}refuse/", {"interview": interview.pk})
    refused = text_of(dana.get(PAGE))

    assert "Do you want not to be called?" in asked
    assert "You will not be called" in refused
    assert "people@demo.example" in refused
    assert Call.objects.open().count() == 0
    choose(dana, interview, proposals(dana)[0].isoformat())
    interview.candidate.refresh_from_db()
    assert (interview.candidate.do_not_call, Call.objects.open().count()) == (False, 1)


def test_time_can_be_chosen_before_the_consent(interview: Interview) -> None:
    client = open_link(interview)
    offered = text_of(client.get(PAGE))

    choose(client, interview, proposals(client)[0].isoformat())
    planned = text_of(client.get(PAGE))
    consent = text_of(client.get(f"{PAGE}agree/"))

    interview.refresh_from_db()
    assert "Choose the time of the call first" in offered
    assert "Your call is planned" in planned
    assert "You can read about it and agree here now" in planned
    assert "What you agree to" in consent
    assert interview.status == Status.INVITED


def test_live_call_leaves_nothing_to_choose(interview: Interview, dana: Client) -> None:
    make_call(interview, CallStatus.CONNECTED)

    shown = text_of(dana.get(PAGE))
    answer = choose(dana, interview, "soon")

    assert "We are calling you now" in shown
    assert "<h2>Choose a time</h2>" not in shown
    assert (answer.status_code, Call.objects.count()) == (409, 1)
    assert dana.post(f"{CALL}cancel/", {"interview": interview.pk}).status_code == 302
    assert Call.objects.get().status == CallStatus.CONNECTED


def test_call_that_broke_off_is_taken_up_again(interview: Interview, dana: Client) -> None:
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
    make_call(interview, CallStatus.ENDED, outcome="hung_up_early", ended_at=timezone.now())

    assert "When may we call you again?" in text_of(dana.get(PAGE))


def test_where_calls_are_impossible_a_person_helps(people: People, interview: Interview) -> None:
    interview.candidate.phone = ""
    interview.candidate.save()
    nobody = open_link(interview)
    agree(nobody, interview)
    exhausted = make_phone_interview(people.home, name="Erik Ek")
    for _ in range(3):
        make_call(exhausted, CallStatus.ENDED, outcome="no_answer", code="560480")
    tired = open_link(exhausted)
    agree(tired, exhausted)

    assert "has no phone number of yours yet" in text_of(nobody.get(PAGE))
    assert "A call cannot be planned here at the moment." in text_of(tired.get(PAGE))


def test_interview_in_the_browser_has_no_such_page(people: People) -> None:
    client = open_link(make_interview(people.home))

    for address in (CALL, f"{CALL}refuse/", f"{CALL}cancel/"):
        assert client.get(address)["Location"] in {PAGE, CALL}
    assert client.get(CALL)["Location"] == PAGE


def test_page_of_another_interview_chooses_nothing(people: People, dana: Client) -> None:
    other = make_phone_interview(people.home, name="Erik Ek")

    answers = [
        choose(dana, other, "soon"),
        dana.post(f"{CALL}refuse/", {"interview": other.pk}),
        dana.post(f"{CALL}cancel/", {"interview": other.pk}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Call.objects.count() == 0
