"""A call's recording on Azure: written into our container, taken over, written down, judged."""

from collections.abc import Iterator

import pytest
import requests
from django.core.files.storage import storages

from interviews.models import Call, Interview
from interviews.states import Stage
from recordings.models import Recording
from talenti.azure.blob import Account
from tests.emulators.speech import KEY, Phrase, SpeechEmulator
from tests.people import People
from tests.recordings.call_line import NOTED, NotedLine, announce_files, file_event
from tests.recordings.call_rows import ask_in, files_of, make_call, make_phone_interview, write_file
from tests.recordings.call_sound import RATE, samples_of, tone, unmixed
from tests.recordings.rows import WAV
from tests.scoring.rows import OWNERSHIP, TEAMWORK
from tests.work import do_work

CANDIDATE, LINE = samples_of(WAV), tone(60 * RATE)
SOUND = unmixed(CANDIDATE, LINE)


@pytest.fixture
def heard() -> list[bytes]:
    """The samples that the speech service was sent."""
    return []


@pytest.fixture
def speech(heard: list[bytes]) -> Iterator[SpeechEmulator]:
    def listen(samples: bytes) -> list[Phrase]:
        heard.append(samples)
        return [Phrase(2_000, 23_000, OWNERSHIP), Phrase(32_000, 23_000, TEAMWORK)]

    with SpeechEmulator() as emulator:
        emulator.script.listener = listen
        yield emulator


@pytest.fixture(autouse=True)
def _azure(settings, blob_account: Account, blob_container: str, speech: SpeechEmulator) -> None:
    backend = "talenti.storage.azure.AzureBlobStorage"
    options = {"container": blob_container, "account": blob_account}
    settings.STORAGES = settings.STORAGES | {"recordings": {"BACKEND": backend, "OPTIONS": options}}
    settings.AZURE_SPEECH_ENDPOINT, settings.AZURE_SPEECH_KEY = speech.endpoint, KEY
    settings.TRANSCRIBER_MODE = "fast"
    settings.ENGINES = settings.ENGINES | {"transcriber": "azure", "callroom": NOTED}
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {"callroom": {}}


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Iterator[Call]:
    call = make_call(interview)
    ask_in(call, 0, 500, 29_000)
    ask_in(call, 1, 30_000, 58_000)
    yield call
    NotedLine.deleted.clear()


def write_as_the_service_does(call: Call) -> None:
    """Sound and metadata lie in our container; the event names the service's own copies."""
    folder = "20261124/5b1e/rec-1f0a-77"
    write_file(call, f"{folder}/0-audiowav.0-eau-d1-77-0.wav", SOUND)
    write_file(call, f"{folder}/0-acsmetadata.0-eau-d1-77-0.json", b"{}")
    copy = "https://eau.asm.skype.com/v1/objects/0-eau-d1-77-0/content/audio"
    announce_files(call, file_event(copy, event_id="0-eau-d1-77"))


def test_call_goes_from_the_lines_folder_to_a_scorecard(interview, call, heard):
    write_as_the_service_does(call)
    do_work()
    interview.refresh_from_db()
    assert (interview.stage, interview.failure) == (Stage.SCORED, "")
    assert [samples[: len(CANDIDATE) * 2] for samples in heard] == [CANDIDATE.tobytes()]
    assert set(heard[0][len(CANDIDATE) * 2 :]) == {0}
    segments = interview.transcripts.get().segments.values_list("speaker", "question__position")
    assert list(segments) == [
        ("interviewer", 1),
        ("candidate", 1),
        ("interviewer", 2),
        ("candidate", 2),
    ]
    assert (files_of(call), len(NotedLine.deleted)) == ([], 1)


def test_player_gets_both_sides_as_they_were_recorded(call, people: People, api):
    write_as_the_service_does(call)
    do_work()
    row = Recording.objects.get()
    address = api(people.alice).get(f"/api/v1/recordings/{row.pk}/url").json()["url"]
    played = requests.get(address, timeout=9)
    assert (played.headers["Content-Type"], played.content) == ("audio/wav", SOUND)
    assert storages["recordings"].size(row.storage_name) == len(SOUND)
    shown = api(people.alice).get(f"/api/v1/recordings/{row.pk}").json()
    assert (shown["source"], shown["call"]) == ("phone", str(call.pk))
    assert len(shown["peaks"]) == 600
