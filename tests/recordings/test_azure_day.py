"""A recording's life on Azure: Blob Storage keeps it, Azure Speech writes it down."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from django.core.files.storage import storages
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Interview
from interviews.states import Channel, Stage
from recordings.models import Recording, Segment, Transcript
from recordings.services.refusals import ADDRESS_GRACE
from recordings.services.retention import delete_recording, finish_deletions
from recordings.services.transcription import BY_HAND
from recordings.states import RecordingStatus, TranscriptStatus
from talenti.azure.blob import Account
from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.storage.azure import AzureBlobStorage
from talenti.work.models import WorkItem
from tests.emulators.speech import KEY, Fault, Phrase, SpeechEmulator
from tests.emulators.speech_voice import SOUND
from tests.people import People
from tests.recordings.candidate.visits import begin
from tests.recordings.rows import WAV
from tests.rows import make_interview
from tests.work import do_work

URL = "/api/v1/recordings"
CONTENT = WAV.read_bytes()
SAID = "I called the customer and we set a new date for the delivery."


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        emulator.script.phrases = [Phrase(200, 3800, SAID)]
        yield emulator


@pytest.fixture(autouse=True)
def _azure(settings, blob_account: Account, blob_container: str, speech: SpeechEmulator) -> None:
    backend = "talenti.storage.azure.AzureBlobStorage"
    options = {"container": blob_container, "account": blob_account}
    settings.STORAGES = settings.STORAGES | {"recordings": {"BACKEND": backend, "OPTIONS": options}}
    settings.AZURE_SPEECH_ENDPOINT, settings.AZURE_SPEECH_KEY = speech.endpoint, KEY
    settings.TRANSCRIBER_MODE = "fast"
    settings.ENGINES = settings.ENGINES | {"transcriber": "azure"}


@pytest.fixture
def interview(people: People) -> Interview:
    return make_interview(people.home, channel=Channel.UPLOAD)


@pytest.fixture
def alice(people: People, api) -> APIClient:
    return api(people.alice)


def announce(alice: APIClient, interview: Interview, size: int = len(CONTENT)) -> dict:
    plan = {"interview": str(interview.pk), "filename": "answer.wav"}
    return alice.post(URL, plan | {"content_type": "audio/wav", "size": size}).json()


def put(upload: dict, content: bytes) -> int:
    method, url, headers = (upload[name] for name in ("method", "url", "headers"))
    return requests.request(method, url, data=content, headers=headers, timeout=9).status_code


def store(alice: APIClient, interview: Interview) -> Recording:
    announced = announce(alice, interview)
    put(announced["upload"], CONTENT)
    alice.post(f"{URL}/{announced['id']}/complete")
    return Recording.objects.get(pk=announced["id"])


def test_recording_travels_from_the_address_to_the_player(alice: APIClient, interview: Interview):
    announced = announce(alice, interview)
    assert put(announced["upload"], CONTENT) == 201
    completed = alice.post(f"{URL}/{announced['id']}/complete")
    assert (completed.status_code, completed.json()["duration_ms"]) == (200, 4520)
    url = alice.get(f"{URL}/{announced['id']}/url").json()["url"]
    heard = requests.get(url, headers={"Range": "bytes=0-3"}, timeout=9)
    assert (heard.status_code, heard.content) == (206, b"RIFF")
    assert heard.headers["Content-Type"] == "audio/wav"


@pytest.mark.parametrize("mode", ["fast", "sdk"])
def test_recording_is_written_down_and_ready(alice, interview, settings, mode: str):
    settings.TRANSCRIBER_MODE = mode
    store(alice, interview)
    do_work()
    transcript = Transcript.objects.get()
    told = (transcript.status, transcript.engine, transcript.model, transcript.label)
    assert told == (
        TranscriptStatus.READY,
        "azure",
        f"azure-speech {mode}",
        "Machine transcript (Azure Speech).",
    )
    assert list(Segment.objects.values_list("start_ms", "end_ms", "text", "speaker")) == [
        (200, 4000, SAID, "candidate")
    ]
    interview.refresh_from_db()
    assert interview.stage not in {Stage.TRANSCRIBING, Stage.NEEDS_CONFIRMATION}


def test_language_that_the_service_is_not_asked_for_waits_for_a_person(alice, interview):
    Interview.objects.filter(pk=interview.pk).update(language="cy")
    store(alice, interview)
    do_work()
    transcript = Transcript.objects.get()
    assert (transcript.status, transcript.label) == (TranscriptStatus.NEEDS_TRANSCRIPT, BY_HAND)
    interview.refresh_from_db()
    assert interview.stage == Stage.NEEDS_CONFIRMATION


def test_service_that_is_away_leaves_the_work_waiting(alice, interview, speech):
    speech.script.fault = Fault(429, retry_after="60")
    store(alice, interview)
    do_work()
    item = WorkItem.objects.get(kind="recordings.transcribe")
    assert (item.state, Transcript.objects.count()) == ("queued", 0)
    assert item.next_run_at > timezone.now() + timedelta(seconds=50)


def test_second_file_at_the_address_is_refused_by_the_storage(alice, interview):
    announced = announce(alice, interview)
    put(announced["upload"], CONTENT)
    assert put(announced["upload"], b"x" * len(CONTENT)) == 403
    assert alice.post(f"{URL}/{announced['id']}/complete").status_code == 200


@pytest.mark.parametrize("size", [1, len(CONTENT) - 1, len(CONTENT) + 1])
def test_file_of_another_size_than_declared_is_refused_and_gone(alice, interview, size: int):
    announced = announce(alice, interview, size)
    assert put(announced["upload"], CONTENT) == 201
    refused = alice.post(f"{URL}/{announced['id']}/complete")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/size_mismatch")
    assert not storages["recordings"].exists(Recording.objects.get().storage_name)


def test_complete_before_the_file_is_409(alice, interview):
    announced = announce(alice, interview)
    assert alice.post(f"{URL}/{announced['id']}/complete").status_code == 409


def test_deleted_recording_is_gone_from_the_storage(alice, interview):
    row = store(alice, interview)
    later = timezone.now() - ADDRESS_GRACE - timedelta(minutes=1)
    Recording.objects.filter(pk=row.pk).update(upload_until=later)
    row.refresh_from_db()
    assert delete_recording(row, SYSTEM, reason="retention")
    finish_deletions(timezone.now())
    row.refresh_from_db()
    assert row.status == RecordingStatus.DELETED
    assert not storages["recordings"].exists(row.storage_name)


def test_addresses_are_in_no_row_and_no_log(alice, interview, caplog):
    caplog.set_level("DEBUG")
    row = store(alice, interview)
    url = alice.get(f"{URL}/{row.pk}/url").json()["url"]
    signature = url.rpartition("sig=")[2]
    kept = [str(list(model.objects.values())) for model in (Recording, HistoryEntry, WorkItem)]
    assert [text for text in (*kept, caplog.text) if signature in text or "sig=" in text] == []


def test_storage_that_is_away_is_503_and_changes_nothing(alice, interview, settings):
    announced = announce(alice, interview)
    gone = Account("acc", "http://127.0.0.1:9/acc", "c2VjcmV0")
    backend = settings.STORAGES["recordings"]["BACKEND"]
    options = {"container": "recordings", "account": gone}
    settings.STORAGES = settings.STORAGES | {"recordings": {"BACKEND": backend, "OPTIONS": options}}
    assert alice.post(f"{URL}/{announced['id']}/complete").status_code == 503
    assert Recording.objects.get().status == RecordingStatus.PENDING


def test_larger_file_than_declared_is_not_even_read(alice, interview, monkeypatch):
    announced = announce(alice, interview, 1)
    put(announced["upload"], CONTENT)
    monkeypatch.delattr(AzureBlobStorage, "_open")
    refused = alice.post(f"{URL}/{announced['id']}/complete")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/size_mismatch")


def test_question_is_heard_from_the_storage(people: People, settings, speech):
    settings.ENGINES = settings.ENGINES | {"voice": "azure"}
    client, turn = begin(make_interview(people.home))
    urls = [client.post(f"/interview/turns/{turn.pk}/speech/").json()["url"] for _ in range(2)]
    heard = requests.get(urls[0], headers={"Range": "bytes=0-"}, timeout=9)
    assert (heard.status_code, heard.content) == (206, SOUND)
    assert (heard.headers["Content-Type"], len(speech.script.said)) == ("audio/mpeg", 1)
    assert requests.put(urls[1], data=b"x", timeout=9).status_code in {403, 400}
