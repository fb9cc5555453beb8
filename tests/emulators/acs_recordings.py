"""The files of a recording, as the service writes them to a storage of the customer's own."""

import io
import json
import uuid
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from talenti.azure.blob import Account, service
from tests.emulators.acs_events import moment

SAMPLE_RATE = 16_000
Upload = Callable[[str, bytes], None]


@dataclass
class EmulatedRecording:
    """One recording of a call; `folder_url` is what the customer asked for."""

    folder_url: str
    state_url: str
    id: str = field(default_factory=lambda: f"rec-{uuid.uuid4()}")
    document_id: str = field(default_factory=lambda: f"0-eau-d1-{uuid.uuid4().hex}")
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    is_on: bool = False

    def write(
        self, call_id: str, number: str, sound: bytes, upload: Upload, *, keeps_copy: bool = True
    ) -> dict[str, Any]:
        """Upload sound and metadata; return what an event tells of them, as of one chunk.

        The service's own copy lies at the service, where no emulator can be.
        """
        day = self.started_at.strftime("%Y%m%d")
        folder = f"{self.folder_url}/{day}/{call_id}/{self.id[:8]}-{uuid.uuid4()}"
        metadata = metadata_of(self, call_id, number, sound)
        upload(f"{folder}/0-audiowav.{self.document_id}.wav", sound)
        upload(f"{folder}/0-acsmetadata.{self.document_id}.json", json.dumps(metadata).encode())
        kept = f"https://eau-storage.asm.skype.com/v1/objects/{self.document_id}"
        return {
            "documentId": self.document_id,
            "contentLocation": f"{kept}/content/audio",
            "metadataLocation": f"{kept}/content/acsmetadata",
            "deleteLocation": kept if keeps_copy else "",
            "index": 0,
            "endReason": "SessionEnded",
        }


def metadata_of(
    recording: EmulatedRecording, call_id: str, number: str, sound: bytes
) -> dict[str, Any]:
    """Return what is written beside the sound."""
    return {
        "resourceId": "acs-talenti",
        "callId": call_id,
        "chunkDocumentId": recording.document_id,
        "chunkIndex": 0,
        "chunkStartTime": moment(recording.started_at),
        "chunkDuration": float(duration_ms(sound)),
        "pauseResumeIntervals": [],
        "recordingInfo": {
            "contentType": "audio",
            "channelType": "unmixed",
            "format": "wav",
            "audioConfiguration": {"sampleRate": SAMPLE_RATE, "bitRate": 512000, "channels": 2},
        },
        "participants": [
            {"participantId": f"4:{number}", "channel": 0},
            {"participantId": f"28:acs:{call_id}", "channel": 1},
        ],
    }


def duration_ms(sound: bytes) -> int:
    """Return the length of a WAV file."""
    with wave.open(io.BytesIO(sound)) as file:
        return int(file.getnframes() * 1000 // file.getframerate())


def two_channels(seconds: float = 1.0) -> bytes:
    """Return a WAV: the candidate on the first channel, steady, and us on the second, silent."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(b"\x00\x10\x00\x00" * int(seconds * SAMPLE_RATE))
    return made.getvalue()


def to_blob_storage(account: Account) -> Upload:
    """Return an upload to this account, where the addresses lead."""

    def upload(url: str, content: bytes) -> None:
        within = url.removeprefix(account.endpoint).strip("/")
        container, _, name = within.partition("/")
        client = service(account, 0).get_blob_client(container, name)
        client.upload_blob(content, overwrite=False)

    return upload
