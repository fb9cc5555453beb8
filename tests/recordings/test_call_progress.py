"""The stage of a phone interview: nothing is scored before what was recorded has come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.services.interviews import complete_interview
from interviews.states import Stage, Status
from recordings.models import Recording
from recordings.services.progress import FETCH_CALL, settle
from recordings.services.uploads import abandon_uploads, complete_upload
from recordings.states import RecordingStatus
from scoring.services.requests import request_score
from talenti.errors import WrongState
from talenti.history import SYSTEM
from talenti.work import claims
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue, requeue
from tests.people import People
from tests.recordings.call_rows import make_call, make_phone_interview
from tests.recordings.rows import make_draft, make_recording, upload
from tests.rows import actor_of
from tests.talenti.admin.consoles import console_for

WORDS = "i found the fault and i replaced the pump in one day"


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Call:
    return make_call(interview)


def stage_of(interview: Interview) -> tuple[str, str]:
    settle(interview.pk)
    interview.refresh_from_db()
    return interview.stage, interview.failure


def lose(call: Call) -> WorkItem:
    """Let the fetching of the call's recording fail for good."""
    enqueue(FETCH_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    item = WorkItem.objects.open().get(kind=FETCH_CALL, subject_id=call.pk)
    claims.bury(claims.take(item.pk, timedelta(60)), cause="recording_lost", error="It is not.")
    item.refresh_from_db()
    return item


def bring(call: Call) -> Recording:
    """Return the recording of the call, all of which is with us now, written down as a draft."""
    values = {"chunk": 0, "line_name": "0.wav", "offset_ms": 0}
    row = make_recording(call.interview, call=call, source="phone", **values)
    Call.objects.filter(pk=call.pk).update(recording_stored_at=timezone.now())
    make_draft(row, WORDS)
    return row


def test_completed_interview_waits_for_its_recording(interview, call, people: People):
    assert stage_of(interview) == (Stage.AWAITING_RECORDING, "")
    with pytest.raises(WrongState, match="has not come"):
        request_score(interview, actor_of(people.home))


def test_words_of_the_first_call_are_not_enough(interview, call):
    earlier = make_call(interview)
    bring(earlier)
    assert stage_of(interview) == (Stage.AWAITING_RECORDING, "")
    bring(call)
    assert stage_of(interview) == (Stage.NEEDS_CONFIRMATION, "")


def test_recording_that_came_goes_its_way(interview, call):
    bring(call)
    assert stage_of(interview) == (Stage.NEEDS_CONFIRMATION, "")


def test_call_that_was_never_recorded_is_not_waited_for(interview, call):
    make_call(interview, recording_started_at=None)
    bring(call)
    assert stage_of(interview) == (Stage.NEEDS_CONFIRMATION, "")


def test_completing_does_not_settle_what_is_missing(people: People):
    interview = make_phone_interview(people.home, status=Status.IN_PROGRESS, completed_at=None)
    make_call(interview)
    complete_interview(interview, SYSTEM)
    assert stage_of(interview) == (Stage.AWAITING_RECORDING, "")
    assert not WorkItem.objects.filter(kind="scoring.score").exists()


def test_loss_during_the_interview_shows_when_it_is_completed(people: People):
    interview = make_phone_interview(people.home, status=Status.IN_PROGRESS, completed_at=None)
    lose(make_call(interview))
    assert stage_of(interview) == (Stage.AWAITING_RECORDING, "")
    complete_interview(interview, SYSTEM)
    assert stage_of(interview) == (Stage.FAILED, "recording_lost")


def test_lost_recording_fails_the_stage_until_it_is_tried_again(interview, call, people: People):
    item = lose(call)
    assert stage_of(interview) == (Stage.FAILED, "recording_lost")
    requeue(item, actor_of(people.home))
    assert stage_of(interview) == (Stage.AWAITING_RECORDING, "")


def test_person_may_have_the_rest_scored_after_a_loss(interview, call, people: People):
    other = make_call(interview)
    make_draft_ready(bring(other))
    lose(call)
    assert stage_of(interview) == (Stage.FAILED, "recording_lost")
    request_score(interview, actor_of(people.home))
    interview.refresh_from_db()
    assert interview.stage == Stage.SCORING


def make_draft_ready(row: Recording) -> None:
    transcript = row.transcript
    type(transcript).objects.filter(pk=transcript.pk).update(status="ready")


def test_person_may_upload_what_was_lost(interview, call):
    lose(call)
    row = upload(interview)
    assert stage_of(interview) == (Stage.TRANSCRIBING, "")
    make_draft(row, WORDS)
    assert stage_of(interview) == (Stage.NEEDS_CONFIRMATION, "")


def test_page_offers_the_upload_of_what_was_lost(interview, call, people: People):
    page = f"/admin/interviews/interview/{interview.pk}/change/"
    console = console_for(people.alice)
    offered = [b"data-upload" in console.get(page).content]
    lose(call)
    offered.append(b"data-upload" in console.get(page).content)
    assert offered == [False, True]


def test_nothing_is_uploaded_while_the_recording_may_come(interview, call):
    with pytest.raises(WrongState):
        upload(interview)


def test_waiting_row_of_a_call_is_no_upload(interview, call):
    values = {"chunk": 0, "line_name": "0.wav", "status": RecordingStatus.PENDING}
    long_ago = timezone.now() - timedelta(days=1)
    row = make_recording(interview, call=call, stored_at=long_ago, **values)
    with pytest.raises(WrongState, match="fetched"):
        complete_upload(row, SYSTEM)
    assert abandon_uploads(timezone.now()) == 0
    row.refresh_from_db()
    assert row.status == RecordingStatus.PENDING
