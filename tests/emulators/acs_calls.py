"""The calls of the emulator: what is asked of them, and the events that follow."""

import base64
import json
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from tests.emulators.acs_callee import Callee, Happening, Scripted
from tests.emulators.acs_delivery import Post, Postman
from tests.emulators.acs_events import call_event, file_event, moment, result
from tests.emulators.acs_recordings import EmulatedRecording, Upload, duration_ms, two_channels
from tests.emulators.acs_signing import Signer, eventgrid_token

Body = Mapping[str, Any]
CANCELLED = {"play": "PlayCanceled", "recognize": "RecognizeCanceled"}


class Refused(Exception):
    """The service does not do this now: a status and its sub-code."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, str(code)


@dataclass
class EmulatedCall:
    """One call that was placed. `media` is the operation under way: its kind and its context."""

    number: str
    callback_url: str
    context: str
    callee: Callee
    connection_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    lasted: float = 0.0  # seconds of the line's own time that have passed by events
    state: str = "connecting"
    media: tuple[str, str] | None = None
    recordings: list[EmulatedRecording] = field(default_factory=list)

    @property
    def server_call_id(self) -> str:
        """The id of the call at the server: opaque, and longer."""
        told = f"https://conv-aue-01.conv.skype.com/conv/{self.call_id}?i=1"
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @property
    def ids(self) -> dict[str, str]:
        """What every event of it names."""
        return {
            "callConnectionId": self.connection_id,
            "serverCallId": self.server_call_id,
            "correlationId": self.call_id,
        }

    def at(self, pace: float) -> float:
        """Return how many seconds it lasts by the line's own clock: at once, only events count."""
        passed = (datetime.now(UTC) - self.began_at).total_seconds() / pace if pace else 0.0
        return max(self.lasted, passed)

    def moment(self, lasted: float) -> datetime:
        """Return the time on the line's clock."""
        return self.began_at + timedelta(seconds=lasted)

    def properties(self) -> dict[str, Any]:
        """Return what the service tells of it."""
        target = {"kind": "phoneNumber", "rawId": f"4:{self.number}"}
        return {
            "callConnectionId": self.connection_id,
            "serverCallId": self.server_call_id,
            "targets": [{**target, "phoneNumber": {"value": self.number}}],
            "callConnectionState": self.state,
            "callbackUri": self.callback_url,
            "correlationId": self.call_id,
        }


@dataclass
class EventGrid:
    """Where files are told of: an address with its secret, and who signs for which tenant."""

    url: str
    signer: Signer
    tenant: str


class Exchange:
    """All calls. `pace` is how many seconds one of the line's takes: 0 is at once."""

    def __init__(self, postman: Postman, signer: Signer) -> None:
        self._postman, self._signer = postman, signer
        self._lock = threading.RLock()
        self.pace = 0.0
        self.callee: Callable[[str], Callee] = lambda _: Scripted()
        self.upload: Upload | None = None
        self.event_grid: EventGrid | None = None
        self.calls: dict[str, EmulatedCall] = {}

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self.calls.clear()
        self.pace, self.callee = 0.0, lambda _: Scripted()
        self.upload = self.event_grid = None

    def placed(self, number: str) -> int:
        """Return how many calls rang this number."""
        return sum(call.number == number for call in self.calls.values())

    def create_call(self, body: Body) -> EmulatedCall:
        """Let it ring."""
        number = body["targets"][0]["phoneNumber"]["value"]
        call = EmulatedCall(
            number, body["callbackUri"], body["operationContext"], self.callee(number)
        )
        with self._lock:
            self.calls[call.connection_id] = call
            self._follow(call, call.callee.ring(), call.context)
        return call

    def get_call(self, connection_id: str) -> EmulatedCall:
        """Return a call that is not over."""
        call = self.calls.get(connection_id)
        if call is None or call.state == "disconnected":
            raise Refused(404, 8522)
        return call

    def play(self, connection_id: str, body: Body) -> None:
        """Say it."""
        with self._lock:
            call = self._begin_media(connection_id, "play", body)
            happenings = call.callee.listen(_texts(body["playSources"]))
            self._follow(call, happenings, body["operationContext"])

    def recognize(self, connection_id: str, body: Body) -> None:
        """Say it and listen."""
        options = body["recognizeOptions"]
        with self._lock:
            call = self._begin_media(connection_id, "recognize", body)
            happenings = call.callee.answer(
                _texts(body.get("playPrompts", [])),
                keys_only=body["recognizeInputType"] == "dtmf",
                patience=options["initialSilenceTimeoutInSeconds"],
            )
            self._follow(call, happenings, body["operationContext"])

    def cancel_media(self, connection_id: str) -> None:
        """End what is being said or listened to."""
        with self._lock:
            call = self._connected(connection_id)
            if call.media is None:
                return
            (kind, context), call.media = call.media, None
            self._follow(call, [Happening(0.1, CANCELLED[kind], result(400, 8508))], context)

    def hang_up(self, connection_id: str) -> None:
        """End the call."""
        with self._lock:
            call = self.get_call(connection_id)
            over = Happening(0.2, "CallDisconnected", result(200, 560000), ends="call")
            self._send(call, over, call.context, None)

    def start_recording(self, body: Body) -> EmulatedRecording:
        """Record from now on."""
        with self._lock:
            call = self._connected(body["callConnectionId"])
            if any(recording.is_on for recording in call.recordings):
                raise Refused(400, 8553)
            folder = body["externalStorage"]["recordingDestinationContainerUrl"]
            recording = EmulatedRecording(
                folder,
                body["recordingStateCallbackUri"],
                started_at=call.moment(call.at(self.pace)),
                is_on=True,
            )
            call.recordings.append(recording)
            self._tell_state(call, recording, "active")
        return recording

    def _begin_media(self, connection_id: str, kind: str, body: Body) -> EmulatedCall:
        call = self._connected(connection_id)
        if call.media is not None:
            raise Refused(400, 8500)
        call.media = (kind, body["operationContext"])
        return call

    def _connected(self, connection_id: str) -> EmulatedCall:
        call = self.get_call(connection_id)
        if call.state != "connected":
            raise Refused(400, 8501)
        return call

    def _follow(self, call: EmulatedCall, happenings: Sequence[Happening], context: str) -> None:
        """Let these happen, each at its time, unless something has come between."""
        for one in happenings:
            self._send(call, one, context, call.media)

    def _send(
        self, call: EmulatedCall, one: Happening, context: str, operation: tuple[str, str] | None
    ) -> None:
        lasted = call.at(self.pace) + one.after_seconds
        data = {**one.data, "operationContext": context}
        event = call_event(one.name, call.ids, data, call.moment(lasted))
        post = Post(
            call.callback_url,
            json.dumps([event]).encode(),
            self._authority,
            lane=call.connection_id,
            happens=lambda: self._happens(call, one, operation, lasted),
        )
        self._postman.send(post, one.after_seconds * self.pace)

    def _authority(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._signer.token()}"}

    def _happens(
        self,
        call: EmulatedCall,
        one: Happening,
        operation: tuple[str, str] | None,
        lasted: float,
    ) -> bool:
        with self._lock:
            if call.state == "disconnected" or (operation and call.media != operation):
                return False
            call.lasted = max(call.lasted, lasted)
            if one.name == "CallConnected":
                call.state = "connected"
            if one.ends == "media":
                call.media = None
            if one.ends == "call":
                call.state, call.media = "disconnected", None
                self._end_recordings(call)
        return True

    def _end_recordings(self, call: EmulatedCall) -> None:
        for recording in call.recordings:
            recording.is_on = False
            self._tell_state(call, recording, "inactive")
            self._tell_file(call, recording)

    def _tell_state(self, call: EmulatedCall, recording: EmulatedRecording, state: str) -> None:
        data = {
            "recordingId": recording.id,
            "state": state,
            "startDateTime": moment(recording.started_at),
            "recordingKind": "azureBlobStorage",
        }
        at = call.moment(call.at(self.pace))
        event = call_event("RecordingStateChanged", call.ids, data, at)
        body = json.dumps([event]).encode()
        post = Post(recording.state_url, body, self._authority, lane=call.connection_id)
        self._postman.send(post, 0.5 * self.pace)

    def _tell_file(self, call: EmulatedCall, recording: EmulatedRecording) -> None:
        """Write the file and tell of it, if somebody is there for both."""
        if self.upload is None:
            return
        sound = call.callee.sound() or two_channels()
        chunk = recording.write(call.call_id, call.number, sound, self.upload)
        recording.is_stored = True
        if (grid := self.event_grid) is None:
            return
        told = {
            "id": recording.id,
            "call": call.call_id,
            "server_call": call.server_call_id,
            "started_at": recording.started_at,
            "duration_ms": duration_ms(sound),
        }
        post = Post(
            grid.url,
            json.dumps([file_event(told, [chunk])]).encode(),
            lambda: {
                "Authorization": f"Bearer {eventgrid_token(grid.signer, grid.tenant)}",
                "aeg-event-type": "Notification",
            },
            lane=call.connection_id,
        )
        self._postman.send(post, 2.0 * self.pace)


def _texts(sources: list[dict[str, Any]]) -> list[str]:
    """Return what the prompts say."""
    return ["".join(ET.fromstring(one["ssml"]["ssmlText"]).itertext()) for one in sources]
