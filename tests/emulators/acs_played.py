"""Who is called, played by the product's own simulated line: its scripts, its clock, its sound."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from interviews.callroom.simulated.events import PREFIX
from interviews.callroom.simulated.line import Event, SimulatedLine
from interviews.callroom.simulated.scripts import Script, script_of
from interviews.callroom.simulated.sound import write_wav
from tests.emulators.acs_callee import Happening

IDS = {"callConnectionId": "", "serverCallId": "", "correlationId": ""}  # the emulator has its own
OWN = {"version", "publicEventType", "operationContext", *IDS}
ENDS = {
    **dict.fromkeys(("PlayCompleted", "RecognizeCompleted", "RecognizeFailed"), "media"),
    **dict.fromkeys(("CreateCallFailed", "CallDisconnected"), "call"),
}


class Played:
    """Somebody who acts as a script says. Of recordings the emulator itself tells."""

    def __init__(self, script: Script) -> None:
        self._line = SimulatedLine.dial(script, IDS, datetime.now(UTC))

    @classmethod
    def at(cls, number: str) -> "Played":
        """Return who picks up at this number."""
        return cls(script_of(number))

    def wait(self, lasted: float) -> None:
        """Let the line's time pass until the call has lasted so many seconds."""
        self._line.state["ms"] = max(self._line.state["ms"], round(lasted * 1000))

    def ring(self) -> Sequence[Happening]:
        """Pick up, or not."""
        began = self._line.clock
        return self._happenings(self._line.ring(), began)

    def listen(self, texts: list[str]) -> Sequence[Happening]:
        """Hear it to its end."""
        began = self._line.clock
        return self._happenings(self._line.say(" ".join(texts), ""), began)

    def answer(
        self, texts: list[str], *, language: str, keys_only: bool, patience: int
    ) -> Sequence[Happening]:
        """Do what the script says at this point."""
        began = self._line.clock
        events = self._line.ask(
            " ".join(texts),
            language,
            "keys" if keys_only else "speech_or_keys",
            "",
            silence_seconds=patience,
        )
        return self._happenings(events, began)

    def record(self, recording_id: str) -> int | None:
        """Be recorded from now on; return the sub-code of what prevents it."""
        (event,) = self._line.record(recording_id)
        result = event["data"].get("resultInformation", {})
        return int(result.get("subCode", 0)) or None

    def end(self) -> Sequence[Happening]:
        """Be hung up on."""
        began = self._line.clock
        return self._happenings(self._line.end(), began)

    def sound(self) -> bytes:
        """Return both sides as a WAV."""
        made = io.BytesIO()
        write_wav(made, self._line.spoken(), self._line.recorded_ms())
        return made.getvalue()

    def _happenings(self, events: list[Event], began: datetime) -> list[Happening]:
        return [
            _happening(event, began)
            for event in events
            if event["type"] != f"{PREFIX}RecordingStateChanged"
        ]


def _happening(event: Event, began: datetime) -> Happening:
    name = event["type"].removeprefix(PREFIX)
    after = (datetime.fromisoformat(event["time"]) - began).total_seconds()
    data = {key: value for key, value in event["data"].items() if key not in OWN}
    return Happening(after, name, data, ENDS.get(name, ""))
