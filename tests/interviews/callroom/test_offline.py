"""The offline callroom: each command once, files that tell what was said, and its own pace."""

import io
import json
import wave
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import av
import pytest
from django.core.files.storage import storages

from interviews.callroom.offline import OfflineCallroom
from interviews.callroom.protocol import (
    Ask,
    CallGone,
    Dial,
    Line,
    RecordOrder,
    Repeatability,
)
from interviews.callroom.simulated.events import PREFIX
from interviews.callroom.simulated.scripts import script_named
from interviews.models import SimulatedCall
from interviews.receivers import keep_line_event
from interviews.signals import line_event

pytestmark = pytest.mark.django_db
QUESTION = "What do you do when a delivery is late?"
RATE = 16_000


@pytest.fixture
def told() -> Iterator[list[tuple[dict[str, Any], float]]]:
    """Give what the line tells: each event with its delay in seconds."""
    events: list[tuple[dict[str, Any], float]] = []

    def take(*, body: bytes, delay_seconds: float, **_: object) -> None:
        events.extend((event, delay_seconds) for event in json.loads(body))

    line_event.disconnect(keep_line_event)  # it knows no such calls
    line_event.connect(take, weak=False)
    yield events
    line_event.disconnect(take)
    line_event.connect(keep_line_event)


@pytest.fixture
def line(people, told) -> Line:
    """A call that the cooperative candidate has taken."""
    repeat = Repeatability(str(uuid4()), datetime.now(UTC))
    number = script_named("cooperative").number
    return OfflineCallroom().place(
        Dial(str(uuid4()), str(people.home.pk), number, "http://127.0.0.1:1/", "call", repeat)
    )


def kinds(told: list[tuple[dict[str, Any], float]]) -> list[str]:
    return [event["type"].removeprefix(PREFIX) for event, _ in told]


def question(op: int) -> Ask:
    return Ask(f"op-{op}", QUESTION, "en", "speech_or_keys", 5, 2)


def record(line: Line) -> str:
    repeat = Repeatability(str(uuid4()), datetime.now(UTC))
    return OfflineCallroom().start_recording(line, RecordOrder("org/call", "", repeat))


def recorded_call(line: Line) -> None:
    """Hold a call of one question, each command by another process's callroom."""
    record(line)
    OfflineCallroom().ask(line, question(5))
    OfflineCallroom().say(line, "Goodbye.", language="en", context="op-6")
    OfflineCallroom().hang_up(line)


def file_told(told: list[tuple[dict[str, Any], float]]) -> dict[str, Any]:
    (event,) = [one for one, _ in told if one["type"].endswith("RecordingFileStatusUpdated")]
    return event


def written(name: str) -> bytes:
    with storages["recordings"].open(name) as file:
        content: bytes = file.read()
    return content


def loudest(side: "array[int]", start_ms: int, end_ms: int) -> int:
    """Return how loud one channel becomes between two moments."""
    return max(map(abs, side[start_ms * RATE // 1000 : end_ms * RATE // 1000]), default=0)


def test_operation_that_is_sent_again_happens_once(told, line):
    for _ in range(2):
        OfflineCallroom().ask(line, question(5))
        OfflineCallroom().say(line, "Thank you.", language="en", context="op-6")
    assert kinds(told)[2:] == ["PlayStarted", "RecognizeCompleted", "PlayStarted", "PlayCompleted"]


def test_nothing_happens_on_a_call_that_is_over(told, line):
    OfflineCallroom().hang_up(line)
    for command in (
        lambda: OfflineCallroom().ask(line, question(5)),
        lambda: OfflineCallroom().say(line, "Hello?", language="en", context="op-6"),
        lambda: OfflineCallroom().cancel_media(line),
        lambda: record(line),
    ):
        with pytest.raises(CallGone):
            command()
    assert kinds(told)[2:] == ["CallDisconnected"]


def test_call_that_is_forgotten_is_over(told, line):
    SimulatedCall.objects.update(state={})
    assert not OfflineCallroom().is_alive(line)
    OfflineCallroom().hang_up(line)
    assert kinds(told) == ["ParticipantsUpdated", "CallConnected"]


def test_file_event_names_the_files_in_the_shape_of_event_grid(told, line):
    recorded_call(line)
    event = file_told(told)
    recording_id = SimulatedCall.objects.get().state["recording"]["id"]
    folder = f"org/call/{recording_id}"
    assert event["subject"] == (f"/recording/call/{line.server_call_id}/recordingId/{recording_id}")
    assert event["data"] == {
        "recordingStorageInfo": {
            "recordingChunks": [
                {
                    "documentId": recording_id,
                    "index": 0,
                    "endReason": "CallEnded",
                    "contentLocation": f"{folder}/0-audiowav.{recording_id}.wav",
                    "metadataLocation": f"{folder}/0-acsmetadata.{recording_id}.json",
                    "deleteLocation": "",
                }
            ]
        },
        "recordingStartTime": told[2][0]["data"]["startDateTime"],
        "recordingDurationMs": event["data"]["recordingDurationMs"],
        "recordingContentType": "Audio",
        "recordingChannelType": "Unmixed",
        "recordingFormatType": "Wav",
        "sessionEndReason": "CallEnded",
    }
    (chunk,) = event["data"]["recordingStorageInfo"]["recordingChunks"]
    about = json.loads(written(chunk["metadataLocation"]))
    assert about["chunkDuration"] == event["data"]["recordingDurationMs"]


def test_each_side_is_heard_on_its_own_channel_while_it_speaks(told, line):
    recorded_call(line)
    data = file_told(told)["data"]
    (chunk,) = data["recordingStorageInfo"]["recordingChunks"]
    with storages["recordings"].open(chunk["contentLocation"]) as file, wave.open(file) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, RATE)
        assert sound.getnframes() == data["recordingDurationMs"] * RATE // 1000
        both = array("h", sound.readframes(sound.getnframes()))
    sides = both[0::2], both[1::2]
    state = SimulatedCall.objects.get().state
    began = state["recording"]["began_ms"]
    assert [channel for channel, *_ in state["said"]] == [1, 0, 1]
    for channel, start, end, _ in state["said"]:
        assert loudest(sides[channel], start - began, end - began) > 1000
        assert loudest(sides[1 - channel], start - began, end - began) == 0


def test_recording_is_a_medium_that_decoders_take(told, line):
    recorded_call(line)
    data = file_told(told)["data"]
    (chunk,) = data["recordingStorageInfo"]["recordingChunks"]
    with av.open(io.BytesIO(written(chunk["contentLocation"])), "r") as medium:
        samples = sum(frame.samples for frame in medium.decode(medium.streams.audio[0]))
        assert medium.streams.audio[0].channels == 2
    assert samples == data["recordingDurationMs"] * RATE // 1000


def test_files_that_nobody_lived_to_write_are_written_by_whoever_asks_next(told, line, monkeypatch):
    files = storages["recordings"]

    def away(*_: object, **__: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(files, "save", away)
        with pytest.raises(OSError, match="away"):
            recorded_call(line)
    assert kinds(told)[-2:] == ["CallDisconnected", "RecordingStateChanged"]

    assert not OfflineCallroom().is_alive(line)
    (chunk,) = file_told(told)["data"]["recordingStorageInfo"]["recordingChunks"]
    assert files.exists(chunk["contentLocation"])
    OfflineCallroom().hang_up(line)
    assert kinds(told).count("RecordingFileStatusUpdated") == 1


@pytest.mark.parametrize("pace", [0, 1])
def test_at_the_pace_of_the_telephone_each_event_comes_at_its_own_time(told, line, settings, pace):
    settings.SIMULATED_CALL_PACE = pace
    began = datetime.fromisoformat(told[-1][0]["time"])
    OfflineCallroom().ask(line, question(5))
    times = [(datetime.fromisoformat(event["time"]) - began).total_seconds() for event, _ in told]
    assert times[2] == 0 < times[3]
    assert [delay for _, delay in told[2:]] == [pace * time for time in times[2:]]
