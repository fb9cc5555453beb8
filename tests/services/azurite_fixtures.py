"""Fixtures of the blob storage: each test process starts its own when a test first asks for it."""

import os
import secrets
from collections.abc import Iterator

import pytest

from talenti.azure.blob import Account, account_at, service
from talenti.storage.azure import AzureBlobStorage
from tests.services.azurite_server import AzuriteServer


@pytest.fixture(scope="session")
def azurite() -> Iterator[AzuriteServer]:
    """The server. Use `blob_account` or `blob_storage`."""
    with AzuriteServer() as server:
        yield server


@pytest.fixture
def blob_account(azurite: AzuriteServer) -> Account:
    """The account with its key."""
    return account_at(azurite.account, azurite.endpoint, key=azurite.key)


@pytest.fixture
def blob_container(blob_account: Account) -> str:
    """The name of an empty container of this test alone."""
    name = f"test-{secrets.token_hex(8)}"
    service(blob_account, os.getpid()).create_container(name)
    return name


@pytest.fixture
def blob_storage(blob_account: Account, blob_container: str) -> AzureBlobStorage:
    """An empty storage of this test alone."""
    return AzureBlobStorage(container=blob_container, account=blob_account)
