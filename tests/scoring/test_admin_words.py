"""Recordings and words on the page of one interview: uploading, playing, confirming."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel, Stage, Status
from recordings.models import Recording, Segment
from recordings.states import TranscriptStatus
from talenti.models import HistoryEntry
from tests.people import People
from tests.recordings.rows import WAV, make_draft, make_recording, put_file
from tests.rows import make_interview
from tests.scoring.rows import OWNERSHIP, TEAMWORK, make_scored
from tests.talenti.admin.consoles import console_for

DRAFT_LABEL = "Draft transcript (basic offline recogniser, US English). Check every word."


def page(interview: Interview, name: str = "change") -> str:
    return f"/admin/interviews/interview/{interview.pk}/{name}/"


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


@pytest.fixture
def bob(people: People) -> Client:
    """The console as the reviewer has it, who is blind first."""
    return console_for(people.bob)


@pytest.fixture
def draft(people: People) -> Interview:
    """A completed interview of one whole recording whose draft waits."""
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    recording = make_recording(interview)
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.COMPLETED, completed_at=timezone.now()
    )
    make_draft(recording, OWNERSHIP, TEAMWORK, confidence=0.7)
    interview.refresh_from_db()
    return interview


def test_draft_says_what_it_is(draft: Interview, alice: Client) -> None:
    body = alice.get(page(draft)).content.decode()

    assert DRAFT_LABEL in body
    assert body.count("Confirm the transcript") == 2


def test_voices_that_were_told_apart_are_shown_to_who_confirms(
    draft: Interview, alice: Client
) -> None:
    assert "Voice " not in alice.get(page(draft)).content.decode()
    Segment.objects.filter(position=2).update(voice="Guest-2")
    assert alice.get(page(draft)).content.decode().count("Voice Guest-2") == 1


def test_one_click_confirms_a_transcript_that_is_right(draft: Interview, bob: Client) -> None:
    response = bob.post(page(draft, "confirm"))

    transcript = draft.transcripts.get()
    assert told(response) == ["The transcript is confirmed."]
    assert (transcript.status, transcript.edit_distance) == (TranscriptStatus.CONFIRMED, 0)


def test_corrections_are_stored_beside_the_draft(draft: Interview, bob: Client) -> None:
    first, second = Segment.objects.order_by("position")
    question = draft.guide.questions.order_by("position")[0]

    bob.post(
        page(draft, "confirm"),
        {
            f"text-{first.pk}": f"{OWNERSHIP} and that is all",
            f"question-{first.pk}": str(question.pk),
            f"speaker-{second.pk}": "interviewer",
        },
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, first.draft_text) == (f"{OWNERSHIP} and that is all", OWNERSHIP)
    assert (first.question_id, second.speaker) == (question.pk, "interviewer")
    assert draft.transcripts.get().edit_distance == 4


def test_words_are_added_by_hand(draft: Interview, bob: Client) -> None:
    recording = draft.recordings.get()
    added = {
        "added_recording": [str(recording.pk)] * 2,
        "added_text": ["and then I left", " "],
        "added_speaker": ["candidate"] * 2,
        "added_question": [""] * 2,
        "added_start": ["0:20", ""],
        "added_end": ["0:25", ""],
    }

    bob.post(page(draft, "confirm"), added)

    row = Segment.objects.get(position=3)
    assert (row.text, row.start_ms, row.end_ms) == ("and then I left", 20_000, 25_000)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speaker", "nobody"),
        ("question", "none of them"),
        ("question", "01890000-0000-7000-8000-000000000000"),
        ("text", "a" * 20_001),
        ("text", "nul \x00 byte"),
    ],
)
def test_wrong_corrections_confirm_nothing(
    draft: Interview, bob: Client, field: str, value: str
) -> None:
    segment = Segment.objects.order_by("position")[0]

    bob.post(page(draft, "confirm"), {f"{field}-{segment.pk}": value})

    assert draft.transcripts.get().status == TranscriptStatus.DRAFT


def test_each_playback_is_noted(people: People, bob: Client) -> None:
    interview = make_scored(people.home)
    recording = interview.recordings.order_by("pk")[0]
    bob.get(page(interview))
    assert not HistoryEntry.objects.filter(verb="opened").exists()

    answer = bob.post(f"/admin/recordings/recording/{recording.pk}/play/")

    entry = HistoryEntry.objects.get(verb="opened")
    assert sorted(answer.json()) == ["expires_at", "url"]
    assert (entry.subject_id, entry.actor) == (recording.pk, people.bob)


def test_deleted_recordings_are_not_played(people: People, bob: Client) -> None:
    interview = make_scored(people.home)
    Recording.objects.update(status="deleted", deleted_at=timezone.now())
    recording = interview.recordings.order_by("pk")[0]

    answer = bob.post(f"/admin/recordings/recording/{recording.pk}/play/")

    assert answer.status_code == 409
    assert "its retention period ended" in bob.get(page(interview)).content.decode()


def test_upload_from_the_page_goes_the_whole_way(people: People, alice: Client) -> None:
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    content = WAV.read_bytes()
    about = {"filename": "a.wav", "content_type": "audio/wav", "size": len(content)}

    answer = alice.post(page(interview, "upload"), about | {"speaker": "candidate"}).json()
    put_file(answer["upload"], content)
    done = alice.post(answer["complete"])

    interview.refresh_from_db()
    assert done.json()["status"] == "stored"
    assert (interview.status, interview.stage) == (Status.COMPLETED, Stage.TRANSCRIBING)


def test_refused_uploads_say_why(people: People, alice: Client) -> None:
    interview = make_interview(people.home)
    about = {"filename": "a.wav", "size": "5", "speaker": "candidate"}

    wrong_state = alice.post(page(interview, "upload"), about)
    no_name = alice.post(page(interview, "upload"), about | {"filename": ""})

    assert (wrong_state.status_code, no_name.status_code) == (409, 409)
    assert no_name.json() == {"detail": "The file has no name, or its size is unknown."}
