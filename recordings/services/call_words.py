"""Who said what, and to which question, in the recording of a call.

The times of turns are on the clock of the call's recording, which may lie in several files. Our own
side enters the transcript as it was said: we know every word of it, so nobody listens to that.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from interviews.models import CallOperation, Turn
from recordings.models import Recording, Segment, Transcript
from recordings.states import Speaker
from recordings.transcriber.protocol import SpokenSegment

CANDIDATES_SIDE = 0  # the channel that the callroom has the candidate recorded on


@dataclass(frozen=True, slots=True)
class Window:
    """Where a turn stands in a file, in its milliseconds; it may begin or end outside of it."""

    turn: Turn
    start_ms: int
    end_ms: int


def windows_in(recording: Recording) -> list[Window]:
    """Return the turns of the recording's call in their order; none where its place is unknown."""
    if recording.call_id is None or recording.offset_ms is None:
        return []
    asked_in = _last_calls(recording.interview_id)
    turns = Turn.objects.filter(interview=recording.interview_id).order_by("starts_ms", "position")
    return [
        Window(turn, turn.starts_ms - recording.offset_ms, turn.ends_ms - recording.offset_ms)
        for turn in turns
        if asked_in.get(turn.pk) == recording.call_id
        and turn.starts_ms is not None
        and turn.ends_ms is not None
    ]


def question_at(windows: Iterable[Window], moment_ms: int) -> uuid.UUID | None:
    """Return the question that is answered by what begins at this moment."""
    inside = (one for one in windows if one.start_ms <= moment_ms <= one.end_ms)
    last: Window | None = max(inside, key=lambda one: one.start_ms, default=None)
    return last.turn.question_id if last else None


def own_words(
    transcript: Transcript,
    windows: Iterable[Window],
    heard: Sequence[SpokenSegment],
    length_ms: int,
) -> Iterator[Segment]:
    """Yield what we said in a file of this length: each turn until the candidate's next words."""
    for window in windows:
        if 0 <= window.start_ms < length_ms:
            answers = [one.start_ms for one in heard if window.start_ms < one.start_ms]
            end_ms = min([window.end_ms, length_ms, *answers])
            yield Segment(
                organisation_id=transcript.organisation_id,
                transcript=transcript,
                question_id=window.turn.question_id,
                turn=window.turn,
                speaker=Speaker.INTERVIEWER,
                start_ms=window.start_ms,
                end_ms=max(end_ms, window.start_ms + 1),
                draft_text=window.turn.text,
                text=window.turn.text,
            )


def _last_calls(interview_id: uuid.UUID) -> dict[uuid.UUID | None, uuid.UUID]:
    """Return the call that asked each turn last: there it was answered."""
    asked = CallOperation.objects.filter(call__interview=interview_id, turn__isnull=False)
    return dict(asked.order_by("wanted_at", "pk").values_list("turn_id", "call_id"))
