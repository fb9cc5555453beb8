"""What scoring does on hearing something."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from interviews.models import Interview
from interviews.services.interviews import set_stage
from interviews.states import Stage
from recordings.signals import words_settled
from scoring.models import Scorecard
from scoring.reading.visibility import hidden_history
from scoring.services.assessment import fail_scorecard
from scoring.services.requests import SCORE, score_settled_words
from talenti.history import SYSTEM, history_read
from talenti.work.models import WorkItem
from talenti.work.signals import work_died, work_requeued


@receiver(words_settled)
def score_when_words_settle(interview: Interview, **_: Any) -> None:
    """Queue the scoring, in the transaction that settled the words."""
    score_settled_words(interview)


@receiver(work_died)
def show_failed_scoring(item: WorkItem, **_: Any) -> None:
    """Show scoring that died, with its cause, in the scorecard and the interview's stage."""
    if item.kind != SCORE:
        return
    card = Scorecard.objects.filter(work_item=item).first()
    if card is not None:
        fail_scorecard(card, item.cause)
    set_stage(Interview.objects.get(pk=item.subject_id), Stage.FAILED, SYSTEM, failure=item.cause)


@receiver(work_requeued)
def show_requeued_scoring(item: WorkItem, **_: Any) -> None:
    """Show that scoring is tried again."""
    if item.kind == SCORE:
        set_stage(Interview.objects.get(pk=item.subject_id), Stage.SCORING, SYSTEM)


@receiver(history_read)
def withhold_from_blind_reviewers(user: Any, **_: Any) -> Q:
    """Keep other people's and engines' scorecards out of a blind reviewer's history."""
    return hidden_history(user)
