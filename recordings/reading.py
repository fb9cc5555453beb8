"""Recordings and transcripts as plain values, for the API and for reports."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from interviews.models import Interview
from recordings.models import Recording, Segment, Transcript
from recordings.states import TranscriptStatus
from talenti.models import User

PENDING = "pending"  # of a merged transcript: nothing has been written down yet
WORST_FIRST = (
    TranscriptStatus.NEEDS_TRANSCRIPT,
    TranscriptStatus.DRAFT,
    TranscriptStatus.CONFIRMED,
    TranscriptStatus.READY,
)
RECORDING_FIELDS = (
    "id",
    "source",
    "speaker",
    "status",
    "filename",
    "media_type",
    "codec",
    "size",
    "sha256",
    "duration_ms",
    "refusal",
    "created_at",
    "stored_at",
    "deleted_at",
)
SEGMENT_FIELDS = (
    "id",
    "speaker",
    "voice",
    "start_ms",
    "end_ms",
    "text",
    "draft_text",
    "confidence",
)


def person(user: User | None) -> dict[str, Any] | None:
    """Return who it was, None for nobody."""
    return None if user is None else {"id": user.pk, "name": str(user)}


def recording_values(row: Recording) -> dict[str, Any]:
    """Return what is known of one recording; what is measured is empty before it is stored."""
    values = {name: getattr(row, name) for name in RECORDING_FIELDS}
    links = {
        "interview": row.interview_id,
        "question": row.question_id,
        "turn": row.turn_id,
        "call": row.call_id,
    }
    return values | links


def recordings_of(interview: Interview) -> list[dict[str, Any]]:
    """Return every recording of an interview in the order of their announcement."""
    return [recording_values(row) for row in interview.recordings.order_by("pk")]


def read_transcript(interview: Interview) -> dict[str, Any]:
    """Return all words of the interview in the order of its questions, and who stands behind them.

    Two queries. `status` is the least settled one of the parts; `pending` when there is no part.
    """
    parts = transcripts_in_order(interview)
    segments = Segment.objects.filter(transcript__in=[part.pk for part in parts])
    by_part: dict[Any, list[Segment]] = {part.pk: [] for part in parts}
    for segment in segments.order_by("start_ms", "position"):
        by_part[segment.transcript_id].append(segment)
    return {
        "interview": interview.pk,
        "status": merged_status(parts),
        "label": _joined(part.label for part in parts),
        "engine": _joined(part.engine for part in parts),
        "language": _joined(part.language for part in parts),
        "recordings": [_part_values(part) for part in parts],
        "segments": [
            segment_values(segment, part) for part in parts for segment in by_part[part.pk]
        ],
        **_confirmation(parts),
    }


def transcripts_in_order(interview: Interview) -> list[Transcript]:
    """Return the transcripts as the questions were asked; each has its recording and confirmer."""
    rows = interview.transcripts.select_related(
        "recording__question", "recording__turn", "turn", "confirmed_by"
    )
    return sorted(rows, key=_place)


def _place(part: Transcript) -> tuple[int, Any]:
    recording = part.recording
    turn = part.turn or (recording.turn if recording else None)
    first = (
        part.recording_id or part.pk
    )  # files of a call in their order, whichever was heard first
    if turn is not None:
        return turn.position, first
    question = recording.question if recording else None
    return (question.position if question else 0), first


def merged_status(parts: Sequence[Transcript]) -> str:
    """Return the least settled status of the parts."""
    statuses = {part.status for part in parts}
    return next((status.value for status in WORST_FIRST if status in statuses), PENDING)


def segment_values(segment: Segment, part: Transcript) -> dict[str, Any]:
    """Return one stretch of words; times are null where it was typed."""
    values = {name: getattr(segment, name) for name in SEGMENT_FIELDS}
    return values | {"recording": part.recording_id, "question": segment.question_id}


def _part_values(part: Transcript) -> dict[str, Any]:
    recording = part.recording
    return {
        "id": part.recording_id,
        "turn": part.turn_id or (recording.turn_id if recording else None),
        "question": recording.question_id if recording else None,
        "status": part.status,
        "label": part.label,
        "engine": part.engine,
        "model": part.model,
        "duration_ms": recording.duration_ms if recording else None,
        "confirmed_at": part.confirmed_at,
        "edit_distance": part.edit_distance,
    }


def _confirmation(parts: Sequence[Transcript]) -> dict[str, Any]:
    """Return the last confirmation; `edit_distance` counts the changed words of all parts."""
    confirmed = [part for part in parts if part.confirmed_at]
    if not confirmed:
        return {"confirmed_by": None, "confirmed_at": None, "edit_distance": None}
    last = max(confirmed, key=_confirmed_at)
    return {
        "confirmed_by": person(last.confirmed_by),
        "confirmed_at": last.confirmed_at,
        "edit_distance": sum(part.edit_distance or 0 for part in confirmed),
    }


def _confirmed_at(part: Transcript) -> datetime:
    assert part.confirmed_at is not None  # noqa: S101 - filtered by the caller
    return part.confirmed_at


def _joined(values: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(value for value in values if value))
