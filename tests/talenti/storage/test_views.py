"""PUT by signed address, and which addresses are taken at all."""

import io
import resource
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from talenti.storage.tokens import Grant, make_token
from tests.talenti.storage.signed_files import (
    BODY,
    NAME,
    client,
    files_in,
    folder,
    get_path,
    problem,
    problem_of,
    put,
    put_path,
    store,
)

__all__ = ["client", "folder"]
pytestmark = pytest.mark.urls("talenti.storage.urls")


def test_put_stores_the_body_and_answers_201_without_a_body(client, folder) -> None:
    response = put(client, put_path())
    assert (response.status_code, response.content) == (201, b"")
    assert files_in(folder) == [NAME]
    assert (folder / NAME).read_bytes() == BODY


def test_a_second_put_is_409_and_changes_nothing(client, folder) -> None:
    path = put_path()
    put(client, path)
    assert problem_of(put(client, path, b"9876543210")) == problem(409, "already_uploaded")
    assert (folder / NAME).read_bytes() == BODY


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("", problem(411, "length_required")),
        ("11", problem(413, "too_large")),
        ("99999999999", problem(413, "too_large")),
        ("9", problem(422, "wrong_size")),
        ("0", problem(422, "wrong_size")),
        ("-1", problem(400, "bad_request")),
        ("1e1", problem(400, "bad_request")),
        ("9" * 30, problem(400, "bad_request")),
    ],
)
def test_a_length_other_than_promised_is_refused_unread(client, folder, length, expected) -> None:
    extra: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": Unreadable()}
    assert problem_of(put(client, put_path(), BODY, **extra)) == expected
    assert files_in(folder) == []


class Unreadable(io.RawIOBase):
    """Fails the test when it is read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("The body was read.")


def test_part_of_a_file_is_not_taken_for_the_whole(client, folder) -> None:
    response = put(client, put_path(), HTTP_CONTENT_RANGE="bytes 0-9/20")
    assert problem_of(response) == problem(400, "bad_request")
    assert files_in(folder) == []


def test_nothing_stays_of_a_body_that_ends_early(client, folder) -> None:
    extra: dict[str, Any] = {"CONTENT_LENGTH": "10", "wsgi.input": io.BytesIO(b"01234")}
    assert problem_of(put(client, put_path(), BODY, **extra)) == problem(400, "incomplete")
    assert files_in(folder) == []


class Interrupted(io.RawIOBase):
    """A connection that breaks after some bytes."""

    def __init__(self) -> None:
        self.parts = [b"01234"]

    def read(self, size: int = -1) -> bytes:
        if self.parts:
            return self.parts.pop()
        raise ConnectionResetError


def test_nothing_stays_when_the_client_goes_half_way(client, folder) -> None:
    extra: dict[str, Any] = {"CONTENT_LENGTH": "10", "wsgi.input": Interrupted()}
    assert problem_of(put(client, put_path(), BODY, **extra)) == problem(400, "incomplete")
    assert files_in(folder) == []


def test_after_a_broken_upload_the_same_address_still_works(client, folder) -> None:
    path = put_path()
    put(client, path, BODY, **{"wsgi.input": Interrupted()})
    assert put(client, path).status_code == 201
    assert (folder / NAME).read_bytes() == BODY


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_left_is_507_and_leaves_no_half_file(client, folder) -> None:
    path = put_path(2 * 1024**2)
    with files_of_at_most(1024**2):
        response = put(client, path, b"x" * 2 * 1024**2)
    assert problem_of(response) == problem(507, "no_room")
    assert files_in(folder) == []


class Endless(io.RawIOBase):
    """Sends zeros without holding them."""

    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def test_put_needs_the_same_memory_for_any_size(client, folder) -> None:
    size = 64 * 1024**2
    path = put_path(size)
    tracemalloc.start()
    response = put(client, path, BODY, **{"CONTENT_LENGTH": str(size), "wsgi.input": Endless()})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (response.status_code, (folder / NAME).stat().st_size) == (201, size)
    assert peak < 3 * 1024**2


# --- tokens ---------------------------------------------------------------------------------
@pytest.mark.parametrize("token", ["token", "a:b", "%F0%9F%94%91", "a" * 9000])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_forged_addresses_are_403_for_every_method(client, token: str, method: str) -> None:
    response = client.generic(method, f"/files/{token}", BODY)
    assert response.status_code == 403


def test_expired_addresses_are_403(client) -> None:
    store()
    expired = make_token(Grant("get", "recordings", NAME, int(time.time()) - 1))
    response = client.get(f"/files/{expired}")
    assert problem_of(response) == problem(403, "address_expired")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"])
def test_an_upload_address_only_uploads(client, method: str) -> None:
    response = client.generic(method, put_path(), BODY)
    assert (response.status_code, response["Allow"]) == (405, "PUT")


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "OPTIONS"])
def test_a_reading_address_only_reads(client, folder, method: str) -> None:
    response = client.generic(method, get_path(), BODY)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert files_in(folder) == []


def test_addresses_into_a_storage_that_has_moved_elsewhere_are_404(client) -> None:
    token = make_token(Grant("get", "documents", "org/cv", int(time.time()) + 60))
    assert problem_of(client.get(f"/files/{token}")) == problem(404, "not_found")
