"""Lists of calls and of dead letters, and what is noted of a candidate's permission."""

import re
from typing import Any

import pytest
from django.test import Client

from interviews.models import Interview
from interviews.services.call_intake import keep_dead_letter
from interviews.states import CallStatus
from talenti.models import HistoryEntry
from tests.interviews.call_rows import make_call, make_phone_interview
from tests.people import People
from tests.talenti.admin.consoles import console_for

CALLS, LETTERS = "/admin/interviews/call/", "/admin/interviews/deadletter/"


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview by phone of somebody who may be called."""
    return make_phone_interview(people.home)


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


def text_of(response: Any) -> str:
    """Return what a person reads: without the tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_calls_are_listed_searched_and_filtered(
    people: People, interview: Interview, alice: Client
) -> None:
    call = make_call(interview, CallStatus.ENDED)
    make_call(make_phone_interview(people.home, name="Erik Ek"))

    everything = text_of(alice.get(CALLS))
    dana = text_of(alice.get(CALLS, {"q": "dana"}))
    ended = text_of(alice.get(CALLS, {"outcome__exact": "completed"}))

    assert "Dana Doe · Support engineer Ended Completed" in everything
    assert "Erik Ek" in everything
    assert "Erik Ek" not in dana
    assert "Erik Ek · " not in ended
    opened = alice.get(f"{CALLS}{call.pk}/change/")
    assert opened["Location"] == f"/admin/interviews/interview/{interview.pk}/change/"
    assert alice.get(f"{CALLS}add/").status_code == 403


def test_dead_letters_are_shown_to_operations_without_their_bodies(people: People) -> None:
    keep_dead_letter("acs", b'{"secret": "+12025550123"}', "unknown_call")
    keep_dead_letter("acs", b'{"secret": "+12025550123"}', "unknown_call")

    seen = console_for(people.oscar).get(LETTERS)

    assert "acs unknown_call 26 2" in text_of(seen)
    assert "+12025550123" not in seen.content.decode()
    for name in ("olive", "alice", "bob", "vera"):
        assert console_for(getattr(people, name)).get(LETTERS).status_code == 403


@pytest.mark.parametrize("lookup", ["body__regex", "body__contains", "body_sha256__startswith"])
def test_bodies_of_dead_letters_cannot_be_guessed_by_filtering(people: People, lookup: str) -> None:
    keep_dead_letter("acs", b'{"words": "I have a cold"}', "unknown_call")
    console = console_for(people.oscar)

    assert console.get(LETTERS, {lookup: "cold"}).status_code == 400
    assert "acs unknown_call" in text_of(console.get(LETTERS, {"reason": "unknown_call"}))
    assert "acs unknown_call" not in text_of(console.get(LETTERS, {"reason": "unreadable"}))


def test_permission_is_noted_on_the_candidates_page(people: People, alice: Client) -> None:
    unknown = {"call_permission": "", "call_permission_at": None}
    candidate = make_phone_interview(people.home, **unknown).candidate
    address = f"/admin/interviews/candidate/{candidate.pk}"

    before = text_of(alice.get(f"{address}/change/"))
    alice.post(f"{address}/allow_calls/")
    allowed = text_of(alice.get(f"{address}/change/"))
    alice.post(f"{address}/refuse_calls/")
    refused = text_of(alice.get(f"{address}/change/"))

    assert "Nobody has asked this person yet" in before
    assert "Declared by the recruiter" in allowed
    assert "This person does not want to be called." in refused
    entries = HistoryEntry.objects.filter(subject="candidate").order_by("id")
    assert [(entry.verb, entry.actor) for entry in entries] == [
        ("allowed_calls", people.alice),
        ("refused_calls", people.alice),
    ]
    viewer = console_for(people.vera)
    assert viewer.post(f"{address}/allow_calls/").status_code == 403
