"""Uploads: an address first, then the file, then the measured truth about it."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Interview
from interviews.services.conversation import begin, open_turn
from interviews.services.interviews import cancel_interview, complete_interview
from interviews.states import Channel, Stage, Status
from recordings.models import Recording
from recordings.services.answers import answer_in_writing
from recordings.services.refusals import clear_refused
from recordings.services.uploads import abandon_uploads, complete_upload
from recordings.states import RecordingStatus, Speaker
from talenti.errors import Invalid, Unsuitable, WrongState
from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.work.models import WorkItem
from tests.people import People
from tests.recordings.rows import WAV, announce, send, upload
from tests.rows import make_guide, make_interview, make_job

LATER = timedelta(hours=2)


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview whose recordings are uploaded."""
    return make_interview(people.home, channel=Channel.UPLOAD)


@pytest.fixture
def talk(people: People) -> Interview:
    """An interview in the browser with its first question asked."""
    interview = make_interview(people.home)
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.CONSENTED, consented_at=timezone.now()
    )
    begin(interview)
    interview.refresh_from_db()
    return interview


def facts(row: Recording) -> dict:
    row.refresh_from_db()
    names = ("status", "size", "sha256", "media_type", "codec", "duration_ms", "refusal")
    return {name: getattr(row, name) for name in names}


def test_upload_is_measured_and_not_believed(interview: Interview):
    row = upload(interview, content_type="audio/mpeg", filename="answer.mp3")
    content = WAV.read_bytes()
    assert facts(row) == {
        "status": "stored",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "audio/wav",
        "codec": "pcm_s16le",
        "duration_ms": 4520,
        "refusal": "",
    }


def test_upload_of_whole_interview_completes_it_and_queues_the_transcription(interview: Interview):
    row = upload(interview)
    interview.refresh_from_db()
    assert (interview.status, interview.stage) == (Status.COMPLETED, Stage.TRANSCRIBING)
    queued = WorkItem.objects.values_list("kind", "subject_id", "queue")
    assert list(queued) == [("recordings.transcribe", row.pk, "media")]


def test_upload_of_the_interviewers_voice_completes_nothing(interview: Interview):
    upload(interview, speaker=Speaker.INTERVIEWER)
    interview.refresh_from_db()
    assert interview.status == Status.CONSENTED


def test_uploads_per_question_complete_when_all_are_answered(interview: Interview):
    first, second = interview.guide.questions.order_by("position")
    upload(interview, question=first)
    interview.refresh_from_db()
    assert interview.status == Status.CONSENTED
    upload(interview, question=second)
    interview.refresh_from_db()
    assert interview.status == Status.COMPLETED


@pytest.mark.parametrize(
    ("content", "plan", "status", "code"),
    [
        (b"", {}, 422, "empty"),
        (b"abc", {"size": 4}, 422, "size_mismatch"),
        (b"abc", {"sha256": "0" * 64}, 422, "sha256_mismatch"),
        (b"just some words, not a medium", {}, 415, "not_accepted"),
        (b"ffconcat version 1.0\nfile other.wav\n", {}, 415, "not_accepted"),
    ],
)
def test_upload_that_cannot_be_taken_is_refused_for_good(
    interview: Interview, content: bytes, plan: dict, status: int, code: str
):
    row = announce(interview, content, **plan)
    send(row, content)
    with pytest.raises(Unsuitable) as refused:
        complete_upload(row, SYSTEM)
    assert (refused.value.status, refused.value.code) == (status, code)
    row.refresh_from_db()
    assert (row.status, row.refusal) == ("refused", code)
    assert not storages["recordings"].exists(row.storage_name)


def test_truncated_upload_is_refused(interview: Interview):
    content = WAV.read_bytes()[:50_000]
    row = announce(interview, content)
    send(row, content)
    with pytest.raises(Unsuitable) as refused:
        complete_upload(row, SYSTEM)
    assert (refused.value.status, refused.value.code) == (422, "truncated")


def test_upload_larger_than_allowed_is_refused_before_it_is_sent(interview: Interview, settings):
    settings.MAX_RECORDING_BYTES = 1024
    with pytest.raises(Unsuitable) as refused:
        announce(interview, b"x" * 1025)
    assert (refused.value.status, refused.value.code) == (413, "too_large")
    assert not Recording.objects.exists()


def test_upload_longer_than_allowed_is_refused(interview: Interview, settings):
    settings.MAX_RECORDING_DURATION_MINUTES = 0
    with pytest.raises(Unsuitable) as refused:
        upload(interview)
    assert (refused.value.status, refused.value.code) == (422, "too_long")


def test_upload_for_a_question_of_another_guide_is_invalid(interview: Interview, people: People):
    other = make_guide(make_job(people.home, "Other")).questions.first()
    with pytest.raises(Invalid):
        announce(interview, b"x", question=other)


def test_complete_before_the_file_arrived_is_a_wrong_state(interview: Interview):
    row = announce(interview, b"x")
    with pytest.raises(WrongState) as refused:
        complete_upload(row, SYSTEM)
    assert refused.value.legal_moves == ["upload"]


def test_complete_twice_is_a_wrong_state(interview: Interview):
    row = upload(interview)
    with pytest.raises(WrongState) as refused:
        complete_upload(row, SYSTEM)
    assert refused.value.legal_moves == ["deleting"]


def test_complete_of_a_recording_that_was_stored_meanwhile_keeps_its_file(interview: Interview):
    row = announce(interview, b"no medium")
    send(row, b"no medium")
    Recording.objects.filter(pk=row.pk).update(
        status=RecordingStatus.STORED,
        stored_at=timezone.now(),
        size=1,
        duration_ms=1,
        sha256="0",
        media_type="audio/wav",
    )
    with pytest.raises(WrongState):
        complete_upload(row, SYSTEM)
    assert storages["recordings"].exists(row.storage_name)


@pytest.mark.parametrize("over", [cancel_interview, complete_interview])
def test_complete_after_the_interview_is_over_stores_nothing(interview: Interview, over):
    content = WAV.read_bytes()
    row = announce(interview, content)
    send(row, content)
    over(interview, SYSTEM)
    with pytest.raises(WrongState):
        complete_upload(row, SYSTEM)
    row.refresh_from_db()
    assert row.status == RecordingStatus.PENDING


def test_spoken_answer_answers_its_turn(talk: Interview):
    turn = open_turn(talk)
    row = upload(talk, turn=turn)
    turn.refresh_from_db()
    assert (turn.answer_ms, bool(turn.answered_at)) == (4520, True)
    assert (row.source, row.question_id) == ("browser", turn.question_id)


def test_another_take_of_an_answer_replaces_one_that_was_never_completed(talk: Interview):
    turn = open_turn(talk)
    first = announce(talk, b"first", turn=turn)
    second = announce(talk, b"second", turn=turn)
    first.refresh_from_db()
    assert (first.status, first.refusal, first.turn_id) == ("refused", "superseded", None)
    assert second.turn_id == turn.pk


def test_another_take_after_a_refused_one_is_possible(talk: Interview):
    turn = open_turn(talk)
    row = announce(talk, b"noise", turn=turn)
    send(row, b"noise")
    with pytest.raises(Unsuitable):
        complete_upload(row, SYSTEM)
    assert upload(talk, turn=turn).status == RecordingStatus.STORED


def test_another_take_of_an_answered_turn_is_a_wrong_state(talk: Interview):
    turn = open_turn(talk)
    upload(talk, turn=turn)
    turn.answered_at = None  # as read before the answer came
    with pytest.raises(WrongState):
        announce(talk, b"late", turn=turn)


def test_upload_that_never_came_is_abandoned_an_hour_after_its_address_ended(interview: Interview):
    row = announce(interview, b"x")
    assert abandon_uploads(timezone.now()) == 0
    assert abandon_uploads(timezone.now() + LATER) == 1
    assert facts(row)["refusal"] == "abandoned"


def test_upload_under_legal_hold_is_not_abandoned(interview: Interview):
    row = announce(interview, b"x")
    Interview.objects.update(legal_hold=True)
    assert abandon_uploads(timezone.now() + LATER) == 0
    assert facts(row)["status"] == "pending"


def test_answer_that_arrived_but_was_never_completed_is_completed(talk: Interview):
    turn = open_turn(talk)
    content = WAV.read_bytes()
    row = announce(talk, content, turn=turn)
    send(row, content)
    assert abandon_uploads(timezone.now() + LATER) == 1
    turn.refresh_from_db()
    assert facts(row)["status"] == "stored"
    assert turn.answer_ms == 4520


def test_answer_that_arrived_after_a_typed_one_is_refused(talk: Interview):
    turn = open_turn(talk)
    content = WAV.read_bytes()
    row = announce(talk, content, turn=turn)
    send(row, content)
    answer_in_writing(turn, "I write instead.")
    assert abandon_uploads(timezone.now() + LATER) == 1
    assert facts(row)["refusal"] == "abandoned"
    assert not storages["recordings"].exists(row.storage_name)


def test_file_that_comes_after_the_refusal_is_deleted_when_its_address_is_dead(
    interview: Interview,
):
    row = announce(interview, b"no medium")
    send(row, b"no medium")
    with pytest.raises(Unsuitable):
        complete_upload(row, SYSTEM)
    send(row, b"again")
    assert clear_refused(timezone.now()) == 0
    assert clear_refused(timezone.now() + LATER) == 1
    assert not storages["recordings"].exists(row.storage_name)
    assert clear_refused(timezone.now() + LATER) == 0


def test_late_upload_that_cannot_be_settled_does_not_keep_the_others(
    interview: Interview, caplog: pytest.LogCaptureFixture
):
    poisoned = announce(interview, b"x")
    Recording.objects.filter(pk=poisoned.pk).update(storage_name="../poison")
    other = announce(interview, b"x")
    assert abandon_uploads(timezone.now() + LATER) == 1
    assert facts(other)["status"] == "refused"
    assert "late upload not settled" in caplog.text


def test_history_tells_every_step_of_an_upload(interview: Interview):
    row = upload(interview)
    told = HistoryEntry.objects.filter(subject_id=row.pk).values_list("verb", "to_state")
    assert list(told) == [("announced", ""), ("status", "stored")]


def test_completed_upload_interview_without_any_recording_is_judged_by_the_gate(
    interview: Interview,
):
    complete_interview(interview, SYSTEM)
    interview.refresh_from_db()
    assert interview.stage == Stage.SCORING
