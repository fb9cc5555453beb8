"""The files of a call, when processes die, events come twice and copies go wrong."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call
from interviews.signals import call_file_ready
from interviews.states import Stage, Status
from recordings.models import Recording
from recordings.services import call_fetching
from recordings.services.call_fetching import PATIENCE
from recordings.services.progress import FETCH_CALL, TRANSCRIBE
from recordings.tasks import fetch_call_recording
from talenti.errors import RetryLater
from talenti.work import claims
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from tests.people import People
from tests.recordings.call_fetching.fetches import COPY, OTHER, SOUND, fetch, place_of, rows, told
from tests.recordings.call_line import NotedLine, announce_files, file_event
from tests.recordings.call_rows import files_of, make_call, make_phone_interview, write_file
from tests.recordings.rows import send


class Killed(BaseException):
    """The process is gone: nothing of ours handles that."""


def die(*_: object) -> None:
    raise Killed


STEPS = [
    "line_files",
    "_announce",
    "inspect_media",
    "_copy",
    "_store",
    "settle",
    "names_in_folder",
    "_locations",
    "lacks_announced",
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_done_once_by_the_next(call, monkeypatch, step: str, when: str):
    write_file(call, "0.wav", SOUND)
    write_file(call, "1.wav", OTHER)
    write_file(call, "0.json", b"{}")
    announce_files(call, file_event(*(place_of(call, f"{n}.wav", "files") for n in (0, 1))))
    real = getattr(call_fetching, step)

    def act_and_die(*args, **kwargs):
        real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(call_fetching, step, act_and_die if when == "after" else die)
        with pytest.raises(Killed):
            fetch(call)
    soon = timezone.now() - timedelta(seconds=1)
    WorkItem.objects.filter(state=State.RUNNING).update(lease_until=soon)
    assert told(fetch(call)) == ("done", "")
    assert rows(call) == [
        (0, "stored", "call-1.wav", 1000, 0, ""),
        (1, "stored", "call-2.wav", 2000, 1000, ""),
    ]
    assert (files_of(call), len(set(NotedLine.deleted))) == ([], 2)
    assert WorkItem.objects.filter(kind=TRANSCRIBE).count() == 2
    kept = {row.storage_name.rpartition("/")[2] for row in call.recordings.all()}
    lying = storages["recordings"].listdir(f"{call.organisation_id}/{call.interview_id}")[1]
    assert set(lying) == kept


def test_killed_between_the_copy_and_its_row_nothing_is_copied_twice(call, monkeypatch):
    write_file(call, "0.wav", SOUND)
    with monkeypatch.context() as patch:
        patch.setattr(call_fetching, "_store", die)
        with pytest.raises(Killed):
            fetch(call)
    assert [row[:2] for row in rows(call)] == [(0, "pending")]
    WorkItem.objects.filter(state=State.RUNNING).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    monkeypatch.delattr(type(storages["recordings"]), "_save")
    assert told(fetch(call)) == ("done", "")


def test_copy_that_is_not_the_file_is_made_again(call):
    write_file(call, "0.wav", SOUND)
    row = call_fetching._announce(call, call_fetching.line_files(call)[0], len(SOUND))
    send(row, b"half")
    assert told(fetch(call)) == ("queued", "retry_later")
    assert told(fetch(call)) == ("done", "")
    assert rows(call) == [(0, "stored", "call-1.wav", 1000, 0, "")]


def test_two_workers_store_one_recording(call):
    write_file(call, "0.wav", SOUND)
    [file] = call_fetching.line_files(call)
    first = call_fetching._announce(call, file, len(SOUND))
    second = call_fetching._announce(call, file, len(SOUND))
    for row in (first, second):
        call_fetching._fetch(row, file, len(SOUND))
    assert rows(call) == [(0, "stored", "call-1.wav", 1000, 0, "")]
    assert WorkItem.objects.filter(kind=TRANSCRIBE).count() == 1


def test_lines_copy_that_cannot_be_deleted_does_not_hold_up_the_words(call):
    write_file(call, "0.wav", SOUND)
    announce_files(call, file_event(place_of(call, "0.wav", "files")))
    NotedLine.fault.append(RetryLater("away"))
    item = fetch(call)
    assert (told(item), item.attempt) == (("queued", "retry_later"), 1)
    assert (call.recording_stored_at is not None, files_of(call)) == (True, [])
    assert (told(fetch(call)), NotedLine.deleted) == (("done", ""), [COPY])


def test_copy_at_another_provider_is_not_asked_for(call):
    Call.objects.filter(pk=call.pk).update(engine="azure")
    write_file(call, "0.wav", SOUND)
    announce_files(call, file_event(place_of(call, "0.wav", "files")))
    assert (told(fetch(call)), NotedLine.deleted) == (("done", ""), [])


def test_file_announced_while_others_are_fetched_is_fetched_too(call, monkeypatch):
    write_file(call, "0.wav", SOUND)
    announce_files(call, file_event(place_of(call, "0.wav", "files")))
    real = call_fetching.delete_copies

    def announce_meanwhile(given: Call) -> None:
        real(given)
        write_file(call, "1.wav", OTHER)
        announce_files(call, file_event(place_of(call, "1.wav", "files"), event_id="file-2"))

    with monkeypatch.context() as patch:
        patch.setattr("recordings.tasks.delete_copies", announce_meanwhile)
        assert fetch(call).state == "queued"
    assert (told(fetch(call)), len(rows(call))) == (("done", ""), 2)


def test_event_hastens_a_fetch_that_waits(call):
    item = fetch(call)
    assert item.next_run_at > timezone.now()
    write_file(call, "0.wav", SOUND)
    announce_files(call, file_event(place_of(call, "0.wav", "files")))
    item.refresh_from_db()
    assert item.next_run_at <= timezone.now()


def test_event_that_comes_again_brings_no_dead_work_back(call):
    write_file(call, "0.wav", b"no sound")
    body = file_event(place_of(call, "0.wav", "files"))
    fact = announce_files(call, body)
    fetch(call)
    call_file_ready.send(sender=Call, call=call, fact=fact)
    assert list(WorkItem.objects.filter(kind=FETCH_CALL).values_list("state", flat=True)) == [
        "dead"
    ]


def test_event_after_the_loss_brings_the_recording_after_all(interview):
    call = make_call(interview, ended_at=timezone.now() - PATIENCE)
    fetch(call)
    write_file(call, "0.wav", SOUND)
    announce_files(call, file_event(place_of(call, "0.wav", "files")))
    assert told(fetch(call)) == ("done", "")
    interview.refresh_from_db()
    assert (interview.stage, interview.failure) == (Stage.TRANSCRIBING, "")


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETED])
def test_stored_call_answers_and_completes_nothing(people: People, status: str):
    completed = timezone.now() if status == Status.COMPLETED else None
    interview = make_phone_interview(people.home, status=status, completed_at=completed)
    call = make_call(interview)
    turn = interview.turns.create(
        organisation_id=interview.organisation_id,
        question=interview.guide.questions.first(),
        position=1,
        kind="question",
        source="planned",
        text="Tell me.",
        asked_at=timezone.now(),
    )
    write_file(call, "0.wav", SOUND)
    assert told(fetch(call)) == ("done", "")
    turn.refresh_from_db()
    interview.refresh_from_db()
    assert (turn.answered_at, interview.status) == (None, status)


def test_claims_that_are_lost_store_nothing_twice(call):
    write_file(call, "0.wav", SOUND)
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    item = WorkItem.objects.get(kind=FETCH_CALL)
    lost = claims.take(item.pk, timedelta(seconds=-1))
    told(fetch(call))
    with pytest.raises(claims.LostClaim):
        fetch_call_recording(lost)
    assert Recording.objects.count() == 1
