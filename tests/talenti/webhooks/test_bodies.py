"""A body is taken in whole, or not at all; nothing is read of what is refused."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

from talenti.errors import Unsuitable
from talenti.webhooks.bodies import MAX_BYTES, read_body


class Connection(io.BytesIO):
    """What the sender sends; `taken` counts what was read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def request_of(body: io.BytesIO, **headers: str) -> WSGIRequest:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "wsgi.input": body,
        "CONTENT_TYPE": "application/json",
        **headers,
    }
    return WSGIRequest(environ)


def test_body_is_read_as_it_is() -> None:
    assert read_body(request_of(Connection(b"\xff\0{"), CONTENT_LENGTH="3")) == b"\xff\0{"
    assert read_body(request_of(Connection(), CONTENT_LENGTH="0")) == b""


def test_what_follows_the_announced_length_belongs_to_the_next_request() -> None:
    assert read_body(request_of(Connection(b"abcdef"), CONTENT_LENGTH="3")) == b"abc"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"CONTENT_LENGTH": str(MAX_BYTES + 1)}, 413, "too_large"),
        ({}, 411, "length_required"),
        ({"CONTENT_LENGTH": ""}, 411, "length_required"),
        ({"CONTENT_LENGTH": "1e3"}, 400, "bad_length"),
        ({"CONTENT_LENGTH": "٣"}, 400, "bad_length"),
        ({"CONTENT_LENGTH": "4", "CONTENT_TYPE": "text/json"}, 415, "unsupported_media_type"),
        (
            {"CONTENT_LENGTH": "4", "HTTP_CONTENT_ENCODING": "br"},
            415,
            "unsupported_media_type",
        ),
    ],
)
def test_nothing_is_read_of_what_is_refused(
    headers: dict[str, str], status: int, code: str
) -> None:
    connection = Connection(b"[{}]" * 1000)

    with pytest.raises(Unsuitable) as refusal:
        read_body(request_of(connection, **headers))
    assert (refusal.value.status, refusal.value.code, connection.taken) == (status, code, 0)


def test_body_that_ends_early_is_no_body() -> None:
    with pytest.raises(Unsuitable) as refusal:
        read_body(request_of(Connection(b"[{}"), CONTENT_LENGTH="4"))
    assert (refusal.value.status, refusal.value.code) == (400, "incomplete")


def test_sender_who_goes_away_is_the_business_of_the_middleware() -> None:
    with pytest.raises(UnreadablePostError):
        read_body(request_of(Broken(b"[{}]"), CONTENT_LENGTH="4"))
