"""Candidates answer by their own link: in writing, or with a recording."""

import uuid

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Interview, Turn
from interviews.services.conversation import begin
from interviews.services.invitations import invite
from interviews.states import Status
from recordings.models import Recording, Segment
from tests.people import People, candidate_client
from tests.recordings.rows import WAV, put_file
from tests.rows import actor_of, make_interview, make_invitation
from tests.work import do_work

CONTENT = WAV.read_bytes()
FILE = {"filename": "answer.wav", "content_type": "audio/wav", "size": len(CONTENT)}
LONG = (
    "Last winter the heating control failed. I found the burnt relay, replaced it and tested every"
    " channel, and the line ran again after forty minutes."
)


def start(interview: Interview) -> Turn:
    """Give consent and ask the first question."""
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.CONSENTED, consented_at=timezone.now()
    )
    return begin(Interview.objects.get(pk=interview.pk))


@pytest.fixture
def talk(people: People) -> Interview:
    return make_interview(people.home, extra_time=50)


@pytest.fixture
def dana(talk: Interview) -> APIClient:
    """The candidate, by an invitation that is still open."""
    return candidate_client(make_invitation(talk)[1])


def answer_url(turn: Turn) -> str:
    return f"/api/v1/session/turns/{turn.pk}/answer"


def test_typed_answer_is_stored_and_brings_the_next_turn(dana: APIClient, talk: Interview):
    turn = start(talk)
    answer = dana.post(answer_url(turn), {"text": "Once, I did."})
    body = answer.json()
    following = Turn.objects.order_by("position").last()
    assert (answer.status_code, body["interview"]["status"]) == (200, "in_progress")
    assert body["turn"] == {
        "id": str(following.pk),
        "position": 2,
        "kind": following.kind,
        "text": following.text,
        "time_limit_seconds": 270,
        "asked_at": body["turn"]["asked_at"],
        "read_by": "browser",
    }
    assert list(Segment.objects.values_list("text", "speaker", "question")) == [
        ("Once, I did.", "candidate", turn.question_id)
    ]


def test_candidate_answers_until_the_interview_is_completed(dana: APIClient, talk: Interview):
    turn_id = start(talk).pk
    for _ in range(20):
        body = dana.post(f"/api/v1/session/turns/{turn_id}/answer", {"text": LONG}).json()
        if body["turn"] is None:
            break
        turn_id = body["turn"]["id"]
    assert (body["interview"]["status"], body["is_over"]) == ("completed", True)
    assert do_work() == ["interviews.send_invitation", "scoring.score"]


def test_spoken_answer_goes_to_an_address_and_is_completed_by_the_candidate(dana, talk):
    turn = start(talk)
    announced = dana.post(answer_url(turn), FILE)
    assert (announced.status_code, announced.json()["turn"]) == (201, str(turn.pk))
    assert put_file(announced.json()["upload"], CONTENT).status_code == 201
    completed = dana.post(f"/api/v1/recordings/{announced.json()['id']}/complete")
    body = completed.json()
    assert (completed.status_code, body["status"], body["source"]) == (200, "stored", "browser")
    assert body["session"]["turn"]["position"] == 2
    turn.refresh_from_db()
    assert turn.answer_ms == 4520


def test_recording_that_is_refused_leaves_the_turn_open_for_another_take(dana, talk):
    turn = start(talk)
    noise = b"no medium at all"
    announced = dana.post(answer_url(turn), FILE | {"size": len(noise)}).json()
    put_file(announced["upload"], noise)
    assert dana.post(f"/api/v1/recordings/{announced['id']}/complete").status_code == 415
    again = dana.post(answer_url(turn), FILE)
    assert (again.status_code, Recording.objects.count()) == (201, 2)


def test_second_answer_to_a_turn_is_409(dana: APIClient, talk: Interview):
    turn = start(talk)
    assert dana.post(answer_url(turn), {"text": "First."}).status_code == 200
    assert dana.post(answer_url(turn), {"text": "Second."}).status_code == 409
    assert dana.post(answer_url(turn), FILE).status_code == 409
    assert list(Segment.objects.values_list("text", flat=True)) == ["First."]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "filename"),
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "x", "filename": "a.wav"}, "filename"),
        ({"filename": "a.wav", "content_type": "audio/wav", "size": "5"}, "size"),
    ],
)
def test_answer_that_does_not_fit_names_the_field(dana, talk, body: dict, field: str):
    answer = dana.post(answer_url(start(talk)), body)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)


def test_candidate_of_another_interview_finds_nothing(dana, people: People):
    other = make_interview(people.home)
    turn = start(other)
    assert dana.post(answer_url(turn), {"text": "Mine?"}).status_code == 404
    assert dana.post(answer_url(Turn(pk=uuid.uuid4())), {"text": "?"}).status_code == 404
    row = Recording.objects.create(
        organisation=people.home,
        interview=other,
        filename="a.wav",
        storage_name="a",
        declared_type="audio/wav",
        declared_size=1,
        upload_until=timezone.now(),
    )
    assert dana.post(f"/api/v1/recordings/{row.pk}/complete").status_code == 404
    assert dana.post(f"/api/v1/recordings/{uuid.uuid4()}/complete").status_code == 404


def test_revoked_link_answers_nothing(dana, talk, people: People):
    turn = start(talk)
    invite(Interview.objects.get(pk=talk.pk), actor_of(people.home))  # a newer link
    assert dana.post(answer_url(turn), {"text": "Late."}).status_code == 401


def test_link_is_no_sign_in_for_members_calls(dana: APIClient, talk: Interview):
    for path in (f"interviews/{talk.pk}/transcript", f"interviews/{talk.pk}/report"):
        assert dana.get(f"/api/v1/{path}").status_code == 401
    plan = FILE | {"interview": str(talk.pk)}
    assert dana.post("/api/v1/recordings", plan).status_code == 401


def test_members_token_is_no_candidate(talk: Interview, people: People, api):
    turn = start(talk)
    assert api(people.olive).post(answer_url(turn), {"text": "For Dana."}).status_code == 401
