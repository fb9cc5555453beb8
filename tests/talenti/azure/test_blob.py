"""Blob Storage by identity, from browsers, and with little memory."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from django.core.files import File
from django.core.files.base import ContentFile
from playwright.sync_api import Browser

from talenti.azure.blob import Account, service
from talenti.errors import RetryLater
from talenti.storage.addresses import UploadAddress
from talenti.storage.azure import AzureBlobStorage
from talenti.storage.digests import digest
from tests.services.azurite_server import AzuriteServer

NAME = "org/interview/recording"
TTL = timedelta(minutes=5)
SIGN_SECRET = "x" * 32
SEND = """async ([url, headers]) => {
  const body = new Blob([new Uint8Array(100000)], {type: 'audio/webm'});
  try { return (await fetch(url, {method: 'PUT', body, headers})).status }
  catch (refused) { return refused.name }
}"""


class Identity:
    """A managed identity whose tokens the server takes; it counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def get_token(self, *_scopes: str, **_: Any) -> AccessToken:
        self.asked += 1
        now = int(time.time())
        claims = {
            "aud": "https://storage.azure.com",
            "iss": "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
            "oid": "23657296-5cd5-45b0-a809-d972a7f4dfe1",
            "tid": "dd0d0df1-06c3-436c-8034-4b9a153097ce",
            "iat": now - 10,
            "nbf": now - 10,
            "exp": now + 3600,
            "ver": "1.0",
        }
        return AccessToken(jwt.encode(claims, SIGN_SECRET, algorithm="HS256"), now + 3600)


def upload_address(storage: AzureBlobStorage, name: str = NAME) -> UploadAddress:
    return storage.upload_address(name, content_type="audio/webm", size=1, ttl=TTL)


class Refused:
    """An identity that nobody lets in."""

    def get_token(self, *_scopes: str, **_: Any) -> AccessToken:
        raise ClientAuthenticationError("secret words of the identity service")


@pytest.fixture(scope="module")
def secure_azurite() -> Iterator[AzuriteServer]:
    with AzuriteServer(tls=True) as server:
        yield server


@pytest.fixture
def by_identity(secure_azurite: AzuriteServer, monkeypatch: pytest.MonkeyPatch) -> AzureBlobStorage:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure_azurite.certificate))
    account = Account(secure_azurite.account, secure_azurite.endpoint, credential=Identity())
    name = f"test-{os.urandom(6).hex()}"
    service(account, os.getpid()).create_container(name)
    return AzureBlobStorage(container=name, account=account)


def test_identity_stores_and_reads(by_identity: AzureBlobStorage) -> None:
    by_identity.save(NAME, ContentFile(b"spoken"))
    assert by_identity.open(NAME).read() == b"spoken"
    by_identity.probe()


def test_identity_signs_addresses_with_a_lent_key(by_identity: AzureBlobStorage) -> None:
    upload = upload_address(by_identity)
    sent = [
        requests.put(upload.url, data=b"1", headers=upload.headers, timeout=9).status_code
        for _ in range(2)
    ]
    shown = by_identity.file_address(NAME, media_type="audio/wav", download_name=None, ttl=TTL)
    assert sent == [201, 403]
    assert requests.get(shown.url, timeout=9).content == b"1"
    assert "skoid=" in upload.url
    assert "spr=https&" in upload.url


def test_lent_key_is_asked_for_once(
    by_identity: AzureBlobStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = by_identity.service_client
    asked: list[datetime] = []
    lend = client.get_user_delegation_key

    def count(start: datetime, end: datetime) -> Any:
        asked.append(end)
        return lend(start, end)

    monkeypatch.setattr(client, "get_user_delegation_key", count)
    for number in range(3):
        upload_address(by_identity, f"{NAME}{number}")
    assert len(asked) == 1
    by_identity._lent_key._renew_at = datetime.now(UTC)
    upload_address(by_identity, f"{NAME}4")
    assert len(asked) == 2
    assert min(asked) > datetime.now(UTC) + timedelta(minutes=119)


def test_identity_that_is_refused_is_told_without_its_words(
    secure_azurite: AzuriteServer,
) -> None:
    account = Account(secure_azurite.account, secure_azurite.endpoint, credential=Refused())
    with pytest.raises(RetryLater) as refused:
        AzureBlobStorage(container="recordings", account=account).probe()
    assert refused.value.message == "The file storage is away."


@pytest.mark.no_cover
def test_files_of_any_size_take_little_memory(
    blob_storage: AzureBlobStorage, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(32 * 1024**2)
    tracemalloc.start()
    with large.open("rb") as file:
        blob_storage.save(NAME, File(file))
    size = digest(blob_storage, NAME).size
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 32 * 1024**2
    assert peak < 20 * 1024**2


class Page(BaseHTTPRequestHandler):
    """An empty page of another origin."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""

    def do_GET(self) -> None:
        """Show it."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>page</title>")


@pytest.fixture
def origin() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_browsers_send_to_the_storage_only_with_a_rule_for_our_origin(
    azurite: AzuriteServer,
    blob_account: Account,
    blob_container: str,
    browser: Browser,
    origin: str,
) -> None:
    before = AzureBlobStorage(container=blob_container, account=blob_account)
    client = service(blob_account, os.getpid())
    page = browser.new_page()
    page.goto(origin)
    client.set_service_properties(cors=[])
    address = upload_address(before)
    without = page.evaluate(SEND, [address.url, address.headers])
    azurite.prepare([f"{blob_container}-sent"], [origin])
    after = AzureBlobStorage(container=f"{blob_container}-sent", account=blob_account)
    address = upload_address(after)
    sent = [page.evaluate(SEND, [address.url, address.headers]) for _ in range(2)]
    page.close()
    client.set_service_properties(cors=[])

    assert (without, sent) == ("TypeError", [201, 403])
    assert after.size(NAME) == 100_000
