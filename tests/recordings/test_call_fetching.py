"""The files of a call: fetched once, whole and measured, and deleted on the line only then."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.services.call_addresses import recording_folder
from interviews.signals import call_file_ready
from interviews.states import Stage, Status
from recordings.models import Recording
from recordings.services import call_fetching
from recordings.services.call_fetching import LOST, PATIENCE
from recordings.services.progress import FETCH_CALL, TRANSCRIBE
from recordings.tasks import fetch_call_recording
from talenti.azure.blob import Account
from talenti.errors import RetryLater
from talenti.work import claims
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from talenti.work.sweep import reconcile_all
from tests.people import People
from tests.recordings.call_line import NOTED, NotedLine, announce_files, file_event
from tests.recordings.call_rows import files_of, make_call, make_phone_interview, write_file
from tests.recordings.call_sound import RATE, silence, tone, unmixed
from tests.recordings.rows import send

SOUND = unmixed(tone(RATE), silence(RATE))
OTHER = unmixed(tone(2 * RATE, 300), silence(RATE))
DAY = "20261124/9f/"
COPY = "https://eu.asm.skype.com/v1/objects/file-1-0"


@pytest.fixture(autouse=True)
def _line(settings) -> Iterator[None]:
    settings.ENGINES = settings.ENGINES | {"callroom": NOTED}
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {"callroom": {}}
    yield
    NotedLine.deleted.clear()
    NotedLine.fault.clear()


@pytest.fixture(params=["files", "azure"])
def both_storages(request: pytest.FixtureRequest, settings) -> str:
    """The recordings' storage: once on this machine, once in Blob Storage."""
    if request.param == "azure":
        options = {
            "container": request.getfixturevalue("blob_container"),
            "account": request.getfixturevalue("blob_account"),
        }
        backend = "talenti.storage.azure.AzureBlobStorage"
        chosen = {"recordings": {"BACKEND": backend, "OPTIONS": options}}
        settings.STORAGES = settings.STORAGES | chosen
    return str(request.param)


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Call:
    return make_call(interview)


def fetch(call: Call) -> WorkItem:
    """Do the fetching once, now; returns its work as it stands then."""
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    WorkItem.objects.filter(kind=FETCH_CALL, state=State.QUEUED).update(next_run_at=timezone.now())
    item = WorkItem.objects.open().get(kind=FETCH_CALL, subject_id=call.pk)
    perform(FETCH_CALL, item.pk)
    item.refresh_from_db()
    call.refresh_from_db()
    return item


def told(item: WorkItem) -> tuple[str, str]:
    return item.state, item.cause


def rows(call: Call) -> list[tuple[object, ...]]:
    """Return what is known of the call's recordings."""
    fields = ("chunk", "status", "filename", "duration_ms", "offset_ms", "refusal")
    return list(call.recordings.order_by("pk").values_list(*fields))


def place_of(call: Call, name: str, kind: str) -> str:
    """Return how an event names a file: by its address in our container, or by its name."""
    whole = f"{recording_folder(call)}/{name}"
    if kind == "files":
        return whole
    return f"{storages['recordings'].client.url}/{whole}"


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


def test_recording_that_never_comes_is_lost_after_40_hours(interview):
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
