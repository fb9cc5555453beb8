"""Vendor events and facts of our own become facts; whatever else comes in is ValueError."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviews.calls.dialect import MAX_EVENTS, context_of, own_fact, read_event, split_events
from interviews.calls.facts import Fact, FactKind
from tests.interviews.calls import events

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
K = FactKind


def sample(name: str) -> list[Fact]:
    return [read_event(one).fact for one in split_events((SAMPLES / name).read_bytes())]


def told(name: str, *, op: int = 7, **data: Any) -> Fact:
    return read_event(events.event(name, 1, NOW, op=op, **data)).fact


def changed(**values: Any) -> bytes:
    """A good event with some of its fields changed."""
    event = json.loads(events.event("CallConnected", 1, NOW))
    return json.dumps({**event, **values}).encode()


def test_recorded_events_are_read() -> None:
    kinds = [(fact.kind, fact.op, fact.code) for fact in sample("recorded.json")]
    assert kinds == [
        (K.OTHER, 0, ""),
        (K.CONNECTED, 0, ""),
        (K.RECORDING_ON, 0, ""),
        (K.DISCONNECTED, 0, "7000"),
        (K.OTHER, 0, ""),
        (K.OTHER, 0, ""),  # it names no operation
        (K.CONNECTED, 0, ""),  # this version tells no result
        (K.OTHER, 0, ""),
        (K.DISCONNECTED, 0, ""),
    ]


def test_a_recording_tells_its_id_and_when_it_began() -> None:
    body = split_events((SAMPLES / "recorded.json").read_bytes())[2]
    event = read_event(body)
    assert event.recording_id.startswith("eyJQbGF0Zm9ybUVuZHBvaW50SWQi")
    assert event.fact.data == {
        "recording_id": event.recording_id,
        "started_at": "2025-03-17T05:20:58.213796+00:00",
    }


def test_recognitions_outside_our_operations_are_of_no_consequence() -> None:
    assert {fact.kind for fact in sample("recognition.json")} == {K.OTHER}


@pytest.mark.parametrize("schema", ["cloudevent", "eventgrid"])
def test_a_file_that_is_ready_is_read_in_both_schemas(schema: str) -> None:
    body = split_events((SAMPLES / f"file_ready.{schema}.json").read_bytes())[0]
    event = read_event(body)
    assert (event.server_call_id, event.recording_id) == ("{call-id}", "{recording-id}")
    assert event.fact.kind is K.FILE_READY
    assert event.fact.data["duration_ms"] == 6620
    assert event.fact.data["started_at"] == "2021-07-27T15:20:23.608975+00:00"
    chunks = event.fact.data["chunks"]
    assert isinstance(chunks, list)
    assert [chunk["index"] for chunk in chunks] == [0]
    assert chunks[0]["content"].endswith("/content/video")
    assert bool(chunks[0]["delete"]) == (schema == "cloudevent")


@pytest.mark.parametrize(
    ("name", "data", "fact"),
    [
        ("RecognizeCompleted", events.pressed("1"), Fact(K.HEARD, NOW, 7, "8531", tone="1")),
        ("RecognizeCompleted", events.pressed("*#0"), Fact(K.HEARD, NOW, 7, "8531", tone="*#0")),
        (
            "RecognizeCompleted",
            events.said("I did."),
            Fact(K.HEARD, NOW, 7, words="I did.", confidence=0.9),
        ),
        ("RecognizeCompleted", events.said(" "), Fact(K.NOT_HEARD, NOW, 7, "no_words")),
        ("RecognizeCompleted", {}, Fact(K.NOT_HEARD, NOW, 7, "no_words")),
        (
            "RecognizeCompleted",
            {"choiceResult": {"label": "Yes", "recognizedPhrase": "yes please"}},
            Fact(K.HEARD, NOW, 7, words="yes please"),
        ),
        (
            "RecognizeCompleted",
            {"choiceResult": {"label": "Yes"}},
            Fact(K.HEARD, NOW, 7, words="Yes"),
        ),
        ("RecognizeFailed", events.result(400, 8510), Fact(K.NOT_HEARD, NOW, 7, "8510")),
        ("RecognizeFailed", events.result(400, 8508), Fact(K.CANCELLED, NOW, 7, "8508")),
        ("RecognizeCanceled", events.result(400, 8508), Fact(K.CANCELLED, NOW, 7, "8508")),
        ("PlayStarted", events.result(200, 0), Fact(K.OTHER, NOW)),
        ("PlayCompleted", events.result(200, 0), Fact(K.SAID, NOW, 7)),
        ("PlayFailed", events.result(400, 8535), Fact(K.NOT_SAID, NOW, 7, "8535")),
        ("PlayCanceled", events.result(400, 8508), Fact(K.CANCELLED, NOW, 7, "8508")),
        ("CallConnected", events.result(200, 0), Fact(K.CONNECTED, NOW)),
        ("CreateCallFailed", events.result(486, 560486), Fact(K.NOT_CONNECTED, NOW, 0, "560486")),
        ("CallDisconnected", events.result(0, 560000), Fact(K.DISCONNECTED, NOW, 0, "560000")),
        ("ParticipantsUpdated", {"participants": []}, Fact(K.OTHER, NOW)),
        ("SomethingNew", {}, Fact(K.OTHER, NOW)),
        (
            "RecordingStateChanged",
            {"state": "inactive", "recordingId": "r"},
            Fact(K.RECORDING_OFF, NOW, data={"recording_id": "r", "started_at": NOW.isoformat()}),
        ),
        ("RecordingStateChanged", {"state": "odd"}, Fact(K.OTHER, NOW)),
        (
            "StartRecordingFailed",
            {**events.result(400, 8553), "recordingId": "r"},
            Fact(K.RECORDING_REFUSED, NOW, 7, "8553", data={"recording_id": "r"}),
        ),
    ],
)
def test_each_type_becomes_its_fact(name: str, data: dict[str, Any], fact: Fact) -> None:
    assert told(name, **data) == fact


def test_an_event_names_call_and_server() -> None:
    event = read_event(events.event("CallConnected", 3, NOW))
    assert (event.event_id, event.type) == ("event-3", "Microsoft.Communication.CallConnected")
    assert (event.connection_id, event.server_call_id) == (events.CONNECTION, events.SERVER_CALL)


def test_only_the_type_says_what_an_event_is() -> None:
    body = changed(source="calling/callConnections/x/RecognizeCompleted")
    assert read_event(body).fact.kind is K.CONNECTED


@pytest.mark.parametrize(
    "context", ["op-0", "op-07", "op-1234567", "call", "op-\uff17", "q3:try1", 7]
)
def test_only_our_own_contexts_name_an_operation(context: object) -> None:
    fact = told("RecognizeCompleted", op=0, operationContext=context, **events.said("x"))
    assert fact == Fact(K.OTHER, NOW)


def test_contexts_are_read_as_they_are_written() -> None:
    body = events.event("PlayCompleted", 1, NOW, operationContext=context_of(12))
    assert read_event(body).fact.op == 12


def test_the_code_of_the_network_counts_where_the_sub_code_is_unknown() -> None:
    result = {"code": 480, "subCode": 10037, "sipDetails": {"code": 486}}
    assert told("CreateCallFailed", resultInformation=result).code == "486"
    assert told("CreateCallFailed", resultInformation={"code": 480}).code == "480"
    assert told("CreateCallFailed", resultInformation={"code": 1, "subCode": 10037}).code == "10037"


@pytest.mark.parametrize(
    ("given_as", "read_as"),
    [(0.5, 0.5), (7, 1.0), (-3, 0.0), (10**400, 1.0), ("0.5", None), (True, None), (None, None)],
)
def test_a_confidence_is_a_share_or_nothing(given_as: object, read_as: float | None) -> None:
    speech = {"speech": "x", "confidence": given_as}
    assert told("RecognizeCompleted", speechResult=speech).confidence == read_as


def test_words_lose_what_cannot_be_stored() -> None:
    fact = told("RecognizeCompleted", **events.said("a\x00b\ud800c" + "d" * 30_000))
    assert fact.words == "abc" + "d" * 19_997


@pytest.mark.parametrize(
    "time",
    [None, 5, "", "yesterday", "2026-11-24T09:00:00", "2026-13-24T09:00:00Z",
     "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-11-24T09:00:00+99:00",
     "2026-W48-2T09:00:00Z"],
)  # fmt: skip
def test_a_time_that_is_none_is_that_of_its_arrival(time: object) -> None:
    assert read_event(changed(time=time), NOW).fact.at == NOW
    with pytest.raises(ValueError, match="no time"):
        read_event(changed(time=time))


def test_times_become_utc() -> None:
    body = changed(time="2026-11-24T11:30:00.1234567+02:30")
    assert read_event(body).fact.at == datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("name", ["id", "type"])
@pytest.mark.parametrize("value", [None, "", 5, [], {}, "a\x00b", "\ud800", "x" * 201])
def test_an_event_without_usable_id_or_type_is_none(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        read_event(changed(**{name: value}))


@pytest.mark.parametrize("length", [201, 601, 5000])
def test_ids_that_are_too_long_are_left_out(length: int) -> None:
    data = {"callConnectionId": "x" * length, "serverCallId": "x" * max(length, 601)}
    event = read_event(changed(data=data))
    assert (event.connection_id, event.server_call_id) == ("", "")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"5", b'"x"', b"[]", b"[{}]", b"{", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000,
     b'{"id":' * 100_000, b'{"id": ' + b"9" * 5000 + b"}", "{}".encode("utf-16")],
)  # fmt: skip
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
        read_event(body, NOW)


def test_a_delivery_is_split_into_exactly_its_bytes() -> None:
    body = ' \n[ {"id" : "ü\\u0000", "n":[1, {}]}\t,\r\n{"b":2} , null,"x" ]\n'.encode()
    assert split_events(body) == ['{"id" : "ü\\u0000", "n":[1, {}]}'.encode(), b'{"b":2}', b"null",
                                  b'"x"']  # fmt: skip
    assert split_events(b' {"a": "\xc3\xbc"} ') == [b'{"a": "\xc3\xbc"}']
    assert split_events(b" [ ] ") == []


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"5", b"null", b'"x"', b"[", b"[,]", b"[1,]", b"[1 2]", b"[1]x", b"{}{}", b"{",
     b"\xff", b"[NaN]", b"[" * 100_000, b"\xef\xbb\xbf[]", b"[" + b"1," * MAX_EVENTS + b"1]"],
)  # fmt: skip
def test_what_is_no_delivery_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
        split_events(body)


def test_as_many_events_as_allowed_are_split() -> None:
    body = b"[" + b",".join([b"{}"] * MAX_EVENTS) + b"]"
    assert len(split_events(body)) == MAX_EVENTS


OWN = [
    Fact(K.PLANNED, NOW, data={"language": "de", "agreed": ["recording"], "extra_time": 25}),
    Fact(K.TURN, NOW, 7, data={"turn_id": "t", "position": 1, "text": "Wie war das, „genau“?"}),
    Fact(K.TIMED_OUT, NOW, 7),
    Fact(K.REFUSED, NOW, 8, code="already_recording"),
    Fact(K.STOP, NOW, 3),
    Fact(K.SETTLED, NOW, data={"how": "gone"}),
    Fact(K.HEARD, NOW, 3, tone="1", words="Ja."),
]


@pytest.mark.parametrize("fact", OWN)
def test_facts_of_our_own_are_read_back(fact: Fact) -> None:
    body = own_fact(fact)
    event = read_event(body)
    assert event.fact == fact
    assert event.type == f"talenti.{fact.kind}"
    assert split_events(body) == [body]


def test_facts_of_our_own_have_an_id_for_what_they_say() -> None:
    ids = [read_event(own_fact(fact)).event_id for fact in OWN]
    assert ids == ["planned-0", "turn-7", "timed_out-7", "refused-8", "stop-3", "settled-gone",
                   "heard-3"]  # fmt: skip


@pytest.mark.parametrize(
    "spoilt",
    [{"op": -1}, {"op": "7"}, {"op": True}, {"op": 10**7}, {"at": "today"}, {"type": "talenti.x"}],
)
def test_spoilt_facts_of_our_own_are_refused(spoilt: dict[str, object]) -> None:
    event = {**json.loads(own_fact(OWN[2])), **spoilt}
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
        read_event(json.dumps(event).encode(), NOW)
