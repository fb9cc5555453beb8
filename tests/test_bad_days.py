"""Bad days of the main job: races, a full disk, wrong moments, a worker that dies."""

import errno
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel, Stage
from recordings.models import Recording, Transcript
from recordings.states import RecordingStatus
from scoring.models import Decision, Scorecard
from scoring.services.requests import SCORE
from talenti.models import HistoryEntry
from talenti.storage import views as storage_views
from talenti.work import claims
from talenti.work.actors import perform, registered
from talenti.work.models import State, WorkItem
from tests.at_once import at_once
from tests.people import People, client_for, make_people
from tests.recordings.rows import FIXTURES, WAV, announce, put_file, send
from tests.rows import make_interview
from tests.scoring.rows import make_confirmed, make_scored
from tests.work import do_work

CONTENT = WAV.read_bytes()
RACERS = 4


@pytest.fixture
def crowd(transactional_db: None) -> People:
    """Everybody, in rows that other threads can see."""
    return make_people()


def url(interview: Interview, name: str) -> str:
    return f"/api/v1/interviews/{interview.pk}/{name}"


def statuses(answers: list[Any]) -> Counter:
    return Counter(answer.status_code for answer in answers)


def test_of_concurrent_completions_one_stores_and_the_others_are_told(crowd: People):
    interview = make_interview(crowd.home, channel=Channel.UPLOAD)
    row = announce(interview, CONTENT)
    send(row, CONTENT)
    path = f"/api/v1/recordings/{row.pk}/complete"
    answers = at_once(RACERS, lambda: client_for(crowd.alice).post(path))
    assert statuses(answers) == {200: 1, 409: RACERS - 1}
    row.refresh_from_db()
    assert row.status == RecordingStatus.STORED
    assert storages["recordings"].exists(row.storage_name)
    assert WorkItem.objects.count() == 1
    moves = HistoryEntry.objects.filter(subject_id=row.pk, verb="status")
    assert moves.count() == 1


def test_of_concurrent_refusals_one_refuses_and_the_others_are_told(crowd: People):
    interview = make_interview(crowd.home, channel=Channel.UPLOAD)
    row = announce(interview, b"no medium")
    send(row, b"no medium")
    path = f"/api/v1/recordings/{row.pk}/complete"
    answers = at_once(RACERS, lambda: client_for(crowd.alice).post(path))
    assert statuses(answers) == {415: 1, 409: RACERS - 1}


def test_of_concurrent_decisions_one_is_made(crowd: People):
    interview = make_confirmed(crowd.home)
    body = {"outcome": "advance", "reason": "Strong."}
    answers = at_once(
        RACERS, lambda: client_for(crowd.alice).post(url(interview, "decision"), body)
    )
    assert statuses(answers) == {201: 1, 409: RACERS - 1}
    assert Decision.objects.count() == 1
    assert HistoryEntry.objects.filter(subject="decision").count() == 1


def test_of_concurrent_reviews_of_one_person_one_is_kept(crowd: People):
    interview = make_confirmed(crowd.home)
    body = {"scores": [{"competency": "ownership", "level": 4}]}
    answers = at_once(RACERS, lambda: client_for(crowd.bob).post(url(interview, "reviews"), body))
    assert statuses(answers) == {201: 1, 409: RACERS - 1}
    assert Scorecard.objects.by_people().count() == 1


def test_of_concurrent_confirmations_one_confirms_and_one_scoring_is_queued(crowd: People):
    interview = make_confirmed(crowd.home)
    WorkItem.objects.all().delete()
    Transcript.objects.update(
        status="draft", confirmed_at=None, confirmed_by=None, edit_distance=None
    )
    Interview.objects.update(stage=Stage.NEEDS_CONFIRMATION)
    path = url(interview, "transcript/confirm")
    answers = at_once(RACERS, lambda: client_for(crowd.alice).post(path))
    assert statuses(answers) == {200: 1, 409: RACERS - 1}
    assert WorkItem.objects.filter(kind=SCORE).count() == 1


def test_of_concurrent_score_requests_one_is_queued(crowd: People):
    interview = make_scored(crowd.home)
    answers = at_once(RACERS, lambda: client_for(crowd.alice).post(url(interview, "score")))
    assert statuses(answers) == {202: 1, 409: RACERS - 1}
    assert WorkItem.objects.open().filter(kind=SCORE).count() == 1


def test_concurrent_messages_for_one_scoring_make_one_scorecard(crowd: People):
    make_confirmed(crowd.home)
    item = WorkItem.objects.get(kind=SCORE)
    at_once(RACERS, lambda: perform(SCORE, item.pk))
    assert Scorecard.objects.count() == 1
    assert Interview.objects.get().stage == Stage.SCORED


def test_worker_that_finishes_late_stores_nothing(people: People):
    interview = make_confirmed(people.home)
    item = WorkItem.objects.get(kind=SCORE)
    late = claims.take(item.pk, timedelta(seconds=60))
    WorkItem.objects.filter(pk=item.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    do_work()
    before = Scorecard.objects.values().get()
    with pytest.raises(claims.LostClaim), transaction.atomic():
        registered(SCORE).handler(late)
    assert Scorecard.objects.values().get() == before
    interview.refresh_from_db()
    assert interview.stage == Stage.SCORED


def test_worker_killed_while_it_transcribed_costs_time_and_nothing_else(crowd: People):
    interview = make_interview(crowd.home, channel=Channel.UPLOAD)
    content = (FIXTURES / "customer.wav").read_bytes()
    row = announce(interview, content)
    send(row, content)
    client_for(crowd.alice).post(f"/api/v1/recordings/{row.pk}/complete")
    item = WorkItem.objects.get()
    claims.take(item.pk, timedelta(seconds=60))  # and the worker is gone
    assert do_work() == []
    WorkItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert do_work() == ["recordings.transcribe"]
    item.refresh_from_db()
    assert (item.state, item.attempt, item.fence) == (State.DONE, 2, 2)
    assert Transcript.objects.count() == 1


def test_transcription_whose_file_vanished_is_dead_with_its_cause(people: People):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    row = announce(interview, CONTENT)
    send(row, CONTENT)
    client_for(people.alice).post(f"/api/v1/recordings/{row.pk}/complete")
    Recording.objects.filter(pk=row.pk).update(
        status=RecordingStatus.DELETED, deleted_at=timezone.now()
    )
    do_work()
    item = WorkItem.objects.get(kind="recordings.transcribe")
    assert (item.state, item.cause) == (State.DEAD, "recording_gone")
    assert Interview.objects.get().stage == Stage.NOT_SCORABLE


def test_full_disk_is_507_and_leaves_no_half_file(people: People, monkeypatch):
    alice = client_for(people.alice)
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    plan = {
        "interview": str(interview.pk),
        "filename": "a.wav",
        "content_type": "audio/wav",
        "size": len(CONTENT),
    }
    announced = alice.post("/api/v1/recordings", plan).json()

    def fill(request: Any, file: Any, size: int) -> None:
        file.write(request.read(1000))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage_views, "copy_exactly", fill)
        answer = put_file(announced["upload"], CONTENT)
    assert (answer.status_code, answer.json()["type"]) == (507, "/problems/no_room")
    row = Recording.objects.get()
    assert not storages["recordings"].exists(row.storage_name)
    complete = f"/api/v1/recordings/{row.pk}/complete"
    assert alice.post(complete).status_code == 409
    assert put_file(announced["upload"], CONTENT).status_code == 201  # with room again
    assert alice.post(complete).status_code == 200


def test_decision_before_the_answers_are_complete_names_the_move(people: People):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    body = {"outcome": "advance", "reason": "Now."}
    answer = client_for(people.alice).post(url(interview, "decision"), body)
    assert (answer.status_code, answer.json()["legal_moves"]) == (409, ["complete"])


def test_deleted_recording_keeps_its_words_and_its_scorecard(people: People):
    interview = make_scored(people.home)
    alice = client_for(people.alice)
    before = alice.get(url(interview, "scorecards")).json()
    Recording.objects.update(status=RecordingStatus.DELETED, deleted_at=timezone.now(), peaks=[])
    assert alice.get(url(interview, "scorecards")).json() == before
    report = alice.get(url(interview, "report")).json()
    assert {row["status"] for row in report["recordings"]} == {"deleted"}
    assert report["transcript"]["segments"]
