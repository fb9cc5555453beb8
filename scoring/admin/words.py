"""The transcript as the page shows it: parts, segments, chapters, and what needs a person's eye."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from interviews.models import Interview, Question
from recordings.admin.records import clock
from recordings.models import Segment, Transcript
from recordings.reading import merged_status, transcripts_in_order
from recordings.states import UNCONFIRMED, RecordingStatus, TranscriptStatus

LOW, UNSURE = Decimal("0.65"), Decimal("0.9")  # shares of words that are usually right
LONGEST_CHAPTER = 80  # characters


def transcript_of(interview: Interview, questions: Sequence[Question]) -> dict[str, Any]:
    """Return all words in the order of the questions, and what still has to be confirmed."""
    parts = transcripts_in_order(interview)
    segments: dict[uuid.UUID, list[Segment]] = defaultdict(list)
    rows = Segment.objects.filter(transcript__in=[part.pk for part in parts])
    for segment in rows.order_by("start_ms", "position"):
        segments[segment.transcript_id].append(segment)
    names = {question.pk: (place, question) for place, question in enumerate(questions, start=1)}
    shown = [_part(part, segments[part.pk], names) for part in parts]
    confirmed = [part for part in parts if part.confirmed_at]
    return {
        "parts": shown,
        "status": merged_status(parts),
        "is_waiting": any(part.status in UNCONFIRMED for part in parts),
        "labels": list(dict.fromkeys(part.label for part in parts if part.label)),
        "confirmed_by": confirmed[-1].confirmed_by if confirmed else None,
        "confirmed_at": confirmed[-1].confirmed_at if confirmed else None,
        "corrected_words": sum(part.edit_distance or 0 for part in confirmed),
        "chapters": _chapters(parts, segments, names),
        "unsure": sum(one["is_low"] for part in shown for one in part["segments"]),
    }


Names = dict[uuid.UUID, tuple[int, Question]]


def _part(part: Transcript, segments: list[Segment], names: Names) -> dict[str, Any]:
    recording = part.recording
    asked = names.get(recording.question_id) if recording and recording.question_id else None
    if part.turn_id and part.turn is not None:
        asked = names.get(part.turn.question_id)
    return {
        "id": part.pk,
        "recording": recording,
        "is_playable": recording is not None and recording.status == RecordingStatus.STORED,
        "is_typed": recording is None,
        "is_waiting": part.status in UNCONFIRMED,
        "is_too_unclear": part.status == TranscriptStatus.NEEDS_TRANSCRIPT,
        "title": f"Question {asked[0]}: {asked[1].text}" if asked else "",
        "question_id": asked[1].pk if asked else None,
        "length": clock(recording.duration_ms) if recording else "",
        "segments": _segments(part, segments, names),
    }


def _segments(part: Transcript, segments: list[Segment], names: Names) -> list[dict[str, Any]]:
    shown = []
    before = None
    for row in segments:
        asked = names.get(row.question_id) if row.question_id else None
        shown.append(
            {
                "id": row.pk,
                "recording": part.recording_id,
                "speaker": row.speaker,
                "speaker_name": row.get_speaker_display(),
                "is_ours": row.turn_id is not None,
                "voice": row.voice,
                "question_id": row.question_id,
                "heading": f"Question {asked[0]}: {asked[1].text}"
                if asked
                and asked != before
                and not (part.turn_id or (part.recording and part.recording.question_id))
                else "",
                "start_ms": row.start_ms,
                "end_ms": row.end_ms,
                "at": clock(row.start_ms),
                "text": row.text,
                "rows": max(1, min(8, len(row.text) // 60 + 1)),
                "was_corrected": part.confirmed_at is not None and row.text != row.draft_text,
                "draft_text": row.draft_text,
                "confidence": None if row.confidence is None else round(row.confidence * 100),
                "is_low": row.confidence is not None and row.confidence < LOW,
                "is_unsure": row.confidence is not None and LOW <= row.confidence < UNSURE,
            }
        )
        before = asked
    return shown


def _chapters(
    parts: Sequence[Transcript], segments: dict[uuid.UUID, list[Segment]], names: Names
) -> list[dict[str, Any]]:
    """Return the first moment of each question that can be played."""
    first: dict[uuid.UUID, tuple[uuid.UUID, int]] = {}
    for part in parts:
        recording = part.recording
        if recording is None or recording.status != RecordingStatus.STORED:
            continue
        if recording.question_id:
            first.setdefault(recording.question_id, (recording.pk, 0))
        for row in segments[part.pk]:
            if row.question_id and row.start_ms is not None:
                first.setdefault(row.question_id, (recording.pk, row.start_ms))
    return [
        {
            "number": number,
            "text": question.text,
            "title": _short(question.text),
            "recording": first[key][0],
            "start_ms": first[key][1],
            "at": clock(first[key][1]),
        }
        for key, (number, question) in names.items()
        if key in first
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CHAPTER else f"{text[: LONGEST_CHAPTER - 1].rstrip()}…"
