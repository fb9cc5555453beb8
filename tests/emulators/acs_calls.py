"""The calls of the emulator: what is asked of them, and the events that follow."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from tests.emulators.acs_call import EmulatedCall
from tests.emulators.acs_callee import Callee, Happening
from tests.emulators.acs_delivery import Post, Postman
from tests.emulators.acs_events import call_event, result
from tests.emulators.acs_played import Played
from tests.emulators.acs_recordings import EmulatedRecording
from tests.emulators.acs_signing import Signer
from tests.emulators.acs_tapes import Tapes

Body = Mapping[str, Any]
CANCELLED = {"play": "PlayCanceled", "recognize": "RecognizeCanceled"}
FAILED = {"play": "PlayFailed", "recognize": "RecognizeFailed"}

OVER = Happening(0.2, "CallDisconnected", result(200, 560000), ends="call")


class Refused(Exception):
    """The service does not do this now: a status and its sub-code."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, str(code)


class Exchange:
    """All calls. `pace` is how many seconds one of the line's takes: 0 is at once."""

    def __init__(self, postman: Postman, signer: Signer) -> None:
        self._postman, self._signer = postman, signer
        self._lock = threading.RLock()
        self.pace = 0.0
        self.callee: Callable[[str], Callee] = Played.at
        self.tapes = Tapes(postman, self._authority)
        self.calls: dict[str, EmulatedCall] = {}
        self._spoiled: dict[str, deque[int]] = {}

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self.calls.clear()
            self._spoiled.clear()
        self.pace, self.callee = 0.0, Played.at
        self.tapes.forget()

    def spoil(self, command: str, *sub_codes: int) -> None:
        """Let the next ones (recognize, play, start_recording) be accepted and fail like this."""
        self._spoiled.setdefault(command, deque()).extend(sub_codes)

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
            self._follow(call, self._spoil("play", happenings), body["operationContext"])

    def recognize(self, connection_id: str, body: Body) -> None:
        """Say it and listen."""
        options = body["recognizeOptions"]
        with self._lock:
            call = self._begin_media(connection_id, "recognize", body)
            happenings = call.callee.answer(
                _texts(body.get("playPrompts", [])),
                language=options.get("speechLanguage", "en-US"),
                keys_only=body["recognizeInputType"] == "dtmf",
                patience=options["initialSilenceTimeoutInSeconds"],
            )
            self._follow(call, self._spoil("recognize", happenings), body["operationContext"])

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
            call.callee.wait(call.at(self.pace))
            # A candidate may have hung up in what was cancelled since.
            for over in call.callee.end() or [OVER]:
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
            call.callee.wait(call.at(self.pace))
            spoiled = self._spoiled.get("start_recording")
            fault = spoiled.popleft() if spoiled else call.callee.record(recording.id)
            if fault:
                recording.is_on = False
                self.tapes.fail(call, recording, fault, self.pace)
            else:
                self.tapes.begin(call, recording, self.pace)
        return recording

    def _spoil(self, kind: str, happenings: Sequence[Happening]) -> Sequence[Happening]:
        """Return a failure in the place of what would happen, if there is one."""
        if not (spoiled := self._spoiled.get(kind)):
            return happenings
        return [Happening(0.5, FAILED[kind], result(400, spoiled.popleft()), ends="media")]

    def _begin_media(self, connection_id: str, kind: str, body: Body) -> EmulatedCall:
        call = self._connected(connection_id)
        if call.media is not None:
            raise Refused(400, 8500)
        call.media = (kind, body["operationContext"])
        call.callee.wait(call.at(self.pace))
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
                self.tapes.end(call, self.pace)
        return True


def _texts(sources: list[dict[str, Any]]) -> list[str]:
    """Return what the prompts say."""
    return ["".join(ET.fromstring(one["ssml"]["ssmlText"]).itertext()) for one in sources]
