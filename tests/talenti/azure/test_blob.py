"""Blob Storage by identity, from browsers, and with little memory."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from playwright.sync_api import Browser

from talenti.azure.blob import Account, Container, service
from talenti.errors import RetryLater
from talenti.storage.digests import CHUNK_BYTES
from tests.services.azurite_server import AzuriteServer

NAME = "org/interview/recording"
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


class Refused:
    """An identity that nobody lets in."""

    def get_token(self, *_scopes: str, **_: Any) -> AccessToken:
        raise ClientAuthenticationError("secret words of the identity service")


@pytest.fixture(scope="module")
def secure_azurite() -> Iterator[AzuriteServer]:
    with AzuriteServer(tls=True) as server:
        yield server


@pytest.fixture
def by_identity(secure_azurite: AzuriteServer, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure_azurite.certificate))
    account = Account(secure_azurite.account, secure_azurite.endpoint, credential=Identity())
    name = f"test-{os.urandom(6).hex()}"
    service(account, os.getpid()).create_container(name)
    return Container(account, name)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=5)


def test_identity_stores_and_reads(by_identity: Container) -> None:
    by_identity.create(NAME, [b"spo", b"ken"], content_type="audio/wav")
    assert by_identity.open(NAME).read() == b"spoken"
    by_identity.probe()


def test_identity_signs_addresses_with_a_lent_key(by_identity: Container) -> None:
    url = by_identity.upload_address(NAME, soon())
    headers = {"x-ms-blob-type": "BlockBlob"}
    sent = [requests.put(url, data=b"1", headers=headers, timeout=9).status_code for _ in range(2)]
    shown = by_identity.read_address(NAME, soon(), media_type="audio/wav", disposition="inline")
    assert sent == [201, 403]
    assert requests.get(shown, timeout=9).content == b"1"
    assert "skoid=" in url
    assert "spr=https&" in url


def test_lent_key_is_asked_for_once(
    by_identity: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = service(by_identity.account, os.getpid())
    asked: list[datetime] = []
    lend = client.get_user_delegation_key

    def count(start: datetime, end: datetime) -> Any:
        asked.append(end)
        return lend(start, end)

    monkeypatch.setattr(client, "get_user_delegation_key", count)
    for number in range(3):
        by_identity.upload_address(f"{NAME}{number}", soon())
    assert len(asked) == 1
    by_identity._signer._renew_at = datetime.now(UTC)
    by_identity.upload_address(f"{NAME}4", soon())
    assert len(asked) == 2
    assert min(asked) > datetime.now(UTC) + timedelta(minutes=119)


def test_identity_that_is_refused_is_told_without_its_words(
    secure_azurite: AzuriteServer,
) -> None:
    account = Account(secure_azurite.account, secure_azurite.endpoint, credential=Refused())
    with pytest.raises(RetryLater) as refused:
        Container(account, "recordings").probe()
    assert refused.value.message == "The file storage is away."


def test_files_of_any_size_take_little_memory(blob_account: Account, blob_container: str) -> None:
    container = Container(blob_account, blob_container)
    piece = b"s" * 1024**2
    tracemalloc.start()
    container.create(NAME, (piece for _ in range(64)), content_type="audio/wav")
    read = container.open(NAME)
    size = sum(iter(lambda: len(read.read(CHUNK_BYTES)), 0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 64 * 1024**2
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
    container = Container(blob_account, blob_container)
    client = service(blob_account, os.getpid())
    page = browser.new_page()
    page.goto(origin)
    headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "audio/webm"}

    client.set_service_properties(cors=[])
    without = page.evaluate(SEND, [container.upload_address(NAME, soon()), headers])
    azurite.prepare([f"{blob_container}-sent"], [origin])
    container = Container(blob_account, f"{blob_container}-sent")
    address = container.upload_address(NAME, soon())
    sent = [page.evaluate(SEND, [address, headers]) for _ in range(2)]
    page.close()
    client.set_service_properties(cors=[])

    assert (without, sent) == ("TypeError", [201, 403])
    assert container.properties(NAME).size == 100_000
