"""Confirmation: a person makes a draft into words that may be scored. The draft is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Status
from recordings.models import Recording, Segment, Transcript
from recordings.services.progress import settle
from recordings.states import TRANSCRIPT, TranscriptStatus
from talenti.errors import Invalid, WrongState
from talenti.history import Actor, advance


@dataclass(frozen=True, slots=True)
class Correction:
    """What one segment really says. Without `segment` it is a new one of `recording`.

    None leaves a field as it is; an empty text says that nothing was said there.
    """

    segment: uuid.UUID | None = None
    recording: uuid.UUID | None = None
    text: str | None = None
    speaker: str | None = None
    question: uuid.UUID | None = None
    start_ms: int | None = None
    end_ms: int | None = None


def confirm_transcript(
    interview: Interview, corrections: Sequence[Correction], actor: Actor
) -> None:
    """Confirm every draft of the interview with these corrections; none means right as it is.

    Raises WrongState while something is still transcribed or nothing waits, Invalid for a segment,
    recording or question that is not this interview's.
    """
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=interview.pk)
        waiting = list(interview.transcripts.unconfirmed())
        _check_moment(interview, waiting)
        _apply(interview, waiting, corrections)
        for transcript in waiting:
            _confirm(transcript, actor)
        settle(interview.pk)


def _check_moment(interview: Interview, waiting: list[Transcript]) -> None:
    if interview.status != Status.COMPLETED:
        raise WrongState("The interview is not completed yet.", ["complete"])
    if interview.recordings.untranscribed().exists():
        raise WrongState("A recording is still being transcribed.", ["wait"])
    if not waiting:
        raise WrongState("No draft waits for confirmation.")


def _apply(
    interview: Interview, waiting: list[Transcript], corrections: Sequence[Correction]
) -> None:
    segments = {row.pk: row for row in Segment.objects.filter(transcript__in=waiting)}
    questions = set(interview.guide.questions.values_list("pk", flat=True))
    for place, correction in enumerate(corrections):
        if correction.question and correction.question not in questions:
            raise _wrong(place, "question", "Not a question of this guide.")
        if correction.segment is None:
            _add_segment(waiting, place, correction)
        elif correction.segment in segments:
            row = segments[correction.segment]
            if row.turn_id and _differs(row, correction):
                raise _wrong(place, "id", "These are the words that were asked: they stand.")
            _correct(row, correction)
        else:
            raise _wrong(place, "id", "Not a segment of a draft of this interview.")


def _differs(row: Segment, correction: Correction) -> bool:
    given = (correction.text, correction.speaker, correction.question)
    kept = (row.text, row.speaker, row.question_id)
    return any(new not in {None, old} for new, old in zip(given, kept, strict=True))


def _correct(row: Segment, correction: Correction) -> None:
    if correction.text is not None:
        row.text = correction.text
    if correction.speaker is not None:
        row.speaker = correction.speaker
    if correction.question is not None:
        row.question_id = correction.question
    row.save(update_fields=["text", "speaker", "question"])


def _add_segment(waiting: list[Transcript], place: int, correction: Correction) -> None:
    transcript = next(
        (found for found in waiting if found.recording_id == correction.recording), None
    )
    if transcript is None or transcript.recording is None:
        raise _wrong(place, "recording", "Not a recording with a draft of this interview.")
    start, end = _times(transcript.recording, correction)
    if start >= end:
        raise _wrong(place, "end_ms", "Must be later than the start, within the recording.")
    Segment.objects.create(
        organisation_id=transcript.organisation_id,
        transcript=transcript,
        position=transcript.segments.count() + 1,
        question_id=correction.question or transcript.recording.question_id,
        speaker=correction.speaker or transcript.recording.speaker,
        start_ms=start,
        end_ms=end,
        text=correction.text or "",
    )


def _times(recording: Recording, correction: Correction) -> tuple[int, int]:
    length = recording.duration_ms or 1
    end = length if correction.end_ms is None else min(correction.end_ms, length)
    return correction.start_ms or 0, end


def _confirm(transcript: Transcript, actor: Actor) -> None:
    pairs = transcript.segments.values_list("draft_text", "text")
    distance = sum(word_distance(draft, text) for draft, text in pairs)
    advance(
        transcript,
        TRANSCRIPT,
        TranscriptStatus.CONFIRMED,
        actor,
        confirmed_at=timezone.now(),
        confirmed_by=actor.user,
        edit_distance=distance,
    )


def _wrong(place: int, field: str, message: str) -> Invalid:
    return Invalid("A correction does not fit.", {f"segments[{place}].{field}": [message]})


def word_distance(draft: str, text: str) -> int:
    """Return how many words were inserted, deleted or replaced (Levenshtein, 1966)."""
    before, after = draft.split(), text.split()
    row = list(range(len(after) + 1))
    for i, old in enumerate(before, start=1):
        diagonal, row[0] = row[0], i
        for j, new in enumerate(after, start=1):
            cheapest = min(row[j] + 1, row[j - 1] + 1, diagonal + (old != new))
            diagonal, row[j] = row[j], cheapest
    return row[-1]
