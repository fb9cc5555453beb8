"""A whole simulated call: what the line recorded becomes a transcript with its questions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviews.models import Call, Interview
from interviews.services.call_planning import plan_call
from interviews.states import Channel, Stage, Status
from recordings.reading import read_transcript
from recordings.transcriber.protocol import SpokenSegment, Transcription
from talenti.work.models import State, WorkItem
from tests.interviews.call_rows import make_callable
from tests.people import People
from tests.recordings.call_rows import files_of
from tests.recordings.call_sound import RATE, samples_of
from tests.rows import actor_of, make_interview
from tests.work import do_work

STEP = RATE // 10
LOUD = 500
PAUSE = 20  # steps of silence that end a stretch


class Ear:
    """A transcriber that only knows when somebody speaks."""

    name, label, is_draft = "ear", "Hears when somebody speaks.", False

    def check(self) -> list[str]:
        return []

    def transcribe(self, audio: Path, *, language: str) -> Transcription:
        stretches = tuple(
            SpokenSegment(start * 100, end * 100, "somebody speaks", 1.0)
            for start, end in stretches_of(samples_of(audio))
        )
        return Transcription(stretches, language, "ear")


def stretches_of(samples) -> Iterator[tuple[int, int]]:
    """Yield where somebody speaks: first and last step."""
    loud = [
        at for at in range(len(samples) // STEP) if max(samples[at * STEP : (at + 1) * STEP]) > LOUD
    ]
    start = before = loud[0]
    for at in loud[1:]:
        if at - before > PAUSE:
            yield start, before + 1
            start = at
        before = at
    yield start, before + 1


@pytest.fixture
def interview(people: People, settings) -> Interview:
    """An interview that was held by phone, with everything done that followed from it."""
    settings.CALL_HOURS = (0, 24)
    settings.CALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    settings.ENGINES = settings.ENGINES | {"transcriber": f"{__name__}.Ear"}
    candidate = make_callable(people.home, time_zone="Etc/UTC")
    interview = make_interview(people.home, channel=Channel.PHONE, candidate=candidate)
    plan_call(interview, actor_of(people.home))
    do_work(ahead_of_time=True)
    interview.refresh_from_db()
    return interview


def test_simulated_call_becomes_a_transcript_with_its_questions(interview: Interview):
    assert interview.status == Status.COMPLETED
    assert interview.stage in {Stage.SCORED, Stage.NOT_SCORABLE}  # of these words nothing is judged
    call = Call.objects.get()
    row = call.recordings.get()
    assert (row.status, row.offset_ms, files_of(call)) == ("stored", 0, [])
    assert call.recording_stored_at is not None
    assert not WorkItem.objects.exclude(state=State.DONE).exists()
    turns = list(interview.turns.order_by("position"))
    segments = read_transcript(interview)["segments"]
    ours = [one for one in segments if one["speaker"] == "interviewer"]
    assert [(one["text"], one["start_ms"]) for one in ours] == [
        (turn.text, turn.starts_ms) for turn in turns
    ]
    theirs = [one for one in segments if one["speaker"] == "candidate"]
    assert len(theirs) >= len(turns)
    assert [one["question"] for one in theirs if one["question"] is None] == []
