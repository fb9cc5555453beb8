"""JSON that cannot be stored or means two things never reaches a view."""

import io

import pytest
from rest_framework.exceptions import ParseError

from talenti.api.parsers import BodyTooLarge, StrictJSONParser, parse_object

ACCEPTED = {
    b"{}": {},
    b' {"a": [1, -1.5, "x", true, null]} ': {"a": [1, -1.5, "x", True, None]},
    '{"ü": "€ 🔑"}'.encode(): {"ü": "€ 🔑"},
    rb'{"a": "\ud83d\udd11 \u00fc \n"}': {"a": "🔑 ü \n"},
    b'{"a": 9223372036854775807}': {"a": 2**63 - 1},
    b'{"a": 1e300}': {"a": 1e300},
    b'{"a":' * 32 + b"1" + b"}" * 32: None,
}
REFUSED = {
    "empty": b"",
    "text": b"hello",
    "null": b"null",
    "number": b"1",
    "string": b'"a"',
    "list": b"[]",
    "list of null": b"[null]",
    "unfinished": b'{"a": ',
    "two values": b"{} {}",
    "trailing comma": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "comment": b'{"a": 1} // b',
    "latin-1": '{"a": "ü"}'.encode("latin-1"),
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "encoded surrogate": b'{"a": "\xed\xa0\x80"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": [Infinity]}',
    "minus Infinity": b'{"a": -Infinity}',
    "too large a float": b'{"a": 1e400}',
    "too small a float": b'{"a": -1e400}',
    "too large an integer": b'{"a": 9223372036854775808}',
    "too small an integer": b'{"a": -9223372036854775809}',
    "integer of 5000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "raw null": b'{"a": "x\0y"}',
    "escaped null": rb'{"a": "x\u0000y"}',
    "null in a name": rb'{"a\u0000": 1}',
    "null deep inside": rb'{"a": [{"b": "\u0000"}]}',
    "high surrogate": rb'{"a": "\ud800"}',
    "low surrogate": rb'{"a": "\udc00 x"}',
    "surrogates in the wrong order": rb'{"a": "\udd11\ud83d"}',
    "surrogate in a name": rb'{"\ud800": 1}',
    "same name twice": b'{"a": 1, "a": 2}',
    "same name twice deep inside": b'{"b": [{"a": 1, "a": 1}]}',
    "33 levels of objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "33 levels of lists": b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
    "100,000 levels": b'{"a":' + b"[" * 100_000,
}


@pytest.mark.parametrize(("body", "expected"), ACCEPTED.items())
def test_plain_objects_are_read(body: bytes, expected: dict | None) -> None:
    found = parse_object(body)
    assert found == expected if expected is not None else list(found) == ["a"]


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_object(body)


def test_the_body_is_read_up_to_the_limit_and_no_further(settings) -> None:
    settings.API_MAX_BODY_BYTES = 10
    assert StrictJSONParser().parse(io.BytesIO(b'{"a":1234}')) == {"a": 1234}
    stream = io.BytesIO(b'{"a":12345}' + b" " * 1000)
    with pytest.raises(BodyTooLarge):
        StrictJSONParser().parse(stream)
    assert stream.tell() == 11


@pytest.mark.urls("tests.talenti.api.failing_site")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"a": "' + b"x" * 100 + b'"}', 413, "body_too_large"),
        (b'{"a": 1e400}', 400, "parse_error"),
        (rb'{"a": "\u0000"}', 400, "parse_error"),
        (b"[]", 400, "parse_error"),
    ],
)
def test_refusals_are_problem_documents(client, settings, body: bytes, status, code) -> None:
    settings.API_MAX_BODY_BYTES = 100
    response = client.post("/api/echo", body, content_type="application/json")
    assert (response.status_code, response["Content-Type"], response.json()["type"]) == (
        status,
        "application/problem+json",
        f"/problems/{code}",
    )


@pytest.mark.urls("tests.talenti.api.failing_site")
def test_no_body_is_an_empty_object(client) -> None:
    assert client.generic("POST", "/api/echo").json() == {}
