"""Whole calls on the simulated line: dialled, held, recorded, and known by how they ended."""

import pytest

from interviews.callroom.simulated.scripts import script_named, script_names
from interviews.models import Call, Interview, SimulatedCall
from interviews.services.call_intake import is_unbroken
from interviews.services.call_planning import plan_call
from interviews.tasks import CALL_KINDS
from talenti.history import CANDIDATE
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.rows import make_interview
from tests.work import do_work

pytestmark = pytest.mark.django_db
DIALLED = {
    "cooperative": ("completed", "", "completed"),
    "silent_once": ("completed", "", "completed"),
    "asks_back": ("completed", "", "completed"),
    "noise": ("completed", "", "completed"),
    "speech_fault": ("completed", "", "completed"),
    "barge_in": ("completed", "", "completed"),
    "thinks_aloud": ("completed", "", "completed"),
    "hold_music": ("completed", "", "completed"),
    "cuts_off": ("hung_up_early", "", "in_progress"),
    "network_drop": ("failed", "network", "in_progress"),
    "talks_long": ("completed", "", "completed"),
    "no_assessment": ("completed", "", "completed"),
    "german": ("completed", "", "completed"),
    "hangs_up": ("hung_up_early", "", "in_progress"),
    "unclear_consent": ("hung_up_early", "", "created"),
    "refuses": ("consent_refused", "", "refused"),
    "voicemail": ("voicemail", "", "created"),
    "wrong_person": ("wrong_number", "", "created"),
    "busy": ("busy", "", "created"),
    "no_answer": ("no_answer", "", "created"),
    "declines": ("declined", "", "created"),
    "unknown_number": ("wrong_number", "", "created"),
    "network_fault": ("failed", "network", "created"),
    "recording_fault": ("failed", "provider", "consented"),
}


def by_phone(people: People, script: str) -> Interview:
    """Return an interview with the candidate of a script."""
    interview = make_interview(people.home, channel="phone")
    if script == "german":
        Interview.objects.filter(pk=interview.pk).update(language="de-DE")
        interview.refresh_from_db()
    candidate = interview.candidate
    candidate.phone, candidate.time_zone = script_named(script).number, "Europe/Berlin"
    candidate.save()
    return interview


def call_them(interview: Interview) -> Call:
    """Let the candidate be called at once, and do all the work of it."""
    call = plan_call(interview, CANDIDATE, by_candidate=True)
    do_work(kinds=CALL_KINDS)
    call.refresh_from_db()
    interview.refresh_from_db()
    return call


def test_every_script_is_played() -> None:
    assert set(script_names()) >= set(DIALLED)


@pytest.mark.parametrize(("script", "expected"), DIALLED.items(), ids=DIALLED)
def test_a_call_ends_as_its_script_lets_it(
    people: People, script: str, expected: tuple[str, str, str]
) -> None:
    interview = by_phone(people, script)
    call = call_them(interview)
    assert (call.outcome, call.fault, interview.status) == expected
    assert is_unbroken(call)
    assert not WorkItem.objects.filter(state=State.DEAD).exists()


def test_what_was_said_is_kept_with_its_place_in_the_recording(people: People) -> None:
    interview = by_phone(people, "cooperative")
    call = call_them(interview)
    said = [replies[0].value for replies in script_named("cooperative").answers[:3]]
    turns = list(interview.turns.order_by("position"))
    assert [turn.answer_text for turn in turns] == said
    places = [(turn.starts_ms, turn.ends_ms) for turn in turns]
    assert places == sorted(places)
    assert [start < end for start, end in places] == [True] * 3
    assert call.recording_started_at is not None
    assert SimulatedCall.objects.get(call_id=call.pk).state["recording"]["written"]


def test_consent_is_stored_as_it_was_given(people: People) -> None:
    interview = by_phone(people, "cooperative")
    call_them(interview)
    consent = interview.consents.get()
    assert (consent.version, consent.source, consent.given_as, consent.purposes) == (
        "phone-2026-11-24",
        "candidate",
        "yes, 1",
        ["automated_assessment", "recording", "transcription"],
    )


def test_assessment_may_be_refused_alone(people: People) -> None:
    interview = by_phone(people, "no_assessment")
    call_them(interview)
    assert interview.consents.get().purposes == ["recording", "transcription"]


def test_a_call_that_broke_off_goes_on_at_its_question(people: People) -> None:
    interview = by_phone(people, "hangs_up")
    call_them(interview)
    answered = list(interview.turns.values_list("position", "answered_at", "answer_text"))
    assert [text != "" for _, _, text in answered] == [True, False]
    interview.candidate.phone = script_named("cooperative").number
    interview.candidate.save()
    again = call_them(interview)
    assert (again.outcome, interview.status, interview.consents.count()) == (
        "completed",
        "completed",
        1,
    )
    told = interview.turns.values_list("position", "answered_at", "answer_text")
    assert told.get(position=1) == answered[0]
    assert interview.turns.count() == 2
    asked = again.operations.filter(about="question").values_list("text", flat=True)
    first = interview.turns.get(position=1).text
    assert [text for text in asked if first in text] == []
