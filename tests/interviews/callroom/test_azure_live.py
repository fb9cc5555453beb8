"""The real Communication Services, asked whether it knows us; nobody is called.

LIVE_AZURE_ACS_CONNECTION_STRING opens it.
"""

import os

import pytest

from interviews.callroom.azure import AzureCallroom
from talenti.azure.calls import close_clients


@pytest.fixture
def live_room(settings) -> AzureCallroom:
    given = os.environ.get("LIVE_AZURE_ACS_CONNECTION_STRING", "")
    parts = dict(part.split("=", 1) for part in given.split(";") if "=" in part)
    if "endpoint" not in parts:
        pytest.skip("LIVE_AZURE_ACS_CONNECTION_STRING is not set.")
    settings.AZURE_ACS_ENDPOINT = parts["endpoint"].rstrip("/")
    settings.AZURE_ACS_ACCESS_KEY = parts.get("accesskey", "")
    close_clients()
    return AzureCallroom()


@pytest.mark.live
def test_service_knows_us_and_no_call_of_ours(live_room):
    assert live_room.probe() == "signed in"
