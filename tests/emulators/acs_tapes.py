"""The recordings of the emulator's calls: what is told of them, and the files that come of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.emulators.acs_call import EmulatedCall
from tests.emulators.acs_delivery import Post, Postman
from tests.emulators.acs_events import call_event, file_event, moment, result
from tests.emulators.acs_recordings import EmulatedRecording, Upload, duration_ms
from tests.emulators.acs_signing import Signer, eventgrid_token

STATE_SECONDS, FILE_SECONDS = 0.5, 2.0  # of the line's own time


@dataclass
class EventGrid:
    """Where files are told of: an address with its secret, and who signs for which tenant."""

    url: str
    signer: Signer
    tenant: str

    def headers(self) -> dict[str, str]:
        """Return what each delivery shows."""
        token = eventgrid_token(self.signer, self.tenant)
        return {"Authorization": f"Bearer {token}", "aeg-event-type": "Notification"}


class Tapes:
    """Writes what is recorded with `upload`, and tells of it at `event_grid`; without, neither."""

    def __init__(self, postman: Postman, authority: Callable[[], dict[str, str]]) -> None:
        self._postman, self._authority = postman, authority
        self.upload: Upload | None = None
        self.event_grid: EventGrid | None = None
        self.keeps_copies = True

    def forget(self) -> None:
        """Write nothing and tell nobody."""
        self.upload = self.event_grid = None

    def begin(self, call: EmulatedCall, recording: EmulatedRecording, pace: float) -> None:
        """Tell that it records."""
        self._tell(call, recording, "RecordingStateChanged", _state(recording, "active"), pace)

    def fail(
        self, call: EmulatedCall, recording: EmulatedRecording, sub_code: int, pace: float
    ) -> None:
        """Tell that it does not record."""
        data = {"recordingId": recording.id, **result(400, sub_code)}
        self._tell(call, recording, "StartRecordingFailed", data, pace)

    def end(self, call: EmulatedCall, pace: float) -> None:
        """Stop whatever records, write the files and tell of them."""
        for recording in call.recordings:
            if recording.is_on:
                recording.is_on = False
                ended = _state(recording, "inactive")
                self._tell(call, recording, "RecordingStateChanged", ended, pace)
                self._tell_file(call, recording, pace)

    def _tell(
        self,
        call: EmulatedCall,
        recording: EmulatedRecording,
        name: str,
        data: dict[str, object],
        pace: float,
    ) -> None:
        event = call_event(name, call.ids, data, call.moment(call.at(pace)))
        body = json.dumps([event]).encode()
        post = Post(recording.state_url, body, self._authority, lane=call.connection_id)
        self._postman.send(post, STATE_SECONDS * pace)

    def _tell_file(self, call: EmulatedCall, recording: EmulatedRecording, pace: float) -> None:
        if self.upload is None:
            return
        sound = call.callee.sound()
        chunk = recording.write(
            call.call_id, call.number, sound, self.upload, keeps_copy=self.keeps_copies
        )
        if (grid := self.event_grid) is None:
            return
        told = {
            "id": recording.id,
            "call": call.call_id,
            "server_call": call.server_call_id,
            "started_at": recording.started_at,
            "duration_ms": duration_ms(sound),
        }
        body = json.dumps([file_event(told, [chunk])]).encode()
        post = Post(grid.url, body, grid.headers, lane=call.connection_id)
        self._postman.send(post, FILE_SECONDS * pace)


def _state(recording: EmulatedRecording, state: str) -> dict[str, object]:
    return {
        "recordingId": recording.id,
        "state": state,
        "startDateTime": moment(recording.started_at),
        "recordingKind": "azureBlobStorage",
    }
