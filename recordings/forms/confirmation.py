"""What the transcript page posts, read into corrections: only what a person really changed."""

import re
import uuid
from collections.abc import Iterable, Iterator

from django.http import QueryDict

from recordings.models import Segment
from recordings.services.confirmation import Correction
from recordings.states import Speaker
from talenti.errors import Invalid

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
LONGEST_TEXT = 20_000
ADDED = ("recording", "text", "speaker", "question", "start", "end")


def read_corrections(posted: QueryDict, segments: Iterable[Segment]) -> list[Correction]:
    """Return what differs from the stored segments, then what was added by hand.

    `segments` are those that wait for confirmation. Raises Invalid for a speaker, a question or a
    time that is none.
    """
    changed = (_correction(posted, segment) for segment in segments)
    return [*(one for one in changed if one is not None), *_additions(posted)]


def _correction(posted: QueryDict, segment: Segment) -> Correction | None:
    text = _text(posted.get(f"text-{segment.pk}"))
    speaker = _speaker(posted.get(f"speaker-{segment.pk}"))
    question = _id(posted.get(f"question-{segment.pk}"))
    found = Correction(
        segment=segment.pk,
        text=None if text == segment.text else text,
        speaker=None if speaker == segment.speaker else speaker,
        question=None if question == segment.question_id else question,
    )
    return found if (found.text, found.speaker, found.question) != (None, None, None) else None


def _additions(posted: QueryDict) -> Iterator[Correction]:
    columns = {name: posted.getlist(f"added_{name}") for name in ADDED}
    if len({len(values) for values in columns.values()}) > 1:
        raise Invalid("The page was sent incompletely. Load it again.")
    for row in zip(*columns.values(), strict=True):
        recording, text, speaker, question, start, end = row
        if text.strip():
            yield Correction(
                recording=_id(recording),
                text=_text(text),
                speaker=_speaker(speaker),
                question=_id(question),
                start_ms=_moment(start),
                end_ms=_moment(end),
            )


def _text(value: str | None) -> str | None:
    """Return the words on one line: a browser sends line ends that nobody spoke."""
    if value is None:
        return None
    if len(value) > LONGEST_TEXT or "\x00" in value:
        raise Invalid("One of the texts is too long or holds characters that cannot be stored.")
    return " ".join(value.split())


def _speaker(value: str | None) -> str | None:
    if not value:
        return None
    if value not in Speaker.values:
        raise Invalid("Choose who spoke.")
    return value


def _id(value: str | None) -> uuid.UUID | None:
    if not value:
        return None
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise Invalid("Choose one of the questions of this guide.") from error


def _moment(value: str) -> int | None:
    """Return milliseconds for m:ss or h:mm:ss, None for nothing."""
    if not value.strip():
        return None
    match = _CLOCK.fullmatch(value.strip())
    if match is None or int(match[3]) > 59:
        raise Invalid("Write times as minutes and seconds, for example 1:05.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
