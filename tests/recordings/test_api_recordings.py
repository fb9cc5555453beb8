"""Recordings over the API: an address, the bytes, the measured truth, and playback."""

import uuid

import pytest
from django.core.files.storage import storages
from rest_framework.test import APIClient

from interviews.models import Interview
from interviews.states import Channel
from recordings.models import Recording
from talenti.models import HistoryEntry
from tests.people import People
from tests.recordings.rows import WAV, announce, make_recording, path_of, put_file, send
from tests.rows import make_guide, make_interview, make_job

URL = "/api/v1/recordings"
CONTENT = WAV.read_bytes()


@pytest.fixture
def interview(people: People) -> Interview:
    return make_interview(people.home, channel=Channel.UPLOAD)


@pytest.fixture
def alice(people: People, api) -> APIClient:
    return api(people.alice)


def plan(interview: Interview, **changes: object) -> dict:
    return {
        "interview": str(interview.pk),
        "filename": "answer.wav",
        "content_type": "audio/wav",
        "size": len(CONTENT),
    } | changes


def test_recording_is_announced_with_an_address(alice: APIClient, interview: Interview):
    question = interview.guide.questions.first()
    answer = alice.post(URL, plan(interview, question=str(question.pk)))
    body = answer.json()
    assert answer.status_code == 201
    assert sorted(body.pop("upload")) == ["expires_at", "headers", "method", "url"]
    created_at = body.pop("created_at")
    assert created_at.endswith("Z")
    assert body == {
        "id": str(Recording.objects.get().pk),
        "interview": str(interview.pk),
        "question": str(question.pk),
        "turn": None,
        "call": None,
        "source": "upload",
        "speaker": "candidate",
        "status": "pending",
        "filename": "answer.wav",
        "media_type": "",
        "codec": "",
        "size": None,
        "sha256": "",
        "duration_ms": None,
        "refusal": "",
        "stored_at": None,
        "deleted_at": None,
    }


def test_recording_travels_from_the_address_to_the_player(alice: APIClient, interview: Interview):
    announced = alice.post(URL, plan(interview)).json()
    assert put_file(announced["upload"], CONTENT).status_code == 201
    completed = alice.post(f"{URL}/{announced['id']}/complete")
    assert (completed.status_code, completed.json()["status"]) == (200, "stored")
    assert completed.json()["duration_ms"] == 4520
    address = alice.get(f"{URL}/{announced['id']}/url").json()
    heard = APIClient().get(path_of(address["url"]), HTTP_RANGE="bytes=0-3")
    assert (heard.status_code, b"".join(heard.streaming_content)) == (206, b"RIFF")


def test_repeated_announcement_with_the_same_key_makes_one_recording(alice, interview):
    asked = {"HTTP_IDEMPOTENCY_KEY": "announce-1"}
    first = alice.post(URL, plan(interview), **asked)
    second = alice.post(URL, plan(interview), **asked)
    assert (first.json()["id"], second.status_code) == (second.json()["id"], 201)
    assert Recording.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"size": -1}, ["size"]),
        ({"size": "many"}, ["size"]),
        ({"sha256": "abc"}, ["sha256"]),
        ({"speaker": "dog"}, ["speaker"]),
        ({"filename": ""}, ["filename"]),
        ({"filename": "x" * 201}, ["filename"]),
        ({"interview": "7"}, ["interview"]),
        ({"question": str(uuid.uuid4())}, ["question"]),
    ],
)
def test_announcement_names_what_is_wrong(alice, interview, changes: dict, fields: list[str]):
    answer = alice.post(URL, plan(interview) | changes)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, fields)
    assert not Recording.objects.exists()


def test_question_of_another_guide_is_invalid(alice, interview, people: People):
    other = make_guide(make_job(people.home, "Other")).questions.first()
    answer = alice.post(URL, plan(interview, question=str(other.pk)))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["question"])


def test_too_large_is_413_before_anything_is_sent(alice, interview, settings):
    answer = alice.post(URL, plan(interview, size=settings.MAX_RECORDING_BYTES + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too_large")


def test_interview_that_is_over_takes_no_recording(alice, interview):
    Interview.objects.update(status="cancelled", ended_at="2026-01-01T00:00Z")
    answer = alice.post(URL, plan(interview))
    assert (answer.status_code, answer.json()["legal_moves"]) == (409, [])


def test_complete_without_the_file_is_409_with_what_to_do(alice, interview):
    row = announce(interview, CONTENT)
    answer = alice.post(f"{URL}/{row.pk}/complete")
    assert (answer.status_code, answer.json()["legal_moves"]) == (409, ["upload"])


def test_second_complete_is_409_and_changes_nothing(alice, interview):
    row = announce(interview, CONTENT)
    send(row, CONTENT)
    first = alice.post(f"{URL}/{row.pk}/complete")
    second = alice.post(f"{URL}/{row.pk}/complete")
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["legal_moves"] == ["deleting"]
    assert alice.get(f"{URL}/{row.pk}").json()["status"] == "stored"


@pytest.mark.parametrize(
    ("content", "changes", "status", "code"),
    [
        (b"", {}, 422, "empty"),
        (b"words only", {}, 415, "not_accepted"),
        (b"#EXTM3U\nhttp://example.org/a.ts\n", {}, 415, "not_accepted"),
        (CONTENT[:40_000], {}, 422, "truncated"),
        (CONTENT, {"sha256": "0" * 64}, 422, "sha256_mismatch"),
    ],
)
def test_file_that_cannot_be_taken_is_refused_and_gone(
    alice, interview, content: bytes, changes: dict, status: int, code: str
):
    announced = alice.post(URL, plan(interview, size=len(content), **changes)).json()
    assert put_file(announced["upload"], content).status_code == 201
    answer = alice.post(f"{URL}/{announced['id']}/complete")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    shown = alice.get(f"{URL}/{announced['id']}").json()
    assert (shown["status"], shown["refusal"]) == ("refused", code)
    assert not storages["recordings"].exists(Recording.objects.get().storage_name)


def test_file_of_another_size_than_declared_is_refused_at_its_address(alice, interview):
    announced = alice.post(URL, plan(interview)).json()
    assert put_file(announced["upload"], CONTENT + b"x").status_code == 413
    assert put_file(announced["upload"], CONTENT[:-1]).status_code == 422
    assert not storages["recordings"].exists(Recording.objects.get().storage_name)


def test_recording_is_shown_with_its_outline(alice, interview):
    row = make_recording(interview, peaks=[1, 2, 255])
    assert alice.get(f"{URL}/{row.pk}").json()["peaks"] == [1, 2, 255]


def test_playing_is_noted_in_the_history(alice, interview, people: People):
    row = make_recording(interview)
    assert alice.get(f"{URL}/{row.pk}/url").status_code == 200
    told = HistoryEntry.objects.filter(verb="opened").values_list("subject_id", "actor")
    assert list(told) == [(row.pk, people.alice.pk)]


@pytest.mark.parametrize("status", ["pending", "refused", "deleting", "deleted"])
def test_recording_without_a_file_cannot_be_played(alice, interview, status: str):
    moments = {"deleted": {"deleted_at": "2026-01-01T00:00Z"}, "refused": {"refusal": "empty"}}
    row = make_recording(interview, status=status, **moments.get(status, {}))
    answer = alice.get(f"{URL}/{row.pk}/url")
    assert (answer.status_code, "legal_moves" in answer.json()) == (409, True)


def test_viewer_hears_but_sends_nothing(people: People, api, interview):
    row = make_recording(interview)
    vera = api(people.vera)
    assert vera.get(f"{URL}/{row.pk}/url").status_code == 200
    assert vera.post(URL, plan(interview)).status_code == 403
    assert vera.post(f"{URL}/{row.pk}/complete").status_code == 403


def test_address_and_storage_name_are_shown_to_nobody_else(alice, interview):
    row = make_recording(interview)
    assert row.storage_name not in alice.get(f"{URL}/{row.pk}").content.decode()
