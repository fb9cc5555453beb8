"""Signing in without a key, over TLS, and what is only ever asked of the service's own hosts."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from talenti.azure import calls
from talenti.azure.calls import close_clients
from talenti.errors import PermanentFailure, ProviderAway, RetryLater
from tests.emulators.acs import AcsEmulator
from tests.emulators.acs_faults import Fault
from tests.emulators.acs_http import IDENTITY_SECRET, IDENTITY_TOKEN, TOKEN_PATH
from tests.services.certificates import write_certificate
from tests.talenti.azure.calling import NUMBER, connected, place, record

STORE = "eau-storage.asm.skype.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of this machine, which is that of the service's own store as well."""
    folder = tmp_path_factory.mktemp("tls")
    found = folder / "certificate.pem", folder / "key.pem"
    write_certificate(*found, names=[STORE])
    return found


@pytest.fixture
def secure(certificate, azure_acs, settings, monkeypatch) -> Iterator[AcsEmulator]:
    """A second emulator, which speaks TLS as the service does."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    server = AcsEmulator()
    server.secure(*map(str, certificate))
    with server:
        settings.AZURE_ACS_ENDPOINT = server.endpoint
        yield server
        close_clients()
    assert server.objections == []


@pytest.fixture
def by_identity(secure, azure_acs, settings, monkeypatch) -> AcsEmulator:
    """The same without a key, and the identity endpoint of the platform."""
    settings.AZURE_ACS_ACCESS_KEY = ""
    settings.AZURE_CLIENT_ID = os.urandom(8).hex()  # one that has no token yet
    monkeypatch.setenv("IDENTITY_ENDPOINT", azure_acs.endpoint + TOKEN_PATH)
    monkeypatch.setenv("IDENTITY_HEADER", IDENTITY_SECRET)
    return secure


def test_without_a_key_every_command_is_signed_by_the_identity(by_identity):
    record(connected(by_identity))
    given = {sent.headers["authorization"] for sent in by_identity.requests}
    assert given == {f"Bearer {IDENTITY_TOKEN}"}
    assert calls.ping() == "signed in"


def test_identity_without_a_token_places_nothing_and_is_tried_later(by_identity, monkeypatch):
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with pytest.raises((RetryLater, PermanentFailure), match=r"^The managed identity") as failed:
        place()
    assert not isinstance(failed.value, ProviderAway)
    assert by_identity.requests == []


def test_key_signs_over_tls_too(secure):
    place()
    assert secure.exchange.placed(NUMBER) == 1


def test_somebody_else_with_a_certificate_is_sent_nothing(secure, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(ProviderAway) as failed:
        place()
    assert type(failed.value) is ProviderAway
    assert secure.requests == []


@pytest.fixture
def store(secure, monkeypatch) -> str:
    """The address of a copy in the service's own store, whose host leads to the emulator."""
    look_up = socket.getaddrinfo

    def to_this_machine(host: str, *rest: object, **options: object) -> object:
        return look_up("127.0.0.1" if host == STORE else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", to_this_machine)
    return f"https://{STORE}:{secure.endpoint.rpartition(':')[2]}/v1/objects"


def test_copy_of_the_service_is_deleted_and_gone_already_is_fine(secure, store):
    calls.delete_recording(f"{store}/0-eau-d1-x")
    calls.delete_recording(f"{store}/0-eau-d1-x")
    assert secure.deleted == {"0-eau-d1-x"}
    assert [sent.command for sent in secure.requests] == ["delete_recording"] * 2


def test_copy_that_is_not_deleted_is_tried_again(secure, store):
    secure.faults.add("delete_recording", Fault(503))
    with pytest.raises(ProviderAway):
        calls.delete_recording(f"{store}/0-eau-d1-x")


@pytest.mark.parametrize(
    "location",
    [
        "",
        "no address",
        "https://talenti.blob.core.windows.net/interview-recordings/org/call/0-audiowav.wav",
        "https://eau-storage.asm.skype.com.evil.example/v1/objects/1",
        "http://eau-storage.asm.skype.com/v1/objects/1",
    ],
)
def test_nothing_of_others_is_asked_to_be_deleted(secure, location):
    calls.delete_recording(location)
    assert secure.requests == []
