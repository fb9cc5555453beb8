"""What lies in folders of calls for nobody goes in its days, and nothing else does."""

import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.services.interviews import set_legal_hold
from recordings.models import Recording
from recordings.receivers import look_after_recordings_of_calls
from recordings.services.call_leftovers import clear_leftovers, fetch_missing
from recordings.services.progress import FETCH_CALL
from recordings.services.retention import delete_expired
from recordings.services.verification import Fault, damaged
from recordings.states import RecordingStatus
from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.work.models import State, WorkItem
from talenti.work.queue import cancel, enqueue
from tests.people import People
from tests.recordings.call_rows import files_of, make_call, make_phone_interview, write_file
from tests.recordings.rows import make_recording


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Call:
    return make_call(interview, recording_stored_at=timezone.now())


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def leave(call: Call, name: str, days: float) -> None:
    """Write a file that came so long ago."""
    whole = Path(storages["recordings"].path(write_file(call, name, b"sound")))
    moment = days_ago(days).timestamp()
    os.utime(whole, (moment, moment))


def clear() -> int:
    return clear_leftovers(timezone.now())


def test_files_past_their_days_go_and_the_history_says_so(call):
    leave(call, "day/0.wav", 31)
    leave(call, "day/0.json", 31)
    leave(call, "1.json", 29)
    assert (clear(), files_of(call)) == (2, ["1.json"])
    entry = HistoryEntry.objects.get(subject_id=call.pk)
    assert (entry.verb, entry.data, entry.root_id) == (
        "leftovers_deleted",
        {"files": 2},
        call.interview_id,
    )


def test_hold_keeps_them(call, interview):
    leave(call, "0.wav", 400)
    set_legal_hold(interview, SYSTEM, held=True, reason="claim")
    assert (clear(), files_of(call)) == (0, ["0.wav"])


def test_folder_of_no_call_goes_in_its_days_too(call):
    lost = Call(pk=uuid.uuid4(), organisation_id=call.organisation_id)
    leave(lost, "0.wav", 31)
    leave(lost, "1.wav", 29)
    assert (clear(), files_of(lost)) == (1, ["1.wav"])


def test_an_organisations_own_days_count_but_never_fewer_than_three(call, people: People):
    people.home.retention_days = 1
    people.home.save()
    leave(call, "0.json", 2)
    leave(call, "1.json", 4)
    assert (clear(), files_of(call)) == (1, ["0.json"])


def test_late_file_of_a_stored_recording_is_fetched(call):
    leave(call, "9.wav", 1)
    assert (clear(), files_of(call)) == (0, ["9.wav"])
    assert WorkItem.objects.get(kind=FETCH_CALL).subject_id == call.pk


def test_refused_file_is_left_to_a_person(call):
    leave(call, "0.wav", 1)
    name = f"{call.organisation_id}/calls/{call.pk}/0.wav"
    values = {"status": RecordingStatus.REFUSED, "refusal": "damaged"}
    make_recording(call.interview, call=call, chunk=0, line_name=name, **values)
    clear()
    assert not WorkItem.objects.filter(kind=FETCH_CALL).exists()


def test_folder_that_cannot_be_read_keeps_no_other(call, monkeypatch):
    other = make_call(call.interview)
    leave(call, "0.json", 31)
    leave(other, "0.json", 31)
    files = storages["recordings"]
    real = files.get_modified_time
    broken = f"{call.organisation_id}/calls/{call.pk}/0.json"

    def modified(name: str) -> datetime:
        if name == broken:
            raise OSError
        return real(name)

    monkeypatch.setattr(files, "get_modified_time", modified)
    assert (clear(), files_of(call), files_of(other)) == (1, ["0.json"], [])


@pytest.mark.parametrize(("minute", "left"), [(0, []), (1, ["0.json"]), (59, ["0.json"])])
def test_folders_are_looked_into_once_an_hour(call, minute: int, left: list[str]):
    leave(call, "0.json", 31)
    look_after_recordings_of_calls(now=timezone.now().replace(minute=minute, second=30))
    assert files_of(call) == left


def test_missing_recordings_are_queued_once_and_by_age(interview):
    newer = make_call(interview, ended_at=days_ago(0.1))
    older = make_call(interview, ended_at=days_ago(0.2))
    now = timezone.now()
    assert (fetch_missing(now, limit=1), fetch_missing(now), fetch_missing(now)) == (1, 1, 0)
    queued = WorkItem.objects.filter(kind=FETCH_CALL).order_by("pk")
    assert [item.subject_id for item in queued] == [older.pk, newer.pk]


def test_what_a_person_took_out_of_the_queue_stays_out(interview):
    call = make_call(interview)
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    cancel(WorkItem.objects.get(kind=FETCH_CALL), SYSTEM)
    assert fetch_missing(timezone.now()) == 0


def test_done_work_of_a_call_without_its_recording_is_done_again(interview):
    call = make_call(interview)
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    WorkItem.objects.update(state=State.DONE, finished_at=timezone.now())
    assert fetch_missing(timezone.now()) == 1


def test_forgotten_call_is_not_looked_for(interview):
    make_call(interview, forgotten_at=timezone.now())
    assert fetch_missing(timezone.now()) == 0


def recording_of(call: Call, **values: object) -> Recording:
    return make_recording(call.interview, call=call, chunk=0, line_name="0.wav", **values)


def test_recordings_of_calls_go_in_their_days(call):
    row = recording_of(call, stored_at=days_ago(31))
    assert delete_expired(timezone.now()) == 1
    row.refresh_from_db()
    assert (row.status, storages["recordings"].exists(row.storage_name)) == ("deleted", False)


def test_verification_covers_recordings_of_calls(call):
    row = recording_of(call)
    storages["recordings"].delete(row.storage_name)
    assert [(found.recording, found.fault) for found in damaged()] == [(row, Fault.MISSING)]
