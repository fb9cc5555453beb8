"""Assessment: from confirmed words to one scorecard that nobody edits."""

import pytest

from interviews.models import Interview
from interviews.states import Stage
from recordings.models import Segment
from scoring.models import Evidence, QualityCheck, Score, Scorecard
from scoring.services.requests import SCORE, request_score
from talenti.engines import engine
from talenti.errors import PermanentFailure, RetryLater, WrongState
from talenti.history import Actor
from talenti.models import HistoryEntry
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from talenti.work.queue import requeue
from tests.people import People
from tests.scoring.rows import THIN, make_confirmed, make_review, make_scored
from tests.work import do_work


@pytest.fixture
def alice(people: People) -> Actor:
    return Actor.person(people.alice)


class FailingAssessor:
    """An engine whose provider refuses."""

    name = "failing"
    label = "Failing"
    gives_overall = True
    error: Exception = PermanentFailure("The key is refused.", code="key_refused")

    def check(self) -> list[str]:
        return []

    def assess(self, brief: object, memory: object) -> None:
        raise self.error


@pytest.fixture
def failing(settings) -> type[FailingAssessor]:
    settings.ENGINES = settings.ENGINES | {"assessor": "failing"}
    path = f"{__name__}.FailingAssessor"
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {"assessor": {"failing": path}}
    return FailingAssessor


def test_confirmed_words_become_one_ready_scorecard(people: People):
    interview = make_scored(people.home)
    card = Scorecard.objects.get()
    assert interview.stage == Stage.SCORED
    assert (card.kind, card.engine, card.status) == ("engine", "offline", "ready")
    assert card.label == engine("assessor").label
    assert (card.overall, card.missed_must_haves, str(card.assessed_share)) == (None, [], "1.00")
    assert [score.competency.key for score in card.scores.all()] == ["ownership", "teamwork"]


def test_every_quote_slices_the_stored_words_of_the_candidate(people: People):
    make_scored(people.home)
    rows = Evidence.objects.select_related("segment")
    assert rows.count() >= 2
    for row in rows:
        assert row.segment.text[row.start : row.end] == row.quote
        assert row.segment.speaker == "candidate"
        assert row.segment.start_ms <= row.start_ms < row.end_ms <= row.segment.end_ms


def test_every_level_stands_on_a_quote(people: People):
    make_scored(people.home)
    levels = Score.objects.exclude(level=None)
    assert levels.count() == 2
    assert all(score.evidence.exists() for score in levels)


def test_thin_answers_are_not_scored_and_say_so(people: People):
    interview = make_scored(people.home, THIN, THIN)
    check = QualityCheck.objects.get()
    assert interview.stage == Stage.NOT_SCORABLE
    assert check.outcome == "not_scorable"
    assert "too_few_words" in [finding["code"] for finding in check.findings]
    assert not Scorecard.objects.exists()


def test_scoring_again_adds_a_scorecard_and_changes_none(people: People, alice: Actor):
    interview = make_scored(people.home)
    first = Scorecard.objects.values().get()
    request_score(interview, alice)
    do_work()
    assert Scorecard.objects.count() == 2
    assert Scorecard.objects.values().get(pk=first["id"]) == first


def test_same_words_give_the_same_judgement(people: People, alice: Actor):
    interview = make_scored(people.home)
    request_score(interview, alice)
    do_work()
    one, other = (
        [
            (score.level, score.rationale, *score.evidence.values_list("quote", "start"))
            for score in card.scores.all()
        ]
        for card in Scorecard.objects.order_by("pk")
    )
    assert one == other


def test_doubled_message_makes_one_scorecard(people: People):
    make_confirmed(people.home)
    item = WorkItem.objects.get(kind=SCORE)
    perform(SCORE, item.pk)
    perform(SCORE, item.pk)
    assert Scorecard.objects.count() == 1


def test_score_request_before_confirmation_is_a_wrong_state(people: People, alice: Actor):
    interview = make_confirmed(people.home)
    Segment.objects.filter(transcript__interview=interview).delete()
    interview.transcripts.update(
        status="draft", confirmed_at=None, confirmed_by=None, edit_distance=None
    )
    Interview.objects.update(stage=Stage.NEEDS_CONFIRMATION)
    with pytest.raises(WrongState) as refused:
        request_score(interview, alice)
    assert refused.value.legal_moves == ["confirm"]


def test_score_request_while_scoring_is_a_wrong_state(people: People, alice: Actor):
    interview = make_confirmed(people.home)
    with pytest.raises(WrongState):
        request_score(interview, alice)
    assert WorkItem.objects.filter(kind=SCORE).count() == 1


def test_engine_that_refuses_for_good_is_shown_with_its_cause(people: People, failing):
    interview = make_scored(people.home)
    card = Scorecard.objects.get()
    assert (interview.stage, interview.failure) == (Stage.FAILED, "key_refused")
    assert (card.status, card.failure) == ("failed", "key_refused")
    assert WorkItem.objects.get(kind=SCORE).state == State.DEAD
    assert not Score.objects.exists()


def test_failed_scoring_can_be_put_back_and_succeeds(
    people: People, settings, alice: Actor, failing
):
    interview = make_scored(people.home)
    settings.ENGINES = settings.ENGINES | {"assessor": "offline"}
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {
        "assessor": {"offline": "scoring.assessor.offline.OfflineAssessor"}
    }
    requeue(WorkItem.objects.get(kind=SCORE), alice)
    do_work()
    interview.refresh_from_db()
    card = Scorecard.objects.get()
    assert (interview.stage, card.status, card.failure) == (Stage.SCORED, "ready", "")


def test_engine_that_is_away_leaves_the_scorecard_pending(people: People, failing, monkeypatch):
    monkeypatch.setattr(failing, "error", RetryLater("Too many requests.", after_seconds=30))
    interview = make_scored(people.home)
    item = WorkItem.objects.get(kind=SCORE)
    assert (interview.stage, item.state, item.cause) == (Stage.SCORING, "queued", "retry_later")
    assert Scorecard.objects.get().status == "pending"


def test_scorecard_after_a_review_leaves_the_stage_reviewed(people: People, alice: Actor):
    interview = make_confirmed(people.home)
    make_review(interview, people.bob)
    do_work()
    interview.refresh_from_db()
    assert interview.stage == Stage.REVIEWED


def test_history_tells_that_the_engine_judged(people: People):
    make_scored(people.home)
    told = HistoryEntry.objects.filter(subject="scorecard").values_list("to_state", "actor_kind")
    assert list(told) == [("ready", "engine")]
