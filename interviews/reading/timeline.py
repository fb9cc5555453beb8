"""What happened in a call, line by line, for people who know neither lines nor their codes."""

import enum
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from interviews.calls.codes import SILENCE, explain
from interviews.calls.dialect import read_event
from interviews.calls.facts import Fact, FactKind
from interviews.calls.state import OpKind
from interviews.models import Call, CallEntry, CallOperation
from interviews.services.call_intake import UNREADABLE


class Who(enum.StrEnum):
    """Whose doing a line is."""

    CANDIDATE = "candidate"
    WE = "we"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `said` holds words as they were spoken, `code_words` the code's."""

    at: datetime
    who: Who
    text: str
    said: str = ""
    code: str = ""

    @property
    def code_words(self) -> str:
        """Return what the code means; nothing where the line itself says so."""
        return explain(self.code)


Told = tuple[Who, str]
LISTENING = "listening"  # what an operation is about that waits for the rest of an answer
# What people read of what is done on the line: by what it is about (its first word), or by kind.
DONE = {
    "greeting": "Said who calls, and asked for a key to begin.",
    "consent": "Asked whether the call may be recorded and written down.",
    "assessment": "Asked whether software may compare the words with the scales.",
    "question": "Asked a question.",
    LISTENING: "Listened on.",
    "moment": "Gave the candidate a moment.",
    "goodbye": "Said goodbye.",
    OpKind.ASK: "Asked the candidate.",
    OpKind.SAY: "Said goodbye.",
    OpKind.RECORD: "Asked the line to record.",
    OpKind.HANG_UP: "Hung up.",
}
HAPPENED: dict[FactKind, Told] = {
    FactKind.TIMED_OUT: (Who.LINE, "The line did not say in time how that ended."),
    FactKind.REFUSED: (Who.LINE, "The line did not do that."),
    FactKind.CEILING: (Who.WE, "Ended the call: it had lasted as long as a call may."),
    FactKind.STOP: (Who.WE, "Stopped the call."),
    FactKind.DIAL_REFUSED: (Who.LINE, "The line did not take the call."),
    FactKind.CONNECTED: (Who.LINE, "Somebody answered the phone."),
    FactKind.NOT_CONNECTED: (Who.LINE, "Nobody could be reached."),
    FactKind.DISCONNECTED: (Who.LINE, "The call was over."),
    FactKind.NOT_HEARD: (Who.LINE, "No answer was heard."),
    FactKind.SAID: (Who.LINE, "It was heard to its end."),
    FactKind.NOT_SAID: (Who.LINE, "The sentence was not said to its end."),
    FactKind.RECORDING_ON: (Who.LINE, "The recording began."),
    FactKind.RECORDING_OFF: (Who.LINE, "The recording ended."),
    FactKind.RECORDING_REFUSED: (Who.LINE, "The recording did not begin."),
    FactKind.FILE_READY: (Who.LINE, "The file of the recording was written."),
}
SETTLED: dict[object, str] = {
    "connected": "Asked the line: the call was still there.",
    "gone": "Asked the line: it no longer knew the call.",
}
KEYS = {"*": "the star key", "#": "the hash key"}


def timeline_of(
    call: Call, entries: Iterable[CallEntry], operations: Iterable[CallOperation]
) -> list[Line]:
    """Return what happened, oldest first, as our own clock saw it come in.

    What the line told bears its time, what we did bears ours: two clocks. What says nothing is left
    out. Of a call whose words are deleted nothing is left but what we did, without the words.
    """
    done = list(operations)
    listened_on = {row.number for row in done if row.about == LISTENING}
    moments = [
        *_of_row(call),
        *((entry.created_at, line) for entry in entries for line in _of_entry(entry, listened_on)),
        *((row.wanted_at, _of_operation(row)) for row in done),
    ]
    moments.sort(key=lambda moment: moment[0])  # stable: in one moment the row's own come first
    return _in_step(line for _, line in moments)


def _in_step(lines: Iterable[Line]) -> list[Line]:
    """Let nothing that we did be told as earlier than what it followed upon."""
    shown: list[Line] = []
    for line in lines:
        is_early = bool(shown) and line.who is Who.WE and line.at < shown[-1].at
        shown.append(replace(line, at=shown[-1].at) if is_early else line)
    return shown


def _of_row(call: Call) -> list[tuple[datetime, Line]]:
    """Return what the call itself says of its beginning."""
    who, text = (Who.WE, "Planned the call.")
    if call.chosen_by_candidate:
        who, text = (Who.CANDIDATE, "Chose the time of the call.")
    found = [(call.created_at, Line(call.created_at, who, text))]
    if call.first_sent_at:
        found.append((call.first_sent_at, Line(call.first_sent_at, Who.WE, "Dialled the number.")))
    return found


def _of_operation(row: CallOperation) -> Line:
    text = DONE.get(row.about.partition("_")[0]) or DONE[row.kind]
    return Line(row.sent_at or row.wanted_at, Who.WE, text, said=row.text)


def _of_entry(entry: CallEntry, listened_on: Container[int]) -> list[Line]:
    """Return what one event tells; nothing where it says nothing, or cannot be read any more.

    Nor where it could not be read when it came: somebody else's event may pose as a fact of ours.
    """
    if not entry.body or entry.type == UNREADABLE:
        return []
    try:
        fact = read_event(bytes(entry.body), received_at=entry.received_at).fact
    except ValueError:
        return []
    if fact.kind is FactKind.NOT_HEARD and fact.op in listened_on and fact.code in SILENCE:
        return [Line(fact.at, Who.CANDIDATE, "Said nothing more.")]
    told = _of_fact(fact)
    return [told] if told else []


def _of_fact(fact: Fact) -> Line | None:
    special: dict[FactKind, Callable[[Fact], Line | None]] = {
        FactKind.HEARD: _heard,
        FactKind.SETTLED: _settled,
        FactKind.STOP: _stopped,
    }
    if fact.kind in special:
        return special[fact.kind](fact)
    if fact.kind not in HAPPENED:
        return None
    who, text = HAPPENED[fact.kind]
    return Line(fact.at, who, text, code=fact.code)


def _heard(fact: Fact) -> Line:
    if fact.tone:
        keys = " ".join(KEYS.get(tone, tone) for tone in fact.tone)
        return Line(fact.at, Who.CANDIDATE, f"Pressed {keys}.")
    return Line(fact.at, Who.CANDIDATE, "Said:", said=fact.words)


def _settled(fact: Fact) -> Line | None:
    text = SETTLED.get(fact.data.get("how"))
    return Line(fact.at, Who.WE, text) if text else None


def _stopped(fact: Fact) -> Line:
    """Return why it was stopped: by a person, or because the interview was over meanwhile."""
    if fact.code == "interview_over":
        return Line(fact.at, Who.WE, "Ended the call: the interview was over meanwhile.")
    if fact.code:
        return Line(fact.at, Who.WE, "Ended the call: a step of it failed.", code=fact.code)
    return Line(fact.at, Who.WE, "Stopped the call by the button.")
