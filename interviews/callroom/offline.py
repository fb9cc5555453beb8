"""The callroom without keys and network: no telephone rings, a scripted candidate picks up.

What it remembers stands in rows of its own, as the outside world of this line: every process plays
the same call, and a call survives the process that placed it.
"""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
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

    def speaks(self, language: str) -> bool:
        """Return True: what is said here is read, not heard."""
        return True

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
                since = played.clock
                _tell(row, played.ring(), since)
                _keep(row, played)
        return line

    def ask(self, line: Line, ask: Ask) -> None:
        """Say and listen; the answer is known at once."""
        _play(
            line,
            lambda played: played.ask(
                ask.text,
                ask.language,
                ask.listens,
                ask.context,
                silence_seconds=ask.initial_silence_seconds,
            ),
            ask.context,
        )

    def say(self, line: Line, text: str, *, language: str, context: str) -> None:
        """Say it to its end."""
        _play(line, lambda played: played.say(text, context), context)

    def cancel_media(self, line: Line) -> None:
        """Do nothing: whatever was said has been said by now."""
        _play(line, lambda _: [])

    def start_recording(self, line: Line, order: RecordOrder) -> str:
        """Begin to record; refused for a call that is recorded already."""
        recording_id = named(order.repeat.request_id, "recording")

        def record(played: SimulatedLine) -> list[Event]:
            recording = played.state["recording"]
            if recording and recording["id"] != recording_id:
                raise PermanentFailure("It is recorded already.", code="already_recording")
            events = [] if recording else played.record(recording_id)
            if played.state["recording"]:
                played.state["recording"]["folder"] = order.folder
            return events

        _play(line, record, recording_id)
        return recording_id

    def hang_up(self, line: Line) -> None:
        """End the call; one that is over already is fine."""
        with suppress(CallGone):
            _play(line, lambda played: played.end())

    def is_alive(self, line: Line) -> bool:
        """Return whether the candidate is still on the line."""
        try:
            _play(line, lambda _: [])
        except CallGone:
            return False
        return True

    def delete_copy(self, location: str) -> None:
        """Do nothing: there is no copy but the one in our storage."""


def _play(line: Line, act: Callable[[SimulatedLine], list[Event]], once: str = "") -> None:
    """Let one command act on the call; CallGone when it is over.

    What is named by `once` happens once: whoever sends it again did not live to hear that it was
    accepted, and its events are told. A call that is over gets its files from whoever comes next,
    if the process that ended it did not live to write them.
    """
    with transaction.atomic():
        found = SimulatedCall.objects.select_for_update().filter(connection_id=line.connection_id)
        row = found.first()
        if row is None or not row.state:  # unknown, or over for so long that it is forgotten
            raise CallGone
        played = _played(row)
        is_live = played.is_live
        if is_live and played.notes(once):
            since = played.clock
            _tell(row, act(played), since)
            _keep(row, played)
    _finish_recording(row)
    if not is_live:
        raise CallGone


def _played(row: SimulatedCall) -> SimulatedLine:
    return SimulatedLine(row.state, script_named(row.script))


def _keep(row: SimulatedCall, played: SimulatedLine) -> None:
    row.state = played.state
    row.ended_at = timezone.now() if played.state["over"] else None
    row.save(update_fields=["state", "ended_at"])


def _tell(row: SimulatedCall, events: list[Event], since: datetime) -> None:
    """Send the events of a command that began at `since`: at once, or each at its own time."""
    for event in events:
        after = datetime.fromisoformat(event["time"]) - since
        _send(row, event, max(after.total_seconds(), 0.0) * settings.SIMULATED_CALL_PACE)


def _send(row: SimulatedCall, event: Event, delay_seconds: float) -> None:
    body = json.dumps([event]).encode()
    line_event.send(
        sender=SimulatedCall,
        connection_id=row.connection_id,
        body=body,
        delay_seconds=delay_seconds,
    )


def _finish_recording(row: SimulatedCall) -> None:
    """Write the files of a recorded call that is over, and tell of them as Event Grid does."""
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
