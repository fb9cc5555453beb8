"""A call that was recorded, on a line that notes what is deleted."""

from collections.abc import Iterator

import pytest

from interviews.models import Call, Interview
from tests.people import People
from tests.recordings.call_line import NOTED, NotedLine
from tests.recordings.call_rows import make_call, make_phone_interview


@pytest.fixture(autouse=True)
def _line(settings) -> Iterator[None]:
    settings.ENGINES = settings.ENGINES | {"callroom": NOTED}
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {"callroom": {}}
    yield
    NotedLine.deleted.clear()
    NotedLine.fault.clear()


@pytest.fixture(params=["files", "azure"])
def both_storages(request: pytest.FixtureRequest, settings) -> str:
    """The recordings' storage: once on this machine, once in Blob Storage."""
    if request.param == "azure":
        options = {
            "container": request.getfixturevalue("blob_container"),
            "account": request.getfixturevalue("blob_account"),
        }
        backend = "talenti.storage.azure.AzureBlobStorage"
        chosen = {"recordings": {"BACKEND": backend, "OPTIONS": options}}
        settings.STORAGES = settings.STORAGES | chosen
    return str(request.param)


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Call:
    return make_call(interview)
