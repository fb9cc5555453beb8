"""What interviews by phone are told is whole, or named."""

import pytest
from django.test import override_settings

from talenti.checks import check_phone, check_variables

GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
COMPLETE = {
    "AZURE_ACS_CONNECTION_STRING": "endpoint=https://t.communication.azure.com/;accesskey=c2VjcmV0",
    "AZURE_ACS_RESOURCE_ID": GUID,
    "AZURE_ACS_CALLER_NUMBER": "+61280001234",
    "AZURE_EVENTGRID_TENANT_ID": GUID,
    "AZURE_EVENTGRID_AUDIENCE": GUID,
    "AZURE_EVENTGRID_SECRET": "q7" * 16,
}


@pytest.fixture(autouse=True)
def _phone_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)


def found() -> list[tuple[str | None, str]]:
    return [(error.id, error.msg) for error in (*check_phone(), *check_variables())]


def test_complete_phone_is_nothing_wrong() -> None:
    assert found() == []


def test_half_of_a_phone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {}
    for name in COMPLETE:
        with monkeypatch.context() as patch:
            patch.delenv(name)
            without[name] = [message for _, message in found()]

    assert without == {
        "AZURE_ACS_CONNECTION_STRING": [
            "AZURE_ACS_RESOURCE_ID is set, but not AZURE_ACS_CONNECTION_STRING.",
            "AZURE_ACS_CALLER_NUMBER is set, but not AZURE_ACS_CONNECTION_STRING.",
        ],
        "AZURE_ACS_RESOURCE_ID": [
            "AZURE_ACS_CONNECTION_STRING is set, but not AZURE_ACS_RESOURCE_ID."
        ],
        "AZURE_ACS_CALLER_NUMBER": [
            "AZURE_ACS_CONNECTION_STRING is set, but not AZURE_ACS_CALLER_NUMBER."
        ],
        "AZURE_EVENTGRID_TENANT_ID": [
            "AZURE_ACS_CONNECTION_STRING is set, but not AZURE_EVENTGRID_TENANT_ID.",
            "AZURE_EVENTGRID_AUDIENCE is set, but not AZURE_EVENTGRID_TENANT_ID.",
            "AZURE_EVENTGRID_SECRET is set, but not AZURE_EVENTGRID_TENANT_ID.",
        ],
        "AZURE_EVENTGRID_AUDIENCE": [
            "AZURE_EVENTGRID_TENANT_ID is set, but not AZURE_EVENTGRID_AUDIENCE."
        ],
        "AZURE_EVENTGRID_SECRET": [
            "AZURE_EVENTGRID_TENANT_ID is set, but not AZURE_EVENTGRID_SECRET."
        ],
    }


NO_ENDPOINT = "AZURE_ACS_CONNECTION_STRING lacks an endpoint."
NO_KEY = "AZURE_ACS_CONNECTION_STRING lacks its whole accesskey."


@pytest.mark.parametrize(
    ("connection_string", "messages"),
    [
        ("endpoint=https://t.communication.azure.com", []),  # managed identity
        ("endpoint=http://127.0.0.1:8080/;accesskey=c2VjcmV0", []),
        ("endpoint=https://t.communication.azure.com;accesskey=", [NO_KEY]),
        ("endpoint=https://t.communication.azure.com;accesskey=c2Vjc", [NO_KEY]),
        ("endpoint=https://t.communication.azure.com;accesskey=not base64!", [NO_KEY]),
        ("endpoint=t.communication.azure.com;accesskey=c2VjcmV0", [NO_ENDPOINT]),
        ("accesskey=c2VjcmV0", [NO_ENDPOINT]),
        ("c2VjcmV0", [NO_ENDPOINT]),
        ("endpoint=https://[;accesskey=c2VjcmV0", [NO_ENDPOINT]),
    ],
)
def test_connection_string_has_an_address_and_a_whole_key(
    monkeypatch: pytest.MonkeyPatch, connection_string: str, messages: list[str]
) -> None:
    monkeypatch.setenv("AZURE_ACS_CONNECTION_STRING", connection_string)

    assert found() == [("talenti.E005", message) for message in messages]


def test_deployed_calls_go_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_ACS_CONNECTION_STRING", "endpoint=http://acs;accesskey=c2VjcmV0")

    with override_settings(DEPLOYED=True):
        assert found() == [("talenti.E005", NO_ENDPOINT)]


@pytest.mark.parametrize(
    ("audience", "wrong"),
    [
        ("api://talenti", False),
        (GUID.upper(), False),
        ("https://talenti.app/events", False),
        ("talenti", True),
        ("api://", True),
        ("http://talenti.app", True),
    ],
)
def test_audience_is_an_application(
    monkeypatch: pytest.MonkeyPatch, audience: str, *, wrong: bool
) -> None:
    monkeypatch.setenv("AZURE_EVENTGRID_AUDIENCE", audience)

    assert [one for one, _ in found()] == ["talenti.E006"] * wrong


@pytest.mark.parametrize("name", ["AZURE_EVENTGRID_SECRET", "AZURE_EVENTGRID_PREVIOUS_SECRET"])
@pytest.mark.parametrize("value", ["a" * 31, "a" * 201, "a" * 31 + "&", "a" * 31 + " b"])
def test_secret_is_long_and_fits_into_an_address(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert found() == [("talenti.E007", f"{name} is short, or does not fit into an address.")]


def test_previous_secret_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_EVENTGRID_PREVIOUS_SECRET", COMPLETE["AZURE_EVENTGRID_SECRET"])

    assert [one for one, _ in found()] == ["talenti.E004"]
