"""Whatever a proven sender sends: never a 500, and nothing is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviews.models import CallEntry, DeadLetter
from tests.interviews.webhooks.test_acs import event
from tests.interviews.webhooks.test_eventgrid import file_ready, handshake
from tests.interviews.webhooks.world import World

DOORS = ["acs", "eventgrid"]
DEEP = 5000
NUL, SURROGATE = b'"\\u0000"', b'"\\ud800"'
# What is no delivery at all: kept whole as a dead letter.
UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "space": b" \r\n\t",
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "infinite": b"1e400",
    "NaN": b"NaN",
    "text": b'"words"',
    "NUL byte": b"\0",
    "half an object": b'{"id": "1"',
    "half a list": b'[{"id": "1"},',
    "trailing comma": b'[{"id": "1"},]',
    "two values": b"[] []",
    "something after": b"[]x",
    "single quotes": b"[{'id': '1'}]",
    "comment": b"[/* */]",
    "UTF-16": '[{"id": "1"}]'.encode("utf-16"),
    "UTF-32": '[{"id": "1"}]'.encode("utf-32"),
    "mark of order": b"\xef\xbb\xbf[]",
    "Latin-1": b'[{"id": "\xe9"}]',
    "surrogate byte for byte": b'[{"id": "\xed\xa0\x80"}]',
    "form": b"id=1&type=2",
    "XML": b"<event/>",
    "compressed": b"\x1f\x8b\x08\x00",
    "deep list": b"[" * DEEP + b"]" * DEEP,
    "deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep and open": b"[" * 500_000,
    "too many": b"[" + b"{}," * 1000 + b"{}]",
    "long number": b"[" + b"9" * 5000 + b"]",
}
# What is a list of something: each element is kept by itself.
ELEMENTS: dict[str, bytes] = {
    "null": b"null",
    "number": b"7",
    "infinite number": b"1e400",
    "long fraction": b"0." + b"1" * 5000,
    "text": b'"words"',
    "NUL": NUL,
    "surrogate": SURROGATE,
    "list": b"[[]]",
    "empty object": b"{}",
    "id is null": b'{"id": null, "type": "t"}',
    "id is a number": b'{"id": 1, "type": "t"}',
    "id is a list": b'{"id": ["1"], "type": "t"}',
    "id is empty": b'{"id": "", "type": "t"}',
    "id has NUL": b'{"id": ' + NUL + b', "type": "t"}',
    "id is a surrogate": b'{"id": ' + SURROGATE + b', "type": "t"}',
    "id is long": b'{"id": "' + b"x" * 5000 + b'", "type": "t"}',
    "type is null": b'{"id": "1", "type": null}',
    "type has NUL": b'{"id": "1", "type": ' + NUL + b"}",
    "type is long": b'{"id": "1", "type": "' + b"x" * 5000 + b'"}',
    "twice the same name": b'{"id": "1", "id": 2, "type": "t"}',
    "fact of ours without anything": b'{"id": "1", "type": "talenti.stop"}',
    "fact of ours that is none": b'{"id": "1", "type": "talenti.nothing"}',
}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_delivery_is_kept_as_it_came(world: World, door: str) -> None:
    statuses = {
        name: world.post(getattr(world, door), body).status_code
        for name, body in UNREADABLE.items()
    }

    assert statuses == dict.fromkeys(UNREADABLE, 200)
    found = {bytes(row.body): (row.source, row.reason) for row in DeadLetter.objects.all()}
    assert found == dict.fromkeys(UNREADABLE.values(), (door, "unreadable"))
    assert CallEntry.objects.count() == 0


def test_elements_that_are_no_events_are_entries_of_the_call(world: World) -> None:
    statuses = {
        name: world.post(world.acs, b"[" + body + b"]").status_code
        for name, body in ELEMENTS.items()
    }

    assert statuses == dict.fromkeys(ELEMENTS, 200)
    found = {bytes(entry.body): entry.type for entry in CallEntry.objects.all()}
    assert found == dict.fromkeys(ELEMENTS.values(), "unreadable")
    assert DeadLetter.objects.count() == 0


def test_elements_that_are_no_events_are_nobodys_files(world: World) -> None:
    statuses = {
        name: world.post(world.eventgrid, b"[" + body + b"]").status_code
        for name, body in ELEMENTS.items()
    }

    assert statuses == dict.fromkeys(ELEMENTS, 200)
    assert {bytes(row.body) for row in DeadLetter.objects.all()} == set(ELEMENTS.values())


def test_an_empty_list_says_nothing(world: World) -> None:
    assert [world.post(getattr(world, door), b" [ ] ").status_code for door in DOORS] == [200, 200]
    assert (CallEntry.objects.count(), DeadLetter.objects.count()) == (0, 0)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text()
    | st.sampled_from(["\0", "\ud800", "a" * 3000, "2026-03-04T15:00:00Z", "op-1", "op-99999999"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["speech", "tones", "subCode", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
HYPOTHESIS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def spoil(make: Callable[[], dict[str, Any]]) -> st.SearchStrategy[bytes]:
    """Return deliveries of an event with anything in the place of some of its fields."""
    whole = make()
    fields = st.dictionaries(st.sampled_from(sorted({*whole, "time", "topic"})), ODD, max_size=3)
    inner = st.dictionaries(st.sampled_from([*whole["data"], "operationContext"]), ODD, max_size=3)
    return st.builds(
        lambda outer, data: json.dumps([whole | {"data": whole["data"] | data} | outer]).encode(),
        fields,
        inner,
    )


@HYPOTHESIS
@given(body=spoil(event) | spoil(lambda: event("RecognizeCompleted", operationContext="op-1")))
def test_spoilt_events_of_calls_are_taken_in(world: World, body: bytes) -> None:
    assert world.post(world.acs, body).status_code == 200


@HYPOTHESIS
@given(body=spoil(file_ready) | spoil(handshake))
def test_spoilt_events_of_files_are_taken_in_or_come_again(world: World, body: bytes) -> None:
    assert world.post(world.eventgrid, body).status_code in {200, 503}


@HYPOTHESIS
@given(body=st.binary(max_size=200), door=st.sampled_from(DOORS))
def test_any_bytes_are_taken_in(world: World, body: bytes, door: str) -> None:
    assert world.post(getattr(world, door), body).status_code == 200
