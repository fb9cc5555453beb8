"""The conversation: which turn is open, and what is asked next.

An interviewer may call a provider, so it is asked between transactions, never inside one. Two
constraints keep order: one unanswered turn per interview, one turn per position.
"""

import contextlib

from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.guide_body import QuestionBody
from interviews.interviewer.protocol import AskedTurn, Conversation, Interviewer, NextTurn
from interviews.models import Interview, Question, Turn
from interviews.services.interviews import complete_interview, start_interview
from interviews.states import ANSWERING, INTERVIEW, Status
from talenti.engines import engine
from talenti.errors import WrongState
from talenti.history import CANDIDATE, record


def open_turn(interview: Interview) -> Turn | None:
    """Return the turn that waits for its answer, None when there is none."""
    return interview.turns.filter(answered_at__isnull=True).first()


def begin(interview: Interview) -> Turn | None:
    """Ask the first question, or return the open turn of an interview that has begun.

    None when everything was answered: the interview is completed then. WrongState when it is over.
    """
    interview.refresh_from_db(fields=["status"])
    if interview.status == Status.CONSENTED:
        with contextlib.suppress(WrongState):  # a second tab started it a moment ago
            start_interview(interview, CANDIDATE)
    if interview.status not in ANSWERING:
        raise _over(interview)
    return open_turn(interview) or proceed(interview)


def mark_answered(turn: Turn, *, text: str = "", answer_ms: int | None = None) -> None:
    """Note the answer of the open turn; WrongState for a second one, or when it is all over.

    `text` is a typed answer, `answer_ms` the length of a spoken one.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=turn.interview_id)
        if interview.status not in ANSWERING:
            raise _over(interview)
        waiting = Turn.objects.filter(pk=turn.pk, answered_at__isnull=True)
        now = timezone.now()
        if not waiting.update(answered_at=now, answer_ms=answer_ms, answer_text=text):
            raise WrongState("This turn has its answer.")


def skip_turn(turn: Turn) -> None:
    """Leave the open turn unanswered, as the candidate wishes; WrongState as `mark_answered`.

    Nobody is asked for a reason, and no probe follows. Ask `proceed` for the next turn afterwards.
    """
    with transaction.atomic():
        mark_answered(turn)
        record(turn, "skipped", CANDIDATE)


def proceed(interview: Interview) -> Turn | None:
    """Let the interviewer choose the next turn and write it; None completes the interview."""
    questions = list(interview.guide.questions.select_related("competency").order_by("position"))
    turns = list(interview.turns.order_by("position"))
    interviewer: Interviewer = engine("interviewer")
    chosen = interviewer.next_turn(_conversation(interview, questions, turns))
    if chosen is None:
        with contextlib.suppress(WrongState):  # somebody completed it a moment ago
            complete_interview(interview, CANDIDATE)
        return None
    try:
        with transaction.atomic():
            return _write_turn(interview, questions[chosen.question], len(turns) + 1, chosen)
    except IntegrityError:  # a second request asked it a moment ago
        return open_turn(interview)


def _over(interview: Interview) -> WrongState:
    return WrongState(f"This interview is {interview.status}.", INTERVIEW.moves[interview.status])


def _write_turn(interview: Interview, question: Question, position: int, chosen: NextTurn) -> Turn:
    return Turn.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        question=question,
        position=position,
        kind=chosen.kind,
        source=chosen.source,
        text=chosen.text,
        asked_at=timezone.now(),
    )


def _conversation(
    interview: Interview, questions: list[Question], turns: list[Turn]
) -> Conversation:
    places = {question.pk: place for place, question in enumerate(questions)}
    return Conversation(
        language=interview.language,
        questions=tuple(_planned(question) for question in questions),
        turns=tuple(_asked(turn, places[turn.question_id]) for turn in turns),
    )


def _planned(question: Question) -> QuestionBody:
    return QuestionBody(
        competency=question.competency.key,
        text=question.text,
        probes=tuple(question.probes),
        time_limit_seconds=question.time_limit_seconds,
    )


def _asked(turn: Turn, place: int) -> AskedTurn:
    return AskedTurn(
        question=place,
        kind="probe" if turn.kind == "probe" else "question",
        text=turn.text,
        answered=turn.answered_at is not None,
        answer=turn.answer_text or None,
        answer_ms=turn.answer_ms,
    )
