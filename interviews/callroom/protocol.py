"""What a callroom is: it places a call, speaks, listens, records and hangs up.

What happens on the line comes back as call events: CloudEvents in the form that Communication
Services sends (interviews.calls.dialect reads them), each with the context of its operation.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from interviews.calls.state import Listening
from talenti.errors import PermanentFailure, RetryLater, TalentiError


class OutcomeUnknown(TalentiError):
    """The line was asked and never answered: it may have done it or not. Never ask again."""

    code = "outcome_unknown"


class CallGone(PermanentFailure):
    """There is no such call any more."""

    def __init__(self) -> None:
        super().__init__("The call is over.", code="call_gone")


class LineBusy(RetryLater):
    """Another media operation is still running on this call."""

    code = "line_busy"


@dataclass(frozen=True, slots=True)
class Repeatability:
    """What makes a repeated request the same request: stored before the first one is sent."""

    request_id: str
    first_sent: datetime


@dataclass(frozen=True, slots=True)
class Dial:
    """A call to place. `number` is E.164; events go to `callback_url` with `context`."""

    call_id: str
    organisation_id: str
    number: str
    callback_url: str
    context: str
    repeat: Repeatability


@dataclass(frozen=True, slots=True)
class Line:
    """A placed call. `number` is who was called."""

    connection_id: str
    server_call_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Say `text` (empty: nothing) in `language`, then listen. Silences are whole seconds."""

    context: str
    text: str
    language: str
    listens: Listening
    initial_silence_seconds: int  # at most 20, where speech is listened for
    end_silence_seconds: int
    may_interrupt: bool = True


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """Record both sides on channels of their own: the candidate on the first.

    The files go below `folder` in the recordings' storage: names of files, parted by slashes.
    """

    folder: str
    callback_url: str
    repeat: Repeatability


class Callroom(Protocol):
    """Drives one telephone line; never writes rows of ours.

    Every method may raise RetryLater (away, busy, paused) or PermanentFailure (refused); what acts
    on a call raises CallGone when it is over.
    """

    name: str
    label: str  # a true sentence on who calls

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def speaks(self, language: str) -> bool:
        """Return whether there is a voice for this language; no network."""

    def place(self, dial: Dial) -> Line:
        """Ring the number. Raises OutcomeUnknown when no answer came: it may be ringing."""

    def ask(self, line: Line, ask: Ask) -> None:
        """Say and listen. Raises LineBusy while another media operation runs."""

    def say(self, line: Line, text: str, *, language: str, context: str) -> None:
        """Say it to its end. Raises LineBusy while another media operation runs."""

    def cancel_media(self, line: Line) -> None:
        """End whatever is being said or listened to."""

    def start_recording(self, line: Line, order: RecordOrder) -> str:
        """Begin to record and return the recording's id; OutcomeUnknown when no answer came.

        A call that is recorded already is PermanentFailure with code `already_recording`.
        """

    def hang_up(self, line: Line) -> None:
        """End the call for everybody; one that is over already is fine."""

    def is_alive(self, line: Line) -> bool:
        """Ask whether the call is still there."""

    def delete_copy(self, location: str) -> None:
        """Delete the provider's own copy of a recording; gone already is fine."""
