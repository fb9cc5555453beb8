"""A candidate's session through the API."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Consent, Interview, Invitation, Turn
from interviews.services import speeches
from interviews.voice.offline import OfflineVoice
from interviews.voice.protocol import Sound
from talenti.models import HistoryEntry
from tests.at_once import at_once
from tests.people import People, candidate_client, client_for, make_people
from tests.rows import make_interview, make_invitation

SESSION = "/api/v1/session"


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview in the browser with half as much time again."""
    return make_interview(people.home, extra_time=50)


@pytest.fixture
def token(interview: Interview) -> str:
    """The secret of its invitation."""
    return make_invitation(interview)[1]


@pytest.fixture
def dana(token: str) -> APIClient:
    """A client of the candidate."""
    return candidate_client(token)


def agreement(session: dict[str, Any]) -> dict[str, Any]:
    text = session["consent"]
    purposes = [purpose["key"] for purpose in text["purposes"] if purpose["required"]]
    return {"version": text["version"], "purposes": purposes}


def agree(client: APIClient) -> Any:
    return client.post(f"{SESSION}/consent", agreement(client.get(SESSION).json()))


def test_session_says_who_asks_for_what_and_changes_nothing(
    interview: Interview, dana: APIClient
) -> None:
    answer = dana.get(SESSION)

    shown = answer.json()
    assert answer.status_code == 200
    assert shown["interview"] == {
        "id": str(interview.pk),
        "status": "invited",
        "channel": "browser",
        "language": "en-US",
        "extra_time": 50,
        "expires_at": None,
    }
    assert shown["organisation"] == {"name": "Demo Ltd", "contact_email": "people@demo.example"}
    assert "Demo Ltd" in shown["consent"]["text"]
    assert (shown["consent"]["given"], shown["turn"], shown["is_over"]) == (None, None, False)
    assert shown["progress"] == {"questions": 2, "asked": 0, "answered": 0}
    interview.refresh_from_db()
    assert (interview.status, Turn.objects.count()) == ("invited", 0)


def test_consent_opens_the_first_question_with_extra_time(
    interview: Interview, dana: APIClient
) -> None:
    shown = agree(dana).json()

    turn = Turn.objects.get()
    assert shown["interview"]["status"] == "in_progress"
    assert shown["turn"] == {
        "id": str(turn.pk),
        "position": 1,
        "kind": "question",
        "text": "Tell me about a fault that you found and repaired.",
        "time_limit_seconds": 270,
        "asked_at": shown["turn"]["asked_at"],
        "read_by": "browser",
    }
    assert shown["progress"] == {"questions": 2, "asked": 1, "answered": 0}
    assert shown["consent"]["given"]["source"] == "candidate"
    assert dana.get(SESSION).json() == shown


def test_consent_is_given_once_and_in_the_current_words(
    interview: Interview, dana: APIClient
) -> None:
    wanted = agreement(dana.get(SESSION).json())
    stale = dana.post(f"{SESSION}/consent", wanted | {"version": "2001-01"})
    without = dana.post(f"{SESSION}/consent", wanted | {"purposes": []})
    unknown = dana.post(f"{SESSION}/consent", wanted | {"purposes": [*wanted["purposes"], "ads"]})

    first, second = agree(dana), agree(dana)

    assert [answer.status_code for answer in (stale, without, unknown)] == [400, 400, 400]
    assert (first.status_code, second.status_code) == (200, 409)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 1, "purposes": []},
        {"version": "x", "purposes": "all"},
        {"version": "x", "purposes": [1]},
        {"version": "x", "purposes": ["a"] * 21},
    ],
)
def test_malformed_consent_is_refused(body: dict[str, Any], dana: APIClient) -> None:
    answer = dana.post(f"{SESSION}/consent", body)

    assert answer.status_code == 400
    assert Consent.objects.count() == 0


def test_refusal_ends_the_interview(interview: Interview, dana: APIClient) -> None:
    answer = dana.post(f"{SESSION}/refuse")

    assert (answer.status_code, answer.json()["interview"]["status"]) == (200, "refused")
    assert answer.json()["is_over"] is True
    assert HistoryEntry.objects.get(to_state="refused").actor_kind == "candidate"
    assert dana.get(SESSION).status_code == 401


def test_candidate_may_finish_early(interview: Interview, dana: APIClient) -> None:
    before = dana.post(f"{SESSION}/complete")
    agree(dana)

    after = dana.post(f"{SESSION}/complete")

    assert before.status_code == 409
    assert (after.status_code, after.json()["interview"]["status"]) == (200, "completed")
    assert after.json()["turn"] is None


def test_begin_returns_the_open_turn_again(interview: Interview, dana: APIClient) -> None:
    too_early = dana.post(f"{SESSION}/begin")
    first = agree(dana).json()["turn"]

    again = dana.post(f"{SESSION}/begin").json()["turn"]

    assert too_early.status_code == 409
    assert (again, Turn.objects.count()) == (first, 1)


@pytest.mark.parametrize("end", ["revoked", "expired", "cancelled", "garbage", "empty", "huge"])
def test_worthless_links_are_refused_alike(
    end: str, people: People, interview: Interview, token: str
) -> None:
    if end == "revoked":
        make_invitation(interview)
    elif end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "cancelled":
        client_for(people.alice).post(f"/api/v1/interviews/{interview.pk}/cancel")
    wrong = {"garbage": "x" * 43, "empty": "", "huge": "x" * 70_000}

    answer = candidate_client(wrong.get(end, token)).get(SESSION)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/token_not_valid")
    assert answer.headers["WWW-Authenticate"] == 'Invitation realm="session"'


def test_link_opens_nothing_but_the_session(
    people: People, interview: Interview, dana: APIClient
) -> None:
    paths = ["auth/me", "interviews", f"interviews/{interview.pk}", "organisations", "jobs"]

    statuses = [dana.get(f"/api/v1/{path}").status_code for path in paths]

    assert statuses == [401] * len(paths)
    assert client_for(people.alice).get(SESSION).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_of_many_starts_at_once_one_asks_the_first_question() -> None:
    people = make_people()
    token = make_invitation(make_interview(people.home))[1]
    body = agreement(candidate_client(token).get(SESSION).json())

    def start() -> int:
        return candidate_client(token).post(f"{SESSION}/consent", body).status_code

    assert sorted(at_once(4, start)) == [200, 409, 409, 409]
    assert (Consent.objects.count(), Turn.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_many_tabs_that_go_on_at_once_see_one_turn() -> None:
    people = make_people()
    token = make_invitation(make_interview(people.home))[1]
    agree(candidate_client(token))
    Turn.objects.all().delete()

    answers = at_once(4, lambda: candidate_client(token).post(f"{SESSION}/begin").json()["turn"])

    assert len({answer["id"] for answer in answers}) == 1
    assert Turn.objects.count() == 1


def test_question_is_heard_at_an_address_of_this_click(
    interview: Interview, dana: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Speaker(OfflineVoice):
        synthesises = True

        def speak(self, text: str, *, language: str) -> Sound:
            return Sound(f"{language}: {text}".encode(), "audio/mpeg")

    monkeypatch.setattr(speeches, "engine", lambda _role: Speaker())
    turn = agree(dana).json()["turn"]

    heard = dana.post(f"{SESSION}/turns/{turn['id']}/speech", {})

    told = heard.json()
    sound = Client().get(urlsplit(told["url"]).path)
    assert (turn["read_by"], heard.status_code, told["read_by"]) == ("audio", 200, "audio")
    assert told["expires_at"] > timezone.now().isoformat()
    assert sound.getvalue().decode() == f"en-US: {turn['text']}"


def test_browser_reads_the_question_where_no_engine_does(dana: APIClient) -> None:
    turn = agree(dana).json()["turn"]
    told = dana.post(f"{SESSION}/turns/{turn['id']}/speech", {}).json()
    assert told == {"read_by": "browser", "url": None, "expires_at": None}


def test_only_the_own_open_question_is_read(
    interview: Interview, dana: APIClient, people: People
) -> None:
    address = f"{SESSION}/turns/{agree(dana).json()['turn']['id']}/speech"
    stranger = candidate_client(make_invitation(make_interview(people.elsewhere))[1])
    assert (stranger.post(address, {}).status_code, dana.post(address, {"x": 1}).status_code) == (
        404,
        400,
    )
    Turn.objects.update(answered_at=timezone.now())
    assert dana.post(address, {}).status_code == 409
