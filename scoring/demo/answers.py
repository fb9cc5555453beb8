"""Answers of the demo's candidates, given the way candidates and recruiters give them."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone

from interviews import consent
from interviews.models import Interview, Question, Turn
from recordings.services.answers import answer_in_writing
from recordings.services.uploads import ALIAS, UploadPlan, announce_upload, complete_upload
from scoring.demo.content_files import spoken_file
from talenti.history import CANDIDATE, Actor

MEDIA_TYPES = {
    ".webm": "audio/webm",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
}


def consent_version(interview: Interview) -> str:
    """Return the version of the text that the candidate reads."""
    return consent.current(interview.language).version


def upload_answers(interview: Interview, given: list[dict[str, Any]], actor: Actor) -> None:
    """Upload one recording for each answered question, as a recruiter does."""
    questions = dict(enumerate(interview.guide.questions.order_by("position"), start=1))
    for answer in given:
        interview.refresh_from_db()
        question = questions[answer["question_number"]]
        _send(interview, spoken_file(answer["audio"]), actor, question=question)


def give_answers(interview: Interview, given: list[dict[str, Any]], *, to_the_end: bool) -> None:
    """Ask question after question and answer those that are listed; others are left unanswered."""
    by_number = {answer["question_number"]: answer for answer in given}
    for number, question in enumerate(interview.guide.questions.order_by("position"), start=1):
        if number not in by_number and not to_the_end:
            _ask(interview, question, number)
            return
        turn = _ask(interview, question, number)
        _answer(interview, turn, by_number.get(number))


def _answer(interview: Interview, turn: Turn, answer: dict[str, Any] | None) -> None:
    if answer is None:
        Turn.objects.filter(pk=turn.pk).update(answered_at=timezone.now())
    elif answer["audio"]:
        _send(interview, spoken_file(answer["audio"]), CANDIDATE, turn=turn)
    else:
        answer_in_writing(turn, answer["text"])


def _ask(interview: Interview, question: Question, position: int) -> Turn:
    return Turn.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        question=question,
        position=position,
        kind="question",
        source="planned",
        text=question.text,
        asked_at=timezone.now(),
    )


def _send(
    interview: Interview,
    path: Path,
    actor: Actor,
    *,
    question: Question | None = None,
    turn: Turn | None = None,
) -> None:
    plan = UploadPlan(
        filename=path.name,
        content_type=MEDIA_TYPES[path.suffix],
        size=path.stat().st_size,
        question=question,
        turn=turn,
    )
    row, _ = announce_upload(interview, plan, actor)
    with path.open("rb") as spoken:
        storages[ALIAS].save(row.storage_name, File(spoken))
    complete_upload(row, actor)
