"""The stage of an interview as its recordings and transcripts tell it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.models import Interview
from interviews.services.interviews import complete_interview
from interviews.states import Channel, Stage, Status
from recordings.media.facts import DecodedAudio
from recordings.services.answers import answer_in_writing
from recordings.services.progress import TRANSCRIBE, settle
from recordings.services.transcription import store_transcription
from recordings.states import TranscriptStatus
from recordings.transcriber.offline import OfflineTranscriber
from recordings.transcriber.protocol import SpokenSegment, Transcription
from talenti.history import SYSTEM, Actor
from talenti.work import claims
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue, requeue
from tests.people import People
from tests.recordings.rows import make_draft, make_recording
from tests.rows import make_interview

WORDS = "i found the fault and i replaced the pump in one day"


class TrustedTranscriber(OfflineTranscriber):
    """An engine whose words need no confirmation."""

    name = "trusted"
    label = "Trusted"
    is_draft = False


@pytest.fixture
def interview(people: People) -> Interview:
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    Interview.objects.update(status=Status.COMPLETED, completed_at=timezone.now())
    return interview


def stage_of(interview: Interview) -> str:
    interview.refresh_from_db()
    return interview.stage


def bury_transcription(recording) -> WorkItem:
    enqueue(TRANSCRIBE, organisation_id=recording.organisation_id, subject_id=recording.pk)
    item = WorkItem.objects.get(subject_id=recording.pk)
    claim = claims.take(item.pk, timedelta(seconds=60))
    claims.bury(claim, cause="bad_audio", error="It cannot be decoded.")
    item.refresh_from_db()
    return item


def test_stage_waits_for_every_transcript(interview: Interview):
    first, second = make_recording(interview), make_recording(interview)
    make_draft(first, WORDS)
    assert stage_of(interview) == Stage.TRANSCRIBING
    make_draft(second, WORDS)
    assert stage_of(interview) == Stage.NEEDS_CONFIRMATION


def test_words_of_a_trusted_engine_are_scored_without_confirmation(interview: Interview):
    recording = make_recording(interview)
    heard = Transcription((SpokenSegment(0, 9000, WORDS, 0.95),), "en-US", "trusted-1")
    store_transcription(recording.pk, DecodedAudio(9000, ()), heard, TrustedTranscriber())
    assert stage_of(interview) == Stage.SCORING
    assert WorkItem.objects.filter(kind="scoring.score").count() == 1


def test_settling_twice_queues_one_scoring(interview: Interview):
    recording = make_recording(interview)
    heard = Transcription((SpokenSegment(0, 9000, WORDS, 0.95),), "en-US", "trusted-1")
    store_transcription(recording.pk, DecodedAudio(9000, ()), heard, TrustedTranscriber())
    settle(interview.pk)
    settle(interview.pk)
    assert WorkItem.objects.filter(kind="scoring.score").count() == 1


def test_unclear_draft_has_to_be_written_by_a_person(interview: Interview):
    transcript = make_draft(make_recording(interview), WORDS, confidence=0.5)
    assert transcript.status == TranscriptStatus.NEEDS_TRANSCRIPT
    assert stage_of(interview) == Stage.NEEDS_CONFIRMATION


def test_dead_transcription_fails_the_stage_with_its_cause(interview: Interview):
    bury_transcription(make_recording(interview))
    assert (stage_of(interview), interview.failure) == (Stage.FAILED, "bad_audio")


def test_requeued_transcription_leaves_the_failure_behind(interview: Interview, people: People):
    item = bury_transcription(make_recording(interview))
    requeue(item, Actor.person(people.alice))
    assert (stage_of(interview), interview.failure) == (Stage.TRANSCRIBING, "")


def test_typed_answers_alone_are_scored_when_the_interview_ends(people: People):
    interview = make_interview(people.home)
    Interview.objects.update(status=Status.IN_PROGRESS, consented_at=timezone.now())
    interview.refresh_from_db()
    turn = interview.turns.create(
        organisation_id=interview.organisation_id,
        question=interview.guide.questions.first(),
        position=1,
        kind="question",
        source="planned",
        text="Tell me.",
        asked_at=timezone.now(),
    )
    answer_in_writing(turn, WORDS)
    complete_interview(interview, SYSTEM)
    assert stage_of(interview) == Stage.SCORING


def test_language_without_a_recogniser_waits_for_a_person(interview: Interview):
    heard = Transcription((), "de-DE", "")
    recording = make_recording(interview)
    store_transcription(recording.pk, DecodedAudio(9000, ()), heard, OfflineTranscriber())
    transcript = recording.transcript
    assert (transcript.status, transcript.label) == (
        "needs_transcript",
        "No recogniser for this language: a person writes it.",
    )


def test_stored_text_holds_nothing_that_a_database_refuses(interview: Interview):
    transcript = make_draft(make_recording(interview), "a\x00b \ud800 c")
    assert transcript.segments.get().text == "ab  c"
