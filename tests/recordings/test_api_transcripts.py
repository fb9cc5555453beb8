"""The transcript over the API: merged, corrected and confirmed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Interview
from interviews.states import Channel, Status
from recordings.models import Segment
from tests.people import People
from tests.recordings.rows import make_draft, make_recording
from tests.rows import make_interview

DRAFT = "i found the fault and replace the pump in one day"
LABEL = "Draft transcript (basic offline recogniser, US English). Check every word."


@pytest.fixture
def interview(people: People) -> Interview:
    """A completed interview whose second answer was transcribed first."""
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    Interview.objects.update(status=Status.COMPLETED, completed_at=timezone.now())
    first, second = interview.guide.questions.order_by("position")
    early, late = (
        make_recording(interview, question=second),
        make_recording(interview, question=first),
    )
    make_draft(early, "second answer " + DRAFT)
    make_draft(late, "first answer " + DRAFT, "and some more words")
    interview.refresh_from_db()
    return interview


@pytest.fixture
def alice(people: People, api) -> APIClient:
    return api(people.alice)


def url(interview: Interview, name: str = "transcript") -> str:
    return f"/api/v1/interviews/{interview.pk}/{name}"


def confirm(client: APIClient, interview: Interview, body: dict | None = None):
    return client.post(url(interview, "transcript/confirm"), body)


def test_transcript_before_there_is_one_is_pending(alice: APIClient, people: People):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    assert alice.get(url(interview)).json() == {
        "interview": str(interview.pk),
        "status": "pending",
        "label": "",
        "engine": "",
        "language": "",
        "recordings": [],
        "segments": [],
        "confirmed_by": None,
        "confirmed_at": None,
        "edit_distance": None,
    }


def test_transcript_merges_recordings_in_the_order_of_the_questions(alice, interview):
    body = alice.get(url(interview)).json()
    assert [one["text"].split()[0] for one in body["segments"]] == ["first", "and", "second"]
    assert (body["status"], body["label"], body["engine"]) == ("draft", LABEL, "offline")
    assert [one["duration_ms"] for one in body["recordings"]] == [60_000, 60_000]
    row = Segment.objects.get(text__startswith="first")
    assert body["segments"][0] == {
        "id": str(row.pk),
        "recording": str(row.transcript.recording_id),
        "question": str(row.question_id),
        "speaker": "candidate",
        "voice": "",
        "start_ms": 0,
        "end_ms": 10_000,
        "text": "first answer " + DRAFT,
        "draft_text": "first answer " + DRAFT,
        "confidence": "0.900",
    }


def test_one_unclear_part_makes_the_whole_need_a_transcript(alice, interview):
    make_draft(make_recording(interview), "mumble")
    assert alice.get(url(interview)).json()["status"] == "needs_transcript"


def test_confirming_with_corrections_keeps_drafts_and_names_the_person(alice, interview, people):
    row = Segment.objects.get(text__startswith="first")
    text = "First answer: I found the fault and replaced the pump in one day."
    answer = confirm(alice, interview, {"segments": [{"id": str(row.pk), "text": text}]})
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "confirmed")
    assert (body["segments"][0]["text"], body["segments"][0]["draft_text"]) == (text, row.text)
    assert body["confirmed_by"] == {"id": str(people.alice.pk), "name": "Alice Example"}
    assert body["edit_distance"] == 5
    interview.refresh_from_db()
    assert interview.stage == "scoring"


def test_confirming_with_an_empty_body_means_right_as_it_is(alice, interview):
    assert confirm(alice, interview).json()["edit_distance"] == 0


def test_confirming_may_add_a_segment(alice, interview):
    recording = interview.recordings.first()
    added = {"recording": str(recording.pk), "text": "And more.", "start_ms": 50_000}
    body = confirm(alice, interview, {"segments": [added]}).json()
    new = [one for one in body["segments"] if one["text"] == "And more."]
    assert [(one["start_ms"], one["end_ms"], one["draft_text"]) for one in new] == [
        (50_000, 60_000, "")
    ]


def test_confirming_twice_is_409(alice, interview):
    assert confirm(alice, interview).status_code == 200
    again = confirm(alice, interview)
    assert (again.status_code, again.json()["legal_moves"]) == (409, [])


@pytest.mark.parametrize(
    ("segment", "field"),
    [
        ({}, "segments[0].id"),
        ({"id": "not-one", "text": "x"}, "segments[0].id"),
        ({"id": "01890000-0000-7000-8000-000000000000", "text": "x"}, "segments[0].id"),
        ({"id": "01890000-0000-7000-8000-000000000000", "speaker": "dog"}, "segments[0].speaker"),
        (
            {"recording": "01890000-0000-7000-8000-000000000000", "text": "x"},
            "segments[0].recording",
        ),
        ({"recording": "01890000-0000-7000-8000-000000000000"}, "segments[0].text"),
        ({"id": "01890000-0000-7000-8000-000000000000", "start_ms": -1}, "segments[0].start_ms"),
        ({"id": "01890000-0000-7000-8000-000000000000", "words": "x"}, "segments[0].words"),
    ],
)
def test_correction_that_does_not_fit_names_the_field(alice, interview, segment, field: str):
    answer = confirm(alice, interview, {"segments": [segment]})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert alice.get(url(interview)).json()["status"] == "draft"


@pytest.mark.parametrize(
    ("name", "status"), [("olive", 200), ("alice", 200), ("bob", 200), ("vera", 403)]
)
def test_role_decides_who_confirms(people: People, api, interview, name: str, status: int):
    assert confirm(api(getattr(people, name)), interview).status_code == status


def test_number_of_queries_does_not_grow_with_recordings(alice, interview):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(url(interview)).status_code == 200
        return len(queries)

    before = count()
    make_draft(make_recording(interview), "third answer " + DRAFT)
    assert (before, count()) == (4, 4)
