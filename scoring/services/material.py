"""What is judged: the numbered words of an interview, and what each assessor may see of them."""

import uuid
from dataclasses import dataclass

from django.db.models.functions import Coalesce

from interviews.models import Competency, Interview, Question
from interviews.states import Channel
from recordings.models import Segment, Transcript
from recordings.states import UNCONFIRMED, Speaker, TranscriptStatus
from scoring.assessor.protocol import Brief, Passage, TimedWord
from scoring.evidence import transcript_hash
from scoring.gate import Material

ASSESSMENT = "automated_assessment"


@dataclass(frozen=True, slots=True)
class Words:
    """The numbered passages of one interview, and the segment row behind each number."""

    passages: tuple[Passage, ...]
    segments: dict[int, Segment]
    digest: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that scoring one interview needs, read once."""

    interview: Interview
    competencies: tuple[Competency, ...]
    questions: tuple[Question, ...]
    transcripts: tuple[Transcript, ...]
    words: Words


def prepare(interview_id: uuid.UUID) -> Prepared:
    """Read the guide and the words of an interview."""
    interview = Interview.objects.select_related("guide").get(pk=interview_id)
    questions = tuple(interview.guide.questions.order_by("position"))
    transcripts = tuple(interview.transcripts.order_by("pk"))
    return Prepared(
        interview=interview,
        competencies=tuple(interview.guide.competencies.order_by("position")),
        questions=questions,
        transcripts=transcripts,
        words=_words(interview, questions),
    )


def _words(interview: Interview, questions: tuple[Question, ...]) -> Words:
    numbers = {question.pk: number for number, question in enumerate(questions, start=1)}
    rows = Segment.objects.filter(transcript__interview=interview).exclude(text="")
    # By the file, not its transcript: of two files of a call the later may be written down first.
    file = Coalesce("transcript__recording_id", "transcript_id")
    ordered = rows.order_by("question__position", file, "start_ms", "position")
    segments = dict(enumerate(ordered, start=1))
    passages = tuple(
        Passage(
            number=number,
            speaker=row.speaker,
            text=row.text,
            question=numbers.get(row.question_id) if row.question_id else None,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            confidence=None if row.confidence is None else float(row.confidence),
            words=tuple(TimedWord(*word[:3]) for word in row.words or ()),
        )
        for number, row in segments.items()
    )
    return Words(passages, segments, transcript_hash(passages))


def gate_material(prepared: Prepared) -> Material:
    """Return what the quality gate looks at."""
    statuses = {transcript.status for transcript in prepared.transcripts}
    asked = _asked(prepared)
    return Material(
        passages=prepared.words.passages,
        questions=tuple(question.text for question in prepared.questions),
        asked=len(asked),
        answered=len(asked & _answered(prepared.words.passages)),
        engine=", ".join(sorted({transcript.engine for transcript in prepared.transcripts})),
        is_draft=bool(statuses & set(UNCONFIRMED)),
        needs_transcript=TranscriptStatus.NEEDS_TRANSCRIPT in statuses,
        confirmed=is_confirmed(prepared),
    )


def may_be_assessed(interview: Interview) -> bool:
    """Return whether the candidate agreed that software may assess the answers."""
    consents = interview.consents.values_list("purposes", flat=True)
    return any(ASSESSMENT in purposes for purposes in consents)


def is_confirmed(prepared: Prepared) -> bool:
    """Return whether somebody, or a trusted engine, stands behind every word."""
    return all(transcript.status not in UNCONFIRMED for transcript in prepared.transcripts)


def _answered(passages: tuple[Passage, ...]) -> set[int]:
    spoken = (passage for passage in passages if passage.speaker == Speaker.CANDIDATE)
    return {passage.question for passage in spoken if passage.question is not None}


def _asked(prepared: Prepared) -> set[int]:
    """Return the numbers of the questions that were asked; none where the words are undivided.

    Elsewhere recorded, only what was uploaded tells what was asked.
    """
    asked = prepared.interview.turns.values_list("question_id", flat=True)
    if prepared.interview.channel == Channel.UPLOAD:
        arrived = prepared.interview.recordings.exclude(sha256="")
        asked = arrived.values_list("question_id", flat=True)
    known = set(asked)
    return {
        number
        for number, question in enumerate(prepared.questions, start=1)
        if question.pk in known
    }


def brief(prepared: Prepared, competency: Competency) -> Brief:
    """Return what the assessor of one competency may see: its questions and their answers only."""
    mine = {
        number
        for number, question in enumerate(prepared.questions, start=1)
        if question.competency_id == competency.pk
    }
    return Brief(
        competency=competency.key,
        name=competency.name,
        description=competency.description,
        anchors=competency.anchors,
        questions=tuple(
            question.text
            for question in prepared.questions
            if question.competency_id == competency.pk
        ),
        passages=tuple(
            passage
            for passage in prepared.words.passages
            if passage.question is None or passage.question in mine
        ),
        language=prepared.interview.language,
        confirmed=is_confirmed(prepared),
    )
