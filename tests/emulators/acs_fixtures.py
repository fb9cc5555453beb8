"""Communication Services for tests: the emulator, and settings that lead to it."""

from collections.abc import Iterator

import pytest

from talenti.azure.calls import close_clients
from tests.emulators.acs import CALLER, AcsEmulator
from tests.emulators.acs_doors import Doors

SPEECH_ENDPOINT = "https://speech-talenti.cognitiveservices.azure.com"
STORAGE = "http://127.0.0.1:10000/devstoreaccount1"


@pytest.fixture(scope="session")
def acs_server() -> Iterator[AcsEmulator]:
    """One server for all tests of this process: use `azure_acs`."""
    with AcsEmulator() as server:
        yield server
        close_clients()


@pytest.fixture
def azure_acs(acs_server: AcsEmulator, settings) -> Iterator[AcsEmulator]:
    """The emulator, fresh, with the settings that make it the installation's own.

    A request that the service would not take fails the test, unless it clears `objections`.
    """
    acs_server.reset()
    settings.AZURE_ACS_ENDPOINT = acs_server.endpoint
    settings.AZURE_ACS_ACCESS_KEY = acs_server.key
    settings.AZURE_ACS_RESOURCE_ID = acs_server.resource_id
    settings.AZURE_ACS_CALLER_NUMBER = CALLER
    settings.AZURE_SPEECH_ENDPOINT = SPEECH_ENDPOINT
    settings.AZURE_STORAGE_ENDPOINT = STORAGE
    yield acs_server
    assert acs_server.objections == []


@pytest.fixture
def acs_doors() -> Iterator[Doors]:
    """Where events can be delivered to."""
    with Doors() as doors:
        yield doors
