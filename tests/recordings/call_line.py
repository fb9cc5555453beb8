"""A line that has hung up: it only deletes its copies, and notes which."""

import json
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone

from interviews.calls.dialect import read_event
from interviews.calls.facts import Fact
from interviews.models import Call, CallEntry
from interviews.signals import call_file_ready

NOTED = "tests.recordings.call_line.NotedLine"
EVENT = "Microsoft.Communication.RecordingFileStatusUpdated"


class NotedLine:
    """A callroom of which only `delete_copy` is asked. `fault` is raised once."""

    name, label = "offline", "Nobody calls."
    deleted: ClassVar[list[str]] = []
    fault: ClassVar[list[Exception]] = []

    def check(self) -> list[str]:
        return []

    def delete_copy(self, location: str) -> None:
        if self.fault:
            raise self.fault.pop()
        self.deleted.append(location)


def file_event(
    *contents: str, event_id: str = "file-1", started_at: datetime | None = None
) -> bytes:
    """Return what Event Grid says when these files are written, their chunks in this order."""
    chunks = [
        {
            "documentId": f"{event_id}-{index}",
            "index": index,
            "contentLocation": content,
            "metadataLocation": f"{content}.json",
            "deleteLocation": f"https://eu.asm.skype.com/v1/objects/{event_id}-{index}",
        }
        for index, content in enumerate(contents)
    ]
    data: dict[str, Any] = {"recordingStorageInfo": {"recordingChunks": chunks}}
    if started_at:
        data["recordingStartTime"] = started_at.isoformat().replace("+00:00", "Z")
    event = {
        "id": event_id,
        "eventType": EVENT,
        "subject": "/recording/call/c/recordingId/r",
        "eventTime": timezone.now().isoformat().replace("+00:00", "Z"),
        "data": data,
    }
    return json.dumps(event).encode()


def announce_files(call: Call, body: bytes) -> Fact:
    """Put the event into the call's ledger and announce it, as the following of a call does."""
    event = read_event(body)
    position = call.ledger.count() + 1
    CallEntry.objects.create(
        organisation_id=call.organisation_id,
        call=call,
        position=position,
        source="eventgrid",
        event_id=event.event_id,
        type=event.type,
        body=body,
        body_sha256="0" * 64,
        received_at=timezone.now(),
        hash=f"{position:064}",
    )
    call_file_ready.send(sender=Call, call=call, fact=event.fact)
    return event.fact
