"""Variables that are half set or contradict each other are named."""

import pytest

from talenti.checks import check_variables

STORAGES = ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ENDPOINT")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REDIS_URL", "REDIS_PASSWORD", "APPLICATIONINSIGHTS_CONNECTION_STRING"):
        monkeypatch.delenv(name, raising=False)


def found(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[tuple[str | None, str]]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return [(error.id, error.msg) for error in check_variables()]


def test_nothing_set_is_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_API_KEY is set, but not AZURE_OPENAI_ENDPOINT."),
        ("OPENAI_API_KEY", "OPENAI_API_KEY is set, but not OPENAI_BASE_URL."),
        (
            "AZURE_STORAGE_ACCOUNT_KEY",
            f"AZURE_STORAGE_ACCOUNT_KEY is set, but not {' or '.join(STORAGES)}.",
        ),
        ("REDIS_PASSWORD", "REDIS_PASSWORD is set, but not REDIS_URL."),
    ],
)
def test_key_without_its_service_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    assert found(monkeypatch, **{name: "0123456789"}) == [("talenti.E003", message)]


@pytest.mark.parametrize("other", STORAGES)
def test_storage_key_needs_a_name_or_an_address(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    assert found(monkeypatch, **{"AZURE_STORAGE_ACCOUNT_KEY": "0123", other: "https://x"}) == []


def test_both_spellings_may_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    same = {"AZURE_OPENAI_DEPLOYMENT": "gpt-4o", "AZURE_OPENAI_DEPLOYMENT_NAME": "gpt-4o"}

    assert found(monkeypatch, **same) == []


def test_both_spellings_may_not_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    differ = {"AZURE_STORAGE_SAS_TTL": "5", "AZURE_STORAGE_SAS_TTL_MINUTES": "15"}

    assert found(monkeypatch, **differ) == [
        (
            "talenti.E004",
            "AZURE_STORAGE_SAS_TTL_MINUTES and AZURE_STORAGE_SAS_TTL say different things.",
        )
    ]


@pytest.mark.parametrize(("password", "wrong"), [("p%40ss", False), ("other", True)])
def test_password_in_the_address_must_be_the_same(
    monkeypatch: pytest.MonkeyPatch, password: str, *, wrong: bool
) -> None:
    variables = {"REDIS_URL": f"redis://:{password}@cache:6379", "REDIS_PASSWORD": "p@ss"}

    assert [one for one, _ in found(monkeypatch, **variables)] == ["talenti.E004"] * wrong


def test_incomplete_connection_string_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    incomplete = "IngestionEndpoint=https://in.example.com/;InstrumentationKey="

    assert found(monkeypatch, APPLICATIONINSIGHTS_CONNECTION_STRING=incomplete) == [
        ("talenti.E005", "APPLICATIONINSIGHTS_CONNECTION_STRING lacks instrumentationkey.")
    ]
