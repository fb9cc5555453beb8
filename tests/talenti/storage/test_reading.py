"""GET and HEAD by signed address."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory

from talenti.storage.addresses import file_address
from talenti.storage.views import SliceResponse, file_view
from tests.talenti.storage.signed_files import (
    BODY,
    NAME,
    body_of,
    client,
    folder,
    get_path,
    problem,
    problem_of,
    store,
)

__all__ = ["client", "folder"]
# Closing a response looks at the database connection, if an earlier test of the process left one.
pytestmark = [pytest.mark.urls("talenti.storage.urls"), pytest.mark.django_db]


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
