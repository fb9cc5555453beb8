"""One call of the emulator, and the line's own clock in it."""

import base64
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.emulators.acs_callee import Callee
from tests.emulators.acs_recordings import EmulatedRecording


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
