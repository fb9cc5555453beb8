"""Events of the simulated line, in the form that Communication Services gives them."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

PREFIX = "Microsoft.Communication."
VERSION = "2025-05-15"
_IDS = uuid.UUID("5bd1c3f2-6c55-4f8b-9c0e-7d8f4e2a1b60")
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TONES = {str(digit): name for digit, name in enumerate(_DIGITS)} | {"*": "asterisk", "#": "pound"}


def named(*parts: object) -> str:
    """Return an id that is always the same for the same parts."""
    return str(uuid.uuid5(_IDS, "/".join(map(str, parts))))


def call_event(
    name: str,
    ids: Mapping[str, str],
    at: datetime,
    *,
    number: int,
    context: str = "",
    **data: Any,
) -> dict[str, Any]:
    """Return a CloudEvent. `number` counts the call's events, so that each has an id of its own."""
    source = f"calling/callConnections/{ids['callConnectionId']}"
    known: dict[str, Any] = {"version": VERSION, **data, **ids}
    if context:
        known["operationContext"] = context
    if "recordingId" in data:
        source = f"calling/recordings/{ids['serverCallId']}/{data['recordingId']}/{name}"
        known["eventSource"] = source
    return {
        "id": named(ids["callConnectionId"], "event", number),
        "source": source,
        "type": PREFIX + name,
        "data": known | {"publicEventType": PREFIX + name},
        "time": moment(at),
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "subject": source,
    }


def ended(code: int, sub_code: str, message: str) -> dict[str, Any]:
    """Return how an operation or a call ended, as one part of an event's data."""
    return {"resultInformation": {"code": code, "subCode": int(sub_code), "message": message}}


def file_event(
    ids: Mapping[str, str], recording_id: str, at: datetime, **data: Any
) -> dict[str, Any]:
    """Return Event Grid's event of a recording that was written (CloudEvents schema)."""
    call = ids["serverCallId"]
    return {
        "id": named(recording_id, "file"),
        "source": "/simulated/communicationServices",
        "subject": f"/recording/call/{call}/recordingId/{recording_id}",
        "type": f"{PREFIX}RecordingFileStatusUpdated",
        "time": moment(at),
        "data": {
            **data,
            "recordingContentType": "Audio",
            "recordingChannelType": "Unmixed",
            "recordingFormatType": "Wav",
        },
        "specversion": "1.0",
    }


def moment(at: datetime) -> str:
    """Return a time as the service writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")
