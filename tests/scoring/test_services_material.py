"""What is judged: which questions were asked, and what each assessor may see."""

import pytest
from django.utils import timezone

from interviews.models import Consent, Interview
from interviews.states import Channel, Stage, Status
from recordings.services.confirmation import confirm_transcript
from scoring.models import QualityCheck, Scorecard
from scoring.services.material import brief, gate_material, prepare
from talenti.errors import WrongState
from tests.people import People
from tests.recordings.rows import announce, make_draft, make_recording
from tests.rows import actor_of, make_interview
from tests.scoring.rows import OWNERSHIP, TEAMWORK, make_confirmed
from tests.work import do_work

pytestmark = pytest.mark.django_db


def complete(interview: Interview) -> None:
    Interview.objects.filter(pk=interview.pk).update(
        status=Status.COMPLETED, completed_at=timezone.now()
    )
    interview.refresh_from_db()


def test_of_uploads_only_recorded_questions_count_as_asked(people: People) -> None:
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    first, second = interview.guide.questions.order_by("position")
    announce(interview, b"never sent", question=second)
    recording = make_recording(interview, question=first)
    complete(interview)
    make_draft(recording, OWNERSHIP)
    confirm_transcript(interview, [], actor_of(people.home))
    material = gate_material(prepare(interview.pk))
    assert (material.asked, material.answered, material.confirmed) == (1, 1, True)
    do_work()
    scores = Scorecard.objects.get(interview=interview).scores.all()
    assert [score.level is None for score in scores] == [False, True]


def test_assessor_sees_the_answers_to_its_own_questions_only(people: People) -> None:
    prepared = prepare(make_confirmed(people.home).pk)
    texts = [
        [passage.text for passage in brief(prepared, competency).passages]
        for competency in prepared.competencies
    ]
    assert texts == [[OWNERSHIP], [TEAMWORK]]


def test_nothing_is_assessed_that_the_candidate_did_not_agree_to(people: People) -> None:
    interview = make_confirmed(people.home)
    Consent.objects.filter(interview=interview).update(purposes=["recording", "transcription"])
    do_work()
    interview.refresh_from_db()
    check = QualityCheck.objects.get(interview=interview)
    assert (interview.stage, check.outcome) == (Stage.NOT_SCORABLE, "not_scorable")
    assert check.findings[0]["code"] == "no_consent_to_assessment"
    assert not Scorecard.objects.filter(interview=interview).exists()


def test_second_confirmation_is_refused_and_scores_nothing_twice(people: People) -> None:
    interview = make_confirmed(people.home)
    with pytest.raises(WrongState):
        confirm_transcript(interview, [], actor_of(people.home))
    do_work()
    assert Scorecard.objects.filter(interview=interview).count() == 1
