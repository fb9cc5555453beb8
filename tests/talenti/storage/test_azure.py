"""Signed addresses of the blob storage: what their holder may do, and for how long."""

import logging
import re
import socket
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.base import ContentFile

from talenti.azure.blob import Account, account_at
from talenti.errors import RetryLater
from talenti.storage.addresses import UploadAddress
from talenti.storage.azure import AzureBlobStorage
from tests.services.processes import free_port

NAME = "org/interview/recording"
TTL = timedelta(minutes=15)


def upload_address(storage: AzureBlobStorage, name: str = NAME, **given: object) -> UploadAddress:
    return storage.upload_address(
        name, **({"content_type": "audio/wav", "size": 6, "ttl": TTL} | given)
    )


def read_url(storage: AzureBlobStorage, name: str = NAME, **given: object) -> str:
    shape = {"media_type": "audio/wav", "download_name": None, "ttl": TTL}
    return storage.file_address(name, **(shape | given)).url


def put(address: UploadAddress, body: bytes, url: str = "") -> requests.Response:
    headers = address.headers
    return requests.request(
        address.method, url or address.url, data=body, headers=headers, timeout=9
    )


def fault(answer: requests.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("x-ms-error-code")


def test_upload_address_creates_its_file(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    assert put(address, b"spoken").status_code == 201
    with blob_storage.open(NAME) as file:
        assert file.read() == b"spoken"
    assert address.headers == {"Content-Type": "audio/wav", "x-ms-blob-type": "BlockBlob"}


def test_upload_address_is_signed_for_creating_alone(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    signed = {name: value for name, [value] in parse_qs(urlsplit(address.url).query).items()}
    start, end = (datetime.fromisoformat(signed[name]) for name in ("st", "se"))
    assert (signed["sp"], signed["sr"], signed["spr"]) == ("c", "b", "https,http")
    assert end == address.expires_at
    assert timedelta(minutes=29) < end - start < timedelta(minutes=31)


def test_upload_address_writes_once(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    put(address, b"spoken")
    assert put(address, b"forged").status_code == 403
    with blob_storage.open(NAME) as file:
        assert file.read() == b"spoken"


def test_upload_address_neither_reads_nor_deletes(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    put(address, b"spoken")
    assert requests.get(address.url, timeout=9).status_code == 403
    assert requests.delete(address.url, timeout=9).status_code == 403
    assert blob_storage.exists(NAME)


def test_upload_address_is_for_one_name(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    other = address.url.replace("/recording?", "/another?")
    assert put(address, b"spoken", other).status_code == 403
    assert not blob_storage.exists("org/interview/another")


def test_upload_address_takes_no_blocks(blob_storage: AzureBlobStorage) -> None:
    address = upload_address(blob_storage)
    assert put(address, b"part", f"{address.url}&comp=block&blockid=MQ%3D%3D").status_code == 403


def test_read_address_shows_the_file_in_ranges(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"0123456789"))
    answer = requests.get(read_url(blob_storage), headers={"Range": "bytes=2-4"}, timeout=9)
    assert (answer.status_code, answer.content) == (206, b"234")
    assert answer.headers["Content-Range"] == "bytes 2-4/10"
    told = ("Content-Type", "Content-Disposition", "Cache-Control")
    assert [answer.headers[name] for name in told] == ["audio/wav", "inline", "private, no-store"]


def test_read_address_saves_under_a_harmless_name(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"0123456789"))
    answer = requests.get(read_url(blob_storage, download_name='../a"b.pdf'), timeout=9)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="_a_b.pdf"'


def test_read_address_neither_writes_nor_deletes(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"spoken"))
    url = read_url(blob_storage)
    assert put(upload_address(blob_storage), b"forged", url).status_code == 403
    assert requests.delete(url, timeout=9).status_code == 403


def test_read_address_is_for_one_name(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save("org/interview/another", ContentFile(b"foreign"))
    url = read_url(blob_storage).replace("/recording?", "/another?")
    assert requests.get(url, timeout=9).status_code == 403


def test_files_are_private(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"spoken"))
    bare = read_url(blob_storage).partition("?")[0]
    assert requests.get(bare, timeout=9).status_code in {403, 404}


def test_addresses_expire(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"spoken"))
    late = timedelta(seconds=-2)
    sending = upload_address(blob_storage, "org/interview/late", ttl=late)
    assert fault(requests.get(read_url(blob_storage, ttl=late), timeout=9)) == (
        403,
        "AuthorizationFailure",
    )
    assert fault(put(sending, b"spoken")) == (403, "AuthorizationFailure")


def test_lasting_address_does_not_exist(blob_storage: AzureBlobStorage) -> None:
    signed = parse_qs(urlsplit(blob_storage.url(NAME)).query)
    assert signed["sp"] == ["r"]
    assert signed["rscd"] == ['attachment; filename="recording"']
    [end] = signed["se"]
    assert datetime.fromisoformat(end) <= datetime.now(UTC) + TTL + timedelta(seconds=2)


def test_addresses_of_the_cloud_are_for_https_alone() -> None:
    account = account_at("talentifiles", "", key="c2VjcmV0")
    address = upload_address(AzureBlobStorage(container="recordings", account=account))
    assert address.url.startswith(f"https://talentifiles.blob.core.windows.net/recordings/{NAME}?")
    assert parse_qs(urlsplit(address.url).query)["spr"] == ["https"]


@pytest.mark.parametrize(
    ("name", "endpoint", "found"),
    [
        ("acc", "", "https://acc.blob.core.windows.net"),
        ("", "http://127.0.0.1:10000/acc", "http://127.0.0.1:10000/acc"),
        ("", "https://acc.blob.core.windows.net", "https://acc.blob.core.windows.net"),
        ("acc", "https://files.internal", "https://files.internal"),
    ],
)
def test_account_and_address_follow_from_each_other(name: str, endpoint: str, found: str) -> None:
    account = account_at(name, endpoint)
    assert (account.name, account.endpoint) == ("acc", found)


def test_pages_may_send_to_the_storage(blob_storage: AzureBlobStorage) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", blob_storage.upload_origin)


def test_secrets_stay_out_of_logs_and_texts(
    blob_storage: AzureBlobStorage, blob_account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = read_url(blob_storage)
    foreign = account_at(blob_account.name, blob_account.endpoint, key="d3Jvbmc=")
    with pytest.raises(RetryLater) as refused:
        AzureBlobStorage(container="recordings", account=foreign).save(NAME, ContentFile(b"1"))
    told = caplog.text + str(refused.value) + repr(blob_account) + repr(foreign)
    [signature] = parse_qs(urlsplit(url).query)["sig"]
    for secret in (signature, blob_account.key, foreign.key):
        assert secret not in told


def test_storage_that_is_away_is_no_fault_of_the_work() -> None:
    gone = account_at("", f"http://127.0.0.1:{free_port()}/acc", key="c2VjcmV0")
    storage = AzureBlobStorage(container="recordings", account=gone)
    began = time.monotonic()
    with pytest.raises(RetryLater, match="away"):
        storage.probe()
    assert time.monotonic() - began < 2  # seconds: nobody waits for a probe


def test_container_that_is_missing_is_said_by_the_probe(blob_account: Account) -> None:
    with pytest.raises(RetryLater, match="away"):
        AzureBlobStorage(container="no-such-container", account=blob_account).probe()


def test_storage_that_hangs_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/acc"
        storage = AzureBlobStorage(
            container="recordings", account=account_at("", endpoint, key="c2VjcmV0")
        )
        began = time.monotonic()
        with pytest.raises(RetryLater, match="away"):
            storage.probe()
    assert time.monotonic() - began < 5  # seconds; it was told to wait for one


def test_hostile_media_type_is_stored_as_plain_bytes(blob_storage: AzureBlobStorage) -> None:
    file = ContentFile(b"1")
    file.content_type = "text/html\r\nx-ms-forged: 1"
    blob_storage.save("org/interview/page.html", file)
    kept = blob_storage.client.get_blob_client("org/interview/page.html").get_blob_properties()
    assert kept.content_settings.content_type == "application/octet-stream"


def test_container_that_is_missing_is_no_answer_about_its_files(blob_account: Account) -> None:
    storage = AzureBlobStorage(container="no-such-container", account=blob_account)
    for ask in (storage.exists, storage.delete, storage.size, storage.open):
        with pytest.raises(RetryLater, match="away"):
            ask(NAME)


def test_deleted_file_leaves_no_snapshot(blob_storage: AzureBlobStorage) -> None:
    blob_storage.save(NAME, ContentFile(b"spoken"))
    blob_storage.client.get_blob_client(NAME).create_snapshot()
    blob_storage.delete(NAME)
    assert list(blob_storage.client.list_blobs(include=["snapshots"])) == []
