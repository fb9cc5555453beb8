"""The callroom without keys and network: no telephone rings, a scripted candidate picks up.

What it remembers stands in rows of its own, as the outside world of this line: every process plays
the same call, and a call survives the process that placed it.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.callroom.protocol import Ask, CallGone, Dial, Line, RecordOrder
from interviews.callroom.simulated.events import file_event, moment, named
from interviews.callroom.simulated.line import Event, SimulatedLine
from interviews.callroom.simulated.scripts import is_fictional, script_named, script_of
from interviews.callroom.simulated.sound import write_wav
from interviews.models import SimulatedCall
from interviews.signals import line_event
from talenti.errors import PermanentFailure

ALIAS = "recordings"


class OfflineCallroom:
    """Satisfies the Callroom protocol, and says openly that it is a simulation."""

    name = "offline"
    label = "Simulated call: no telephone rings."

    def check(self) -> list[str]:
        """Return nothing: it needs nothing."""
        return []

    def place(self, dial: Dial) -> Line:
        """Ring the script's number; the same request twice is the same call.

        Where strangers are interviewed, nobody plays them: other numbers are refused.
        """
        if settings.DEPLOYED and not is_fictional(dial.number):
            raise PermanentFailure("No telephone is set up here.", code="no_telephone")
        ids = {
            "callConnectionId": named(dial.repeat.request_id, "connection"),
            "serverCallId": named(dial.repeat.request_id, "server"),
            "correlationId": named(dial.repeat.request_id, "correlation"),
        }
        line = Line(ids["callConnectionId"], ids["serverCallId"], dial.number)
        script = script_of(dial.number)
        with transaction.atomic():
            played = SimulatedLine.dial(script, ids, timezone.now())
            row, is_new = SimulatedCall.objects.get_or_create(
                connection_id=line.connection_id,
                defaults={
                    "organisation_id": dial.organisation_id,
                    "call_id": dial.call_id,
                    "server_call_id": line.server_call_id,
                    "number": dial.number,
                    "script": script.name,
                    "state": played.state,
                },
            )
            if is_new:
                _tell(row, played.ring(), played, since_ms=0)
                _keep(row, played)
        return line

    def ask(self, line: Line, ask: Ask) -> None:
        """Say and listen; the answer is known at once."""
        with _playing(line) as (row, played):
            since_ms = played.state["ms"]
            events = played.ask(
                ask.text,
                ask.language,
                ask.listens,
                ask.context,
                silence_seconds=ask.initial_silence_seconds,
            )
            _tell(row, events, played, since_ms=since_ms)
        _finish_recording(row)

    def say(self, line: Line, text: str, *, language: str, context: str) -> None:
        """Say it to its end."""
        with _playing(line) as (row, played):
            since_ms = played.state["ms"]
            _tell(row, played.say(text, context), played, since_ms=since_ms)

    def cancel_media(self, line: Line) -> None:
        """Do nothing: whatever was said has been said by now."""
        with _playing(line):
            pass

    def start_recording(self, line: Line, order: RecordOrder) -> str:
        """Begin to record; refused for a call that is recorded already."""
        recording_id = named(order.repeat.request_id, "recording")
        with _playing(line) as (row, played):
            recording = played.state["recording"]
            if recording and recording["id"] != recording_id:
                raise PermanentFailure("It is recorded already.", code="already_recording")
            if not recording:
                _tell(row, played.record(recording_id), played, since_ms=played.state["ms"])
                if played.state["recording"]:
                    played.state["recording"]["folder"] = order.folder
        return recording_id

    def hang_up(self, line: Line) -> None:
        """End the call; one that is over already is fine."""
        try:
            with _playing(line) as (row, played):
                _tell(row, played.end(), played, since_ms=played.state["ms"])
        except CallGone:
            return
        _finish_recording(row)

    def is_alive(self, line: Line) -> bool:
        """Return whether the candidate is still on the line."""
        found = SimulatedCall.objects.filter(connection_id=line.connection_id).first()
        return found is not None and _played(found).is_live

    def delete_copy(self, location: str) -> None:
        """Do nothing: there is no copy but the one in our storage."""


@contextmanager
def _playing(line: Line) -> Iterator[tuple[SimulatedCall, SimulatedLine]]:
    """Give the call to one command at a time; CallGone when it is over."""
    with transaction.atomic():
        found = SimulatedCall.objects.select_for_update().filter(connection_id=line.connection_id)
        row = found.first()
        if row is None or not _played(row).is_live:
            raise CallGone
        played = _played(row)
        yield row, played
        _keep(row, played)


def _played(row: SimulatedCall) -> SimulatedLine:
    return SimulatedLine(row.state, script_named(row.script))


def _keep(row: SimulatedCall, played: SimulatedLine) -> None:
    row.state = played.state
    row.ended_at = timezone.now() if played.state["over"] else None
    row.save(update_fields=["state", "ended_at"])


def _tell(row: SimulatedCall, events: list[Event], played: SimulatedLine, *, since_ms: int) -> None:
    """Send the events of a command that began at `since_ms`; in real time after its length."""
    took_seconds = (played.state["ms"] - since_ms) / 1000
    for event in events:
        _send(row, event, took_seconds * settings.SIMULATED_CALL_PACE)


def _send(row: SimulatedCall, event: Event, delay_seconds: float) -> None:
    body = json.dumps([event]).encode()
    line_event.send(
        sender=SimulatedCall,
        connection_id=row.connection_id,
        body=body,
        delay_seconds=delay_seconds,
    )


def _finish_recording(row: SimulatedCall) -> None:
    """Write the files of a recorded call that is over, and tell of them as Event Grid does.

    A process that dies meanwhile leaves the files to whoever looks for missing recordings.
    """
    played = _played(row)
    recording = played.state["recording"]
    if not played.state["over"] or not recording or recording.get("written"):
        return
    content = f"{recording['folder']}/{recording['id']}/0-audiowav.{recording['id']}.wav"
    metadata = f"{recording['folder']}/{recording['id']}/0-acsmetadata.{recording['id']}.json"
    _write(content, played)
    about = {"chunkDocumentId": recording["id"], "chunkDuration": played.recorded_ms()}
    _save(metadata, json.dumps(about).encode())
    chunk = {
        "documentId": recording["id"],
        "index": 0,
        "endReason": "CallEnded",
        "contentLocation": content,
        "metadataLocation": metadata,
        "deleteLocation": "",
    }
    event = file_event(
        played.state["ids"],
        recording["id"],
        played.clock,
        recordingStorageInfo={"recordingChunks": [chunk]},
        recordingDurationMs=played.recorded_ms(),
        recordingStartTime=moment(played.recorded_since()),
        sessionEndReason="CallEnded",
    )
    with transaction.atomic():
        recording["written"] = True
        _keep(row, played)
        _send(row, event, 0.0)


def _write(name: str, played: SimulatedLine) -> None:
    with tempfile.TemporaryDirectory(prefix="talenti-") as folder:
        path = Path(folder) / "call.wav"
        with path.open("wb") as target:
            write_wav(target, played.spoken(), played.recorded_ms())
        with path.open("rb") as source:
            _save(name, source)


def _save(name: str, content: Any) -> None:
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    storages[ALIAS].delete(name)
    storages[ALIAS].save(name, file)
