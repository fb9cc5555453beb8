"""JSON as clients see it."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from talenti.api.renderers import OrjsonRenderer, dump_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (uuid.UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), b'"2026-01-02T03:04:05Z"'),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), b'"2026-01-02T03:04:05.000006Z"'),
        (date(2026, 1, 2), b'"2026-01-02"'),
        (Decimal("3.50"), b'"3.50"'),
        (gettext_lazy("words"), b'"words"'),
        ((1, 2), b"[1,2]"),
        ({3}, b"[3]"),
        ({1: "a"}, b'{"1":"a"}'),
        ("ü€🔑", '"ü€🔑"'.encode()),
        (None, b"null"),
        (2**64, b"18446744073709551616"),
        ({"a": "\ud800", "b": Decimal("1.0")}, b'{"a": "\\ud800", "b": "1.0"}'),
        (
            ["\ud800", datetime(2026, 1, 2, tzinfo=UTC), uuid.UUID(int=1)],
            b'["\\ud800", "2026-01-02T00:00:00Z", "00000000-0000-0000-0000-000000000001"]',
        ),
    ],
)
def test_values_have_one_form(value: object, expected: bytes) -> None:
    assert dump_json(value) == expected


def test_unknown_things_are_an_error_and_not_their_repr() -> None:
    with pytest.raises(TypeError):
        dump_json({"a": object()})


def test_no_data_is_no_body() -> None:
    assert OrjsonRenderer().render(None) == b""


@pytest.mark.urls("tests.talenti.api.failing_site")
def test_json_has_no_charset(client) -> None:
    response = client.post("/api/echo", b'{"a": 1}', content_type="application/json")
    assert (response["Content-Type"], response.content) == ("application/json", b'{"a":1}')
