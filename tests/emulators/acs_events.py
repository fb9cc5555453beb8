"""Events as Communication Services words them: CloudEvents of calls, Event Grid's of files."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.emulators.acs_shapes import API_VERSION

PREFIX = "Microsoft.Communication."
RESOURCE = (
    "/subscriptions/0/resourceGroups/rg-talenti/providers/Microsoft.Communication"
    "/communicationServices/acs-talenti"
)
MESSAGE = "Action completed, see the sub-code."


def moment(at: datetime | None = None) -> str:
    """Return a time as the service writes it."""
    at = at or datetime.now(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")


def call_event(
    name: str, ids: Mapping[str, str], data: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Return one event of the call with these ids, with a new id of its own."""
    source = f"calling/callConnections/{ids['callConnectionId']}"
    own = {"version": API_VERSION, "publicEventType": PREFIX + name, **ids}
    return {
        "id": str(uuid.uuid4()),
        "source": source,
        "type": PREFIX + name,
        "data": {**data, **own},
        "time": moment(at),
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "subject": source,
    }


def result(code: int, sub_code: int, *, sip: int = 0) -> dict[str, Any]:
    """Return how something ended."""
    ended: dict[str, Any] = {"code": code, "subCode": sub_code, "message": MESSAGE}
    if sip:
        ended["sipDetails"] = {"code": sip, "message": "of the network"}
    return {"resultInformation": ended}


def file_event(recording: Mapping[str, Any], chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the event of a recording that was written to a storage of the customer's own."""
    return {
        "id": str(uuid.uuid4()),
        "topic": RESOURCE,
        "subject": f"/recording/call/{recording['call']}/serverCallId/{recording['server_call']}",
        "data": {
            "storageType": "AzureBlob",
            "recordingId": recording["id"],
            "recordingStorageInfo": {"recordingChunks": chunks},
            "recordingStartTime": moment(recording["started_at"]),
            "recordingDurationMs": recording["duration_ms"],
            "recordingContentType": "Audio",
            "recordingChannelType": "Unmixed",
            "recordingFormatType": "Wav",
            "sessionEndReason": "CallEnded",
        },
        "eventType": f"{PREFIX}RecordingFileStatusUpdated",
        "dataVersion": "1.0",
        "metadataVersion": "1",
        "eventTime": moment(),
    }
