"""Spoken answers: announced, sent, completed, and everything a browser may do wrong with that."""

import hashlib

import pytest
from django.test import Client
from django.test.utils import override_settings

from interviews.models import Interview, Turn
from interviews.services.interviews import cancel_interview
from recordings.models import Recording
from tests.people import People
from tests.recordings.candidate.elsewhere import STORAGES
from tests.recordings.candidate.visits import asked, begin, write
from tests.recordings.rows import FIXTURES, WAV
from tests.rows import actor_of, make_candidate, make_interview
from tests.work import do_work

WEBM = FIXTURES / "supplier.webm"
SPEECH = WEBM.read_bytes()


def announce(client: Client, turn: Turn, content: bytes = SPEECH, **changes: object):
    fields = {"content_type": "audio/webm;codecs=opus", "size": len(content)} | changes
    return client.post(f"/interview/turns/{turn.pk}/takes/", fields)


def put(announced: dict, content: bytes = SPEECH) -> int:
    upload = announced["upload"]
    kind = upload["headers"]["Content-Type"]
    return Client().put(upload["url"], content, content_type=kind).status_code


def test_spoken_answer_is_stored_and_leads_to_the_next_question(interview: Interview):
    client, turn = begin(interview)
    digest = hashlib.sha256(SPEECH).hexdigest()

    answer = announce(client, turn, sha256=digest)
    assert answer.json()["upload"]["url"].startswith("/files/")
    assert put(answer.json()) == 201
    done = client.post(answer.json()["complete"])

    row = Recording.objects.get()
    turn.refresh_from_db()
    assert (answer.status_code, done.status_code) == (201, 200)
    assert done.json() == {"next": "/interview/"}
    assert (row.status, row.turn_id, row.sha256) == ("stored", turn.pk, digest)
    assert (row.source, row.speaker, row.filename) == ("browser", "candidate", "answer-1.webm")
    assert turn.answer_ms == row.duration_ms
    assert asked(interview).kind == "probe"


def test_last_spoken_answer_completes_the_interview_and_starts_the_pipeline(interview: Interview):
    client, turn = begin(interview)
    client.post(f"/interview/turns/{turn.pk}/skip/")
    last = asked(interview)
    answer = announce(client, last).json()
    put(answer)
    client.post(answer["complete"])
    client.post(f"/interview/turns/{asked(interview).pk}/skip/")

    done = do_work()

    interview.refresh_from_db()
    assert done == ["interviews.send_invitation", "recordings.transcribe"]
    assert (interview.status, interview.stage) == ("completed", "needs_confirmation")


def test_completing_twice_goes_on_twice(interview: Interview):
    client, turn = begin(interview)
    answer = announce(client, turn).json()
    put(answer)

    answers = [client.post(answer["complete"]) for _ in range(2)]

    assert [(one.status_code, one.json()) for one in answers] == [
        (200, {"next": "/interview/"})
    ] * 2
    assert interview.turns.count() == 2


def test_another_take_replaces_one_that_never_arrived(interview: Interview):
    client, turn = begin(interview)
    first = announce(client, turn).json()
    second = announce(client, turn).json()
    put(second)

    assert client.post(first["complete"]).status_code == 409
    assert client.post(second["complete"]).status_code == 200
    assert list(Recording.objects.order_by("id").values_list("status", "refusal")) == [
        ("refused", "superseded"),
        ("stored", ""),
    ]


def test_completing_before_the_file_is_there_asks_to_send_it_again(interview: Interview):
    client, turn = begin(interview)
    answer = client.post(announce(client, turn).json()["complete"])
    assert (answer.status_code, answer.json()["send_again"]) == (409, True)


@pytest.mark.parametrize(
    "content", [b"no sound at all" * 100, b"\0" * 5000, SPEECH[:20], b"#EXTM3U\nhttp://x/\n" * 50]
)
def test_file_that_is_no_answer_is_refused_kindly_and_another_may_follow(
    interview: Interview, content: bytes
):
    client, turn = begin(interview)
    answer = announce(client, turn, content).json()
    put(answer, content)

    refused = client.post(answer["complete"])

    assert refused.status_code in {415, 422}
    assert refused.json()["message"].endswith("or write it.")
    assert refused.json()["send_again"] is False
    assert announce(client, turn).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"content_type": "text/html"},
        {"content_type": "video/webm"},
        {"content_type": "audio/webm\r\nX-Evil: 1"},
        {"content_type": "audio/" + "x" * 200},
        {"content_type": "audio/\0"},
        {"content_type": ""},
        {"size": 0},
        {"size": -5},
        {"size": "many"},
        {"size": 2**70},
        {"sha256": "z" * 64},
        {"sha256": "0" * 63},
    ],
)
def test_announcement_out_of_bounds_is_refused(interview: Interview, changes: dict):
    client, turn = begin(interview)
    answer = announce(client, turn, **changes)
    assert (answer.status_code, Recording.objects.count()) == (422, 0)


def test_answer_too_large_is_refused_before_it_is_sent(interview: Interview):
    client, turn = begin(interview)
    with override_settings(MAX_RECORDING_BYTES=1024):
        answer = announce(client, turn, size=1025)
    assert answer.status_code == 413
    assert "too large" in answer.json()["message"]


def test_nothing_is_taken_for_an_answered_question_or_after_the_end(
    people: People, interview: Interview
):
    client, turn = begin(interview)
    write(client, turn, "Written instead, in a few words.")
    answered = announce(client, turn)
    late = announce(client, asked(interview)).json()
    put(late)
    interview.refresh_from_db()
    cancel_interview(interview, actor_of(people.home))

    completed = client.post(late["complete"])

    assert (answered.status_code, completed.status_code) == (409, 409)
    assert not Recording.objects.stored().exists()


def test_storage_that_is_away_loses_nothing(interview: Interview, settings):
    client, turn = begin(interview)
    known = announce(client, turn).json()
    put(known)
    here, away = settings.STORAGES, settings.STORAGES | STORAGES

    settings.STORAGES = away
    answers = [client.post(known["complete"]), announce(client, turn)]
    settings.STORAGES = here
    again = announce(client, turn)

    assert [(one.status_code, one.json()["send_again"]) for one in answers] == [
        (503, True),
        (503, False),
    ]
    turn.refresh_from_db()
    assert (again.status_code, turn.answered_at) == (201, None)


def test_others_recordings_are_not_found(people: People, interview: Interview):
    client, _ = begin(interview)
    other = make_interview(people.home, candidate=make_candidate(people.home, "Emil Else"))
    their_client, their_turn = begin(other)
    theirs = announce(their_client, their_turn).json()
    put(theirs)

    assert client.post(theirs["complete"]).status_code == 404
    assert not Recording.objects.stored().exists()


def test_only_posts_with_the_forms_token_are_taken(interview: Interview):
    client, turn = begin(interview)
    assert client.get(f"/interview/turns/{turn.pk}/takes/").status_code == 405
    client.handler.enforce_csrf_checks = True
    assert announce(client, turn).status_code == 403
    assert not Recording.objects.exists()


def test_other_kinds_of_audio_are_named_by_their_container(interview: Interview):
    client, turn = begin(interview)
    content = WAV.read_bytes()
    announce(client, turn, content, content_type="audio/mp4")
    announce(client, turn, content, content_type="audio/x-strange")
    names = Recording.objects.order_by("id").values_list("filename", flat=True)
    assert list(names) == ["answer-1.m4a", "answer-1.audio"]
