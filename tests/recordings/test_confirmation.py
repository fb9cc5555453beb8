"""Confirmation: a person makes a draft into words that may be scored."""

import uuid

import pytest
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel, Stage, Status
from recordings.models import Recording, Segment, Transcript
from recordings.services.confirmation import Correction, confirm_transcript, word_distance
from recordings.states import Speaker
from talenti.errors import Invalid, WrongState
from talenti.history import Actor
from talenti.models import HistoryEntry
from talenti.work.models import WorkItem
from tests.people import People
from tests.recordings.rows import make_draft, make_recording
from tests.rows import make_interview

DRAFT = "i found the fault and replace the pump in one day"


@pytest.fixture
def interview(people: People) -> Interview:
    """A completed interview of one recording."""
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    Interview.objects.update(status=Status.COMPLETED, completed_at=timezone.now())
    interview.refresh_from_db()
    return interview


@pytest.fixture
def recording(interview: Interview) -> Recording:
    return make_recording(interview)


@pytest.fixture
def alice(people: People) -> Actor:
    return Actor.person(people.alice)


def test_draft_waits_for_its_confirmation(interview: Interview, recording: Recording):
    make_draft(recording, DRAFT)
    interview.refresh_from_db()
    assert interview.stage == Stage.NEEDS_CONFIRMATION
    assert not WorkItem.objects.filter(kind="scoring.score").exists()


def test_confirming_without_corrections_takes_the_draft_as_it_is(interview, recording, alice):
    transcript = make_draft(recording, DRAFT)
    confirm_transcript(interview, [], alice)
    transcript.refresh_from_db()
    assert (transcript.status, transcript.edit_distance, transcript.confirmed_by) == (
        "confirmed",
        0,
        alice.user,
    )


def test_confirming_queues_the_scoring_in_the_same_transaction(interview, recording, alice):
    make_draft(recording, DRAFT)
    confirm_transcript(interview, [], alice)
    interview.refresh_from_db()
    assert interview.stage == Stage.SCORING
    assert WorkItem.objects.filter(kind="scoring.score", subject_id=interview.pk).count() == 1


def test_correction_keeps_the_draft_beside_the_final_text(interview, recording, alice):
    transcript = make_draft(recording, DRAFT, "well um")
    first, second = transcript.segments.order_by("position")
    question = interview.guide.questions.first()
    corrections = [
        Correction(first.pk, text="I found the fault and replaced the pump.", question=question.pk),
        Correction(second.pk, speaker=Speaker.INTERVIEWER),
    ]
    confirm_transcript(interview, corrections, alice)
    kept = transcript.segments.values_list("draft_text", "text", "speaker", "question")
    assert list(kept) == [
        (DRAFT, "I found the fault and replaced the pump.", "candidate", question.pk),
        ("well um", "well um", "interviewer", None),
    ]
    transcript.refresh_from_db()
    assert transcript.edit_distance == word_distance(
        DRAFT, "I found the fault and replaced the pump."
    )


def test_correction_may_add_what_the_engine_missed(interview, recording, alice):
    transcript = make_draft(recording)
    added = Correction(recording=recording.pk, text="I speak.", start_ms=500, end_ms=99_000)
    confirm_transcript(interview, [added], alice)
    rows = Segment.objects.filter(transcript=transcript)
    values = rows.values_list("position", "start_ms", "end_ms", "draft_text", "text", "speaker")
    assert list(values) == [(1, 500, 60_000, "", "I speak.", "candidate")]


def test_confirmation_tells_who_did_it(interview, recording, alice):
    transcript = make_draft(recording, DRAFT)
    confirm_transcript(interview, [], alice)
    told = HistoryEntry.objects.get(subject_id=transcript.pk)
    assert (told.from_state, told.to_state, told.actor) == (
        "draft",
        "confirmed",
        alice.user,
    )


def test_confirming_twice_is_a_wrong_state(interview, recording, alice):
    make_draft(recording, DRAFT)
    confirm_transcript(interview, [], alice)
    with pytest.raises(WrongState):
        confirm_transcript(interview, [], alice)


def test_confirming_while_a_recording_is_transcribed_is_a_wrong_state(interview, recording, alice):
    make_draft(recording, DRAFT)
    make_recording(interview)
    with pytest.raises(WrongState) as refused:
        confirm_transcript(interview, [], alice)
    assert refused.value.legal_moves == ["wait"]


def test_confirming_before_the_interview_is_over_is_a_wrong_state(people, alice):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    with pytest.raises(WrongState):
        confirm_transcript(interview, [], alice)


@pytest.mark.parametrize(
    ("correction", "path"),
    [
        (Correction(uuid.uuid4(), text="x"), "segments[0].id"),
        (Correction(recording=uuid.uuid4(), text="x"), "segments[0].recording"),
        (Correction(text="x"), "segments[0].recording"),
        (Correction(uuid.uuid4(), question=uuid.uuid4()), "segments[0].question"),
    ],
)
def test_correction_of_what_is_not_there_is_named(interview, recording, alice, correction, path):
    make_draft(recording, DRAFT)
    with pytest.raises(Invalid) as refused:
        confirm_transcript(interview, [correction], alice)
    assert list(refused.value.errors) == [path]


def test_correction_of_another_interviews_segment_changes_nothing(people, interview, alice):
    make_draft(make_recording(interview), DRAFT)
    other = make_interview(people.elsewhere, channel=Channel.UPLOAD)
    foreign = make_draft(make_recording(other), "their own words").segments.get()
    with pytest.raises(Invalid):
        confirm_transcript(interview, [Correction(foreign.pk, text="mine now")], alice)
    foreign.refresh_from_db()
    assert foreign.text == "their own words"
    assert not Transcript.objects.filter(status="confirmed").exists()


def test_new_segment_must_start_before_it_ends(interview, recording, alice):
    make_draft(recording, DRAFT)
    with pytest.raises(Invalid) as refused:
        confirm_transcript(
            interview,
            [Correction(recording=recording.pk, text="x", start_ms=9, end_ms=9)],
            alice,
        )
    assert list(refused.value.errors) == ["segments[0].end_ms"]


@pytest.mark.parametrize(
    ("draft", "text", "distance"),
    [
        ("", "", 0),
        ("one two three", "one two three", 0),
        ("", "one two", 2),
        ("one two", "", 2),
        ("one two three", "one 2 three four", 2),
    ],
)
def test_word_distance_counts_changed_words(draft: str, text: str, distance: int):
    assert word_distance(draft, text) == distance
