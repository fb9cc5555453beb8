"""The files of a call: fetched once, whole and measured, and deleted on the line only then."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call
from interviews.services.call_addresses import recording_folder
from interviews.states import Stage
from recordings.services import call_fetching
from recordings.services.call_fetching import LOST, PATIENCE
from recordings.services.progress import FETCH_CALL, TRANSCRIBE
from talenti.azure.blob import Account
from talenti.work.models import WorkItem
from talenti.work.sweep import reconcile_all
from tests.recordings.call_fetching.fetches import (
    COPY,
    DAY,
    OTHER,
    SOUND,
    fetch,
    place_of,
    rows,
    told,
)
from tests.recordings.call_line import NotedLine, announce_files, file_event
from tests.recordings.call_rows import files_of, make_call, write_file
from tests.recordings.call_sound import silence, unmixed


def test_announced_file_becomes_a_recording_and_leaves_the_line(both_storages, call):
    write_file(call, f"{DAY}0-audiowav.wav", SOUND)
    write_file(call, f"{DAY}0-acsmetadata.json", b"{}")
    announce_files(call, file_event(place_of(call, f"{DAY}0-audiowav.wav", both_storages)))
    item = fetch(call)
    assert told(item) == ("done", "")
    row = call.recordings.get()
    assert rows(call) == [(0, "stored", "call-1.wav", 1000, 0, "")]
    assert (row.source, row.speaker, row.media_type, row.turn) == (
        "phone",
        "candidate",
        "audio/wav",
        None,
    )
    assert (row.size, row.sha256) == (len(SOUND), hashlib.sha256(SOUND).hexdigest())
    assert row.storage_name == f"{call.organisation_id}/{call.interview_id}/{row.pk}"
    with storages["recordings"].open(row.storage_name) as kept:
        assert kept.read() == SOUND
    assert (files_of(call), NotedLine.deleted) == ([], [COPY])
    assert call.recording_stored_at is not None
    assert WorkItem.objects.get(kind=TRANSCRIBE).subject_id == row.pk


def test_two_chunks_become_two_recordings_that_follow_each_other(both_storages, call):
    places = []
    for number, content in enumerate((SOUND, OTHER)):
        write_file(call, f"{DAY}{number}-audiowav.wav", content)
        places.append(place_of(call, f"{DAY}{number}-audiowav.wav", both_storages))
    announce_files(call, file_event(*places))
    fetch(call)
    assert rows(call) == [
        (0, "stored", "call-1.wav", 1000, 0, ""),
        (1, "stored", "call-2.wav", 2000, 1000, ""),
    ]
    assert files_of(call) == []


def test_recording_that_began_late_is_placed_by_the_lines_own_time(call):
    write_file(call, "0.wav", SOUND)
    later = call.recording_started_at + timedelta(milliseconds=1500)
    place = place_of(call, "0.wav", "files")
    announce_files(call, file_event(place, started_at=later))
    fetch(call)
    assert rows(call) == [(0, "stored", "call-1.wav", 1000, 1500, "")]


def test_unannounced_file_is_found_ten_minutes_after_the_call(call):
    write_file(call, "2.wav", OTHER)
    write_file(call, "10.wav", SOUND)
    assert reconcile_all() == []
    item = WorkItem.objects.get(kind=FETCH_CALL)
    assert told(fetch(call)) == ("done", "")
    assert (item.subject_id, rows(call)) == (
        call.pk,
        [
            (0, "stored", "call-1.wav", 2000, 0, ""),
            (1, "stored", "call-2.wav", 1000, 2000, ""),
        ],
    )


def test_call_that_has_just_ended_is_left_to_its_event(interview):
    make_call(interview, ended_at=timezone.now() - timedelta(minutes=9))
    reconcile_all()
    assert not WorkItem.objects.filter(kind=FETCH_CALL).exists()


def test_call_that_was_not_recorded_is_not_looked_for(interview):
    make_call(interview, recording_started_at=None)
    reconcile_all()
    assert not WorkItem.objects.filter(kind=FETCH_CALL).exists()


def test_empty_file_has_not_arrived_and_costs_no_attempt(both_storages, call):
    write_file(call, "0.wav", b"")
    announce_files(call, file_event(place_of(call, "0.wav", both_storages)))
    item = fetch(call)
    assert (told(item), item.attempt, rows(call)) == (("queued", "retry_later"), 0, [])
    write_file(call, "0.wav", SOUND)
    assert told(fetch(call)) == ("done", "")
    assert rows(call) == [(0, "stored", "call-1.wav", 1000, 0, "")]


def test_announced_file_that_is_missing_is_waited_for_with_the_others(call):
    write_file(call, "0.wav", SOUND)
    places = [place_of(call, name, "files") for name in ("0.wav", "1.wav")]
    announce_files(call, file_event(*places))
    assert (told(fetch(call)), files_of(call)) == (("queued", "retry_later"), ["0.wav"])
    write_file(call, "1.wav", OTHER)
    assert (told(fetch(call)), len(rows(call)), files_of(call)) == (("done", ""), 2, [])


@pytest.mark.parametrize(
    ("after", "seconds"), [(5, 15), (30, 60), (120, 600)], ids=["soon", "within an hour", "later"]
)
def test_waiting_grows_with_the_age_of_the_call(interview, after: int, seconds: int):
    call = make_call(interview, ended_at=timezone.now() - timedelta(minutes=after))
    item = fetch(call)
    wait = (item.next_run_at - timezone.now()).total_seconds()
    assert seconds - 2 <= wait <= seconds + 5


def test_recording_that_never_comes_is_lost_after_16_hours(interview):
    call = make_call(interview, ended_at=timezone.now() - PATIENCE + timedelta(minutes=1))
    assert told(fetch(call)) == ("queued", "retry_later")
    Call.objects.filter(pk=call.pk).update(ended_at=timezone.now() - PATIENCE)
    assert told(fetch(call)) == ("dead", LOST)
    interview.refresh_from_db()
    assert (interview.stage, interview.failure) == (Stage.FAILED, LOST)
    reconcile_all()
    assert WorkItem.objects.filter(kind=FETCH_CALL).count() == 1


def test_storage_that_is_away_costs_no_attempt_either(call, settings):
    options = {"container": "c", "account": Account("acc", "http://127.0.0.1:9/acc", "c2VjcmV0")}
    backend = "talenti.storage.azure.AzureBlobStorage"
    chosen = {"recordings": {"BACKEND": backend, "OPTIONS": options}}
    settings.STORAGES = settings.STORAGES | chosen
    item = fetch(call)
    assert (told(item), item.attempt) == (("queued", "retry_later"), 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"#!ffconcat version 1.0\nfile other.wav\n", "not_accepted"),
        (SOUND[:-9000], "truncated"),
        (unmixed(silence(0)), "no_sound"),
    ],
    ids=["text", "cut", "header only"],
)
def test_file_that_is_no_sound_is_a_visible_failure(call, content: bytes, code: str):
    write_file(call, "0.wav", content)
    item = fetch(call)
    row = call.recordings.get()
    assert (item.state, row.status, item.cause) == ("dead", "refused", row.refusal)
    assert (item.cause, files_of(call)) == (code, ["0.wav"])
    call.interview.refresh_from_db()
    assert (call.interview.stage, call.interview.failure) == (Stage.FAILED, code)
    assert call.recording_stored_at is None


def test_refused_file_may_be_tried_again_and_keeps_its_number(call):
    write_file(call, "0.wav", b"no sound")
    fetch(call)
    write_file(call, "0.wav", SOUND)
    assert told(fetch(call)) == ("done", "")
    assert [row[:2] for row in rows(call)] == [(0, "refused"), (0, "stored")]
    assert rows(call)[1][4] == 0


def test_refused_file_keeps_no_other_from_coming(call):
    write_file(call, "0.wav", b"no sound")
    write_file(call, "1.wav", SOUND)
    assert fetch(call).state == "dead"
    assert [row[:2] + row[4:5] for row in rows(call)] == [(0, "refused", None), (1, "stored", None)]
    assert files_of(call) == ["0.wav", "1.wav"]


def test_file_larger_than_any_call_is_refused_unread(call, settings, monkeypatch):
    settings.CALL_MAX_MINUTES, settings.MAX_RECORDING_BYTES = -9, 1024
    monkeypatch.setattr(call_fetching, "local_file", None)
    write_file(call, "0.wav", bytes(160_000 * 60 + 1))
    assert told(fetch(call)) == ("dead", "too_large")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/{folder}/0.wav",
        "{foreign}/0.wav",
        "{folder}/../../secret/0.wav",
        "{folder}/.hidden/0.wav",
        "/{folder}/0.wav",
        "{folder}",
        "file:///etc/passwd",
        "",
    ],
)
def test_location_outside_of_the_calls_folder_is_not_believed(both_storages, call, location: str):
    folder = recording_folder(call)
    foreign = f"{call.organisation_id}/{call.interview_id}"
    told_place = location.format(folder=folder, foreign=foreign)
    announce_files(call, file_event(told_place))
    write_file(call, "a.wav", SOUND)
    assert told(fetch(call)) == ("done", "")
    assert list(call.recordings.values_list("line_name", flat=True)) == [f"{folder}/a.wav"]


def test_files_named_by_their_ids_keep_the_order_that_was_told(call):
    """As Communication Services does: what it names is its own copy, which nobody asks for."""
    later = call.recording_started_at + timedelta(seconds=2)
    copies = [f"https://eu.asm.skype.com/v1/objects/{number}/content/audio" for number in (0, 1)]
    body = file_event(*copies, event_id="0-eau-d1-abc", started_at=later)
    write_file(call, f"{DAY}audiowav.0-eau-d1-abc-1.wav", OTHER)
    announce_files(call, body)
    assert told(fetch(call)) == ("queued", "retry_later")
    write_file(call, f"{DAY}zaudiowav.0-eau-d1-abc-0.wav", SOUND)
    assert told(fetch(call)) == ("done", "")
    assert rows(call) == [
        (0, "stored", "call-1.wav", 1000, 2000, ""),
        (1, "stored", "call-2.wav", 2000, 3000, ""),
    ]


@pytest.mark.parametrize(
    "change",
    [
        ("http://", "http://user@"),
        ("/devstoreaccount1/", "/other/"),
        ("127.0.0.1", "127.0.0.2"),
        ("?", "?"),
    ],
    ids=["user", "account", "host", "same"],
)
def test_address_is_ours_by_its_whole_container(blob_storage, change: tuple[str, str]):
    address = f"{blob_storage.client.url}/o/calls/c/0.wav?sig=x"
    told_address = address.replace(*change)
    assert blob_storage.name_at(told_address) == (
        "o/calls/c/0.wav" if told_address == address else None
    )
