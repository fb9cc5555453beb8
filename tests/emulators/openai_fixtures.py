"""Azure OpenAI for tests: the emulator, and settings that lead to it."""

from collections.abc import Iterator

import pytest

from talenti.azure.openai import close_clients
from tests.emulators.openai import OpenAiEmulator

STRUCTURED = "2024-10-21"
OLD = "2024-02-15-preview"


@pytest.fixture(scope="session")
def openai_server() -> Iterator[OpenAiEmulator]:
    """One server for all tests of this process: use `azure_openai`."""
    with OpenAiEmulator() as server:
        yield server
        close_clients()


@pytest.fixture
def azure_openai(openai_server: OpenAiEmulator, settings) -> OpenAiEmulator:
    """The emulator, fresh, with the settings that make it the installation's Azure OpenAI."""
    openai_server.reset()
    settings.AZURE_OPENAI_ENDPOINT = openai_server.url
    settings.AZURE_OPENAI_API_KEY = openai_server.key
    settings.AZURE_OPENAI_API_VERSION = STRUCTURED
    settings.AZURE_OPENAI_DEPLOYMENT_NAME = "gpt-4o"
    return openai_server


@pytest.fixture
def old_azure_openai(azure_openai: OpenAiEmulator, settings) -> OpenAiEmulator:
    """The same with an API version that knows JSON mode only."""
    settings.AZURE_OPENAI_API_VERSION = OLD
    return azure_openai


@pytest.fixture
def other_openai(azure_openai: OpenAiEmulator, settings) -> OpenAiEmulator:
    """The same as any OpenAI-compatible server."""
    settings.AZURE_OPENAI_ENDPOINT = settings.AZURE_OPENAI_API_KEY = ""
    settings.OPENAI_BASE_URL = f"{azure_openai.url}/v1"
    settings.OPENAI_API_KEY = azure_openai.key
    settings.OPENAI_MODEL = "gpt-4o"
    return azure_openai
