"""Reads what a line says: CloudEvents of Communication Services, Event Grid, and our own facts.

Whatever comes in, the only error is ValueError. What an event *is* follows from its type alone:
sources and sub-codes are known to say something else at times.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interviews.calls import fields
from interviews.calls.codes import CANCELLED_CODE, NO_WORDS, is_known
from interviews.calls.facts import Fact, FactKind

PROVIDER = "Microsoft.Communication."
OWN = "talenti."
MAX_EVENTS = 1000  # in one delivery
_OPERATION = re.compile(r"op-([1-9][0-9]{0,5})", re.ASCII)
_SUBJECT = re.compile(r"/recording/call/(?P<call>.{1,2000})/recordingId/(?P<recording>[^/]+)/?")
_SPACE = re.compile(r"[ \t\r\n]*")
_TONES = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "a": "a",
    "b": "b",
    "c": "c",
    "d": "d",
    "asterisk": "*",
    "pound": "#",
}


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An event and what it tells. Ids that it does not name, or that cannot be ids, are empty."""

    event_id: str
    type: str
    connection_id: str
    server_call_id: str
    recording_id: str
    fact: Fact


def context_of(operation: int) -> str:
    """Return the context under which the line tells of this operation."""
    return f"op-{operation}"


def split_events(body: bytes) -> list[bytes]:
    """Return the bytes of each event of a delivery, exactly as they came: of a list, or the one.

    An element that is no event is left to `read_event`, so that it does not spoil the others.
    Raises ValueError for what is neither a list nor an object.
    """
    text = body.decode("utf-8")
    start = _after_space(text, 0)
    if text[start : start + 1] == "{":
        spans = [_value_at(text, start)]
        end = spans[0][1]
    elif text[start : start + 1] == "[":
        spans, end = _elements(text, start + 1)
    else:
        raise ValueError("neither a list of events nor an event")
    if _after_space(text, end) != len(text):
        raise ValueError("something follows the events")
    return [text[begin:stop].encode() for begin, stop in spans]


def read_event(body: bytes, received_at: datetime | None = None) -> ReadEvent:
    """Read one event. `received_at` (aware) stands in for a time that is missing or broken.

    Raises ValueError for what is no event: no object, no usable id or type, no time at all.
    """
    event = fields.read_object(body)
    event_id = fields.required_text(event, "id", 200)
    kind = fields.required_text(event, "type" if "type" in event else "eventType", 120)
    if kind.startswith(OWN):
        return ReadEvent(event_id, kind, "", "", "", _own(event, kind))
    at = fields.time_of(event.get("time", event.get("eventTime"))) or received_at
    if at is None:
        raise ValueError("the event has no time")
    data = fields.mapping_of(event.get("data"))
    server_call_id, recording_id = _ids(event, data)
    return ReadEvent(
        event_id=event_id,
        type=kind,
        connection_id=fields.text_of(data.get("callConnectionId"), 200),
        server_call_id=server_call_id,
        recording_id=recording_id,
        fact=_fact(kind, at, data, recording_id),
    )


def own_fact(fact: Fact) -> bytes:
    """Return a fact of our own as an event that `read_event` reads back the same.

    Its id is the same for the same thing said twice: of each kind there is one per operation.
    """
    what = str(fact.data.get("how", "")) if fact.kind is FactKind.SETTLED else str(fact.op)
    event = {
        "id": f"{fact.kind}-{what}",
        "type": f"{OWN}{fact.kind}",
        "kind": fact.kind,
        "at": fact.at.isoformat(),
        "op": fact.op,
        "code": fact.code,
        "tone": fact.tone,
        "words": fact.words,
        "data": fact.data,
    }
    return json.dumps(event, ensure_ascii=False).encode()


def _own(event: Mapping[str, Any], kind: str) -> Fact:
    """Return a fact of our own; one that was spoilt is ValueError, never another fact."""
    at, op = fields.time_of(event.get("at")), event.get("op")
    if at is None or type(op) is not int or not 0 <= op < 1_000_000:
        raise ValueError("a fact of ours without its time or operation")
    return Fact(
        kind=FactKind(kind.removeprefix(OWN)),
        at=at,
        op=op,
        code=fields.text_of(event.get("code"), 40),
        tone=fields.text_of(event.get("tone"), 40),
        words=fields.words_of(event.get("words")),
        data=fields.mapping_of(event.get("data")),
    )


def _ids(event: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the server's id of the call, and of the recording: Event Grid has them as a path."""
    subject = _SUBJECT.fullmatch(fields.text_of(event.get("subject"), 4000))
    call, recording = (subject["call"], subject["recording"]) if subject else ("", "")
    return (
        fields.text_of(data.get("serverCallId"), 600) or fields.text_of(call, 600),
        fields.text_of(data.get("recordingId"), 600) or fields.text_of(recording, 600),
    )


def _fact(kind: str, at: datetime, data: Mapping[str, Any], recording_id: str) -> Fact:
    name = kind.removeprefix(PROVIDER) if kind.startswith(PROVIDER) else ""
    if name in _OF_OPERATIONS:
        found = _OPERATION.fullmatch(fields.text_of(data.get("operationContext"), 40))
        if found is None:  # nothing that we asked for
            return Fact(FactKind.OTHER, at)
        return _OF_OPERATIONS[name](at, int(found[1]), data)
    if name in _OF_CALLS:
        return Fact(_OF_CALLS[name], at, code=_code(data))
    if name in _OF_RECORDINGS:
        return _OF_RECORDINGS[name](at, recording_id, data)
    return Fact(FactKind.OTHER, at)


def _heard(at: datetime, op: int, data: Mapping[str, Any]) -> Fact:
    """Return what was pressed or said: of a recognition that allows both, whichever there is."""
    tone = _tones(data)
    if tone:
        return Fact(FactKind.HEARD, at, op, _code(data), tone=tone)
    for result, key in (("speechResult", "speech"), ("choiceResult", "recognizedPhrase")):
        said = fields.mapping_of(data.get(result))
        words = fields.words_of(said.get(key)) or fields.words_of(said.get("label"))
        if words:
            confidence = fields.share_of(said.get("confidence"))
            return Fact(FactKind.HEARD, at, op, _code(data), words=words, confidence=confidence)
    return Fact(FactKind.NOT_HEARD, at, op, NO_WORDS)


def _tones(data: Mapping[str, Any]) -> str:
    for result in ("dtmfResult", "collectTonesResult"):
        tones = fields.mapping_of(data.get(result)).get("tones")
        if isinstance(tones, list):
            known = (_TONES.get(tone.lower(), "") for tone in tones[:40] if isinstance(tone, str))
            return "".join(known)
    return ""


def _ended(kind: FactKind) -> Callable[[datetime, int, Mapping[str, Any]], Fact]:
    """Return a reader for the end of an operation, which may also be a cancellation."""

    def read(at: datetime, op: int, data: Mapping[str, Any]) -> Fact:
        code = _code(data)
        return Fact(FactKind.CANCELLED if code == CANCELLED_CODE else kind, at, op, code)

    return read


def _recording_changed(at: datetime, recording_id: str, data: Mapping[str, Any]) -> Fact:
    """Return whether it records; such events name no operation."""
    state = fields.text_of(data.get("state"), 40).lower()
    if state not in ("active", "inactive"):
        return Fact(FactKind.OTHER, at)
    kind = FactKind.RECORDING_ON if state == "active" else FactKind.RECORDING_OFF
    started_at = fields.time_of(data.get("startDateTime")) or at
    said = {"recording_id": recording_id, "started_at": started_at.isoformat()}
    return Fact(kind, at, code=_code(data), data=said)


def _recording_refused(at: datetime, recording_id: str, data: Mapping[str, Any]) -> Fact:
    found = _OPERATION.fullmatch(fields.text_of(data.get("operationContext"), 40))
    op = int(found[1]) if found else 0
    said = {"recording_id": recording_id}
    return Fact(FactKind.RECORDING_REFUSED, at, op, code=_code(data), data=said)


def _file_ready(at: datetime, recording_id: str, data: Mapping[str, Any]) -> Fact:
    chunks = fields.mapping_of(data.get("recordingStorageInfo")).get("recordingChunks")
    started_at = fields.time_of(data.get("recordingStartTime"))
    said = {
        "recording_id": recording_id,
        "chunks": [_chunk(fields.mapping_of(one)) for one in fields.list_of(chunks)[:1000]],
        "started_at": started_at.isoformat() if started_at else "",
        "duration_ms": fields.count_of(data.get("recordingDurationMs")),
        "end_reason": fields.text_of(data.get("sessionEndReason"), 100),
        "content_type": fields.text_of(data.get("recordingContentType"), 40),
        "channel_type": fields.text_of(data.get("recordingChannelType"), 40),
        "format_type": fields.text_of(data.get("recordingFormatType"), 40),
    }
    return Fact(FactKind.FILE_READY, at, data=said)


def _chunk(data: Mapping[str, Any]) -> dict[str, object]:
    return {
        "index": fields.count_of(data.get("index")),
        "document_id": fields.text_of(data.get("documentId"), 200),
        "content": fields.text_of(data.get("contentLocation"), 2000),
        "metadata": fields.text_of(data.get("metadataLocation"), 2000),
        "delete": fields.text_of(data.get("deleteLocation"), 2000),
        "end_reason": fields.text_of(data.get("endReason"), 100),
    }


def _code(data: Mapping[str, Any]) -> str:
    """Return the most telling number: the sub-code, unless only the network's own is known."""
    result = fields.mapping_of(data.get("resultInformation"))
    sub, sip, plain = (
        fields.code_of(result.get("subCode")),
        fields.code_of(fields.mapping_of(result.get("sipDetails")).get("code")),
        fields.code_of(result.get("code")),
    )
    if sub and (is_known(sub) or not sip):
        return sub
    return sip or ("" if plain == "200" else plain)


def _elements(text: str, position: int) -> tuple[list[tuple[int, int]], int]:
    """Return where each element of a list lies, and where the list ends."""
    spans: list[tuple[int, int]] = []
    position = _after_space(text, position)
    if text[position : position + 1] == "]":
        return spans, position + 1
    while len(spans) < MAX_EVENTS:
        spans.append(_value_at(text, position))
        position = _after_space(text, spans[-1][1])
        if text[position : position + 1] == "]":
            return spans, position + 1
        if text[position : position + 1] != ",":
            raise ValueError("the list of events is broken")
        position = _after_space(text, position + 1)
    raise ValueError("too many events at once")


def _value_at(text: str, start: int) -> tuple[int, int]:
    return start, fields.end_of_value(text, start)


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


_OF_OPERATIONS: dict[str, Callable[[datetime, int, Mapping[str, Any]], Fact]] = {
    "RecognizeCompleted": _heard,
    "RecognizeFailed": _ended(FactKind.NOT_HEARD),
    "RecognizeCanceled": _ended(FactKind.CANCELLED),
    "PlayCompleted": _ended(FactKind.SAID),
    "PlayFailed": _ended(FactKind.NOT_SAID),
    "PlayCanceled": _ended(FactKind.CANCELLED),
}
_OF_CALLS = {
    "CallConnected": FactKind.CONNECTED,
    "CreateCallFailed": FactKind.NOT_CONNECTED,
    "CallDisconnected": FactKind.DISCONNECTED,
}
_OF_RECORDINGS: dict[str, Callable[[datetime, str, Mapping[str, Any]], Fact]] = {
    "RecordingStateChanged": _recording_changed,
    "StartRecordingFailed": _recording_refused,
    "RecordingFileStatusUpdated": _file_ready,
}
