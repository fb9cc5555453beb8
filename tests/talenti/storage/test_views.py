"""PUT, GET and HEAD by signed address."""

import io
import resource
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client, RequestFactory

from talenti.storage.addresses import file_address, upload_address
from talenti.storage.tokens import Grant, make_token
from talenti.storage.views import SliceResponse, file_view

pytestmark = pytest.mark.urls("talenti.storage.urls")
NAME = "org/interview/recording"
BODY = b"0123456789"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    backend = "talenti.storage.files.SignedFileSystemStorage"
    options = {"location": tmp_path, "alias": "recordings"}
    settings.STORAGES = settings.STORAGES | {
        "recordings": {"BACKEND": backend, "OPTIONS": options},
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    return tmp_path


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def put_path(size: int = len(BODY)) -> str:
    address = upload_address("recordings", NAME, content_type="audio/wav", size=size)
    return urlsplit(address.url).path


def get_path(media_type: str = "audio/wav", download_name: str | None = None) -> str:
    address = file_address("recordings", NAME, media_type=media_type, download_name=download_name)
    return urlsplit(address.url).path


def store(body: bytes = BODY) -> None:
    storages["recordings"].save(NAME, ContentFile(body))


def put(client: Client, path: str, body: bytes = BODY, **extra: Any) -> Any:
    return client.put(path, data=body, content_type="audio/wav", **extra)


def body_of(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def problem_of(response) -> tuple[int, str, str]:
    return response.status_code, response["Content-Type"], response.json()["type"]


def problem(status: int, code: str) -> tuple[int, str, str]:
    return status, "application/problem+json", f"/problems/{code}"


# --- PUT ------------------------------------------------------------------------------------
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


# --- GET and HEAD ---------------------------------------------------------------------------
def test_get_sends_the_file_with_its_headers(client) -> None:
    store()
    response = client.get(get_path())
    assert (response.status_code, body_of(response)) == (200, BODY)
    kept = ("Content-Type", "Content-Length", "Content-Disposition", "Accept-Ranges")
    assert [response[name] for name in kept] == ["audio/wav", "10", "inline", "bytes"]


def test_no_file_is_cached_sniffed_framed_as_script_or_told_to_others(client) -> None:
    store(b"<script>alert(1)</script>")
    response = client.get(get_path("text/html"))
    guards = {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: response[name] for name in guards} == guards
    response.close()


def test_a_download_carries_its_file_name(client) -> None:
    store()
    response = client.get(get_path(download_name="Zoë/cv\r\n.pdf"))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Zo%C3%AB_cv%20.pdf"
    response.close()


def test_head_sends_the_headers_of_get_without_the_body(client) -> None:
    store()
    head, get = client.head(get_path(), HTTP_RANGE="bytes=0-1"), client.get(get_path())
    assert (head.status_code, head.content, body_of(get)) == (200, b"", BODY)
    names = ("Content-Type", "Content-Length", "ETag", "Accept-Ranges", "Cache-Control")
    assert [head[name] for name in names] == [get[name] for name in names]


def test_a_missing_file_is_a_404_problem(client) -> None:
    assert problem_of(client.get(get_path())) == problem(404, "not_found")


def test_a_folder_is_not_a_file(client, folder) -> None:
    (folder / NAME).mkdir(parents=True)
    assert problem_of(client.get(get_path())) == problem(404, "not_found")


def test_an_empty_file_is_sent_as_such(client) -> None:
    store(b"")
    response = client.get(get_path())
    assert (response.status_code, response["Content-Length"], body_of(response)) == (200, "0", b"")


@pytest.mark.parametrize(
    ("asked", "content_range", "body"),
    [
        ("bytes=0-0", "bytes 0-0/10", b"0"),
        ("bytes=0-3", "bytes 0-3/10", b"0123"),
        ("bytes=7-", "bytes 7-9/10", b"789"),
        ("bytes=-4", "bytes 6-9/10", b"6789"),
        ("bytes=5-500", "bytes 5-9/10", b"56789"),
    ],
)
def test_one_range_is_206_with_exactly_these_bytes(client, asked, content_range, body) -> None:
    store()
    response = client.get(get_path(), HTTP_RANGE=asked)
    assert (response.status_code, response["Content-Range"]) == (206, content_range)
    assert (response["Content-Length"], body_of(response)) == (str(len(body)), body)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=5-3", "items=0-1", "nonsense"])
def test_other_ranges_mean_the_whole_file(client, asked: str) -> None:
    store()
    response = client.get(get_path(), HTTP_RANGE=asked)
    assert (response.status_code, body_of(response)) == (200, BODY)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_outside_is_416_with_the_size(client, asked: str) -> None:
    store()
    response = client.get(get_path(), HTTP_RANGE=asked)
    assert problem_of(response) == problem(416, "range_not_satisfiable")
    assert response["Content-Range"] == "bytes */10"


def test_if_range_with_the_same_tag_goes_on_and_with_another_starts_again(client) -> None:
    store()
    tag = client.head(get_path())["ETag"]
    same = client.get(get_path(), HTTP_RANGE="bytes=8-", HTTP_IF_RANGE=tag)
    other = client.get(get_path(), HTTP_RANGE="bytes=8-", HTTP_IF_RANGE='"other"')
    assert [(each.status_code, body_of(each)) for each in (same, other)] == [
        (206, b"89"),
        (200, BODY),
    ]


def test_a_reader_who_has_it_gets_304(client) -> None:
    store()
    tag = client.head(get_path())["ETag"]
    response = client.get(get_path(), HTTP_IF_NONE_MATCH=tag)
    assert (response.status_code, response.content) == (304, b"")


def test_a_server_with_descriptors_gets_one_at_the_start_of_the_range() -> None:
    store()
    path = get_path()
    request = RequestFactory().get(path, HTTP_RANGE="bytes=4-6")
    response = file_view(request, path.rpartition("/")[2])
    assert isinstance(response, SliceResponse)
    assert response.file_to_stream is not None
    with open(response.file_to_stream.fileno(), "rb", closefd=False) as file:
        assert file.read() == BODY[4:]
    response.close()


def test_addresses_outlive_nothing(client) -> None:
    store()
    address = file_address("recordings", NAME, media_type="audio/wav", ttl=timedelta(seconds=-1))
    assert client.get(urlsplit(address.url).path).status_code == 403
