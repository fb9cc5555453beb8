"""Variables that are half set or contradict each other are named."""

import pytest

from talenti.checks import check_variables


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
        (
            "AZURE_STORAGE_ACCOUNT_KEY",
            "AZURE_STORAGE_ACCOUNT_KEY is set, but not AZURE_STORAGE_ACCOUNT.",
        ),
        ("REDIS_PASSWORD", "REDIS_PASSWORD is set, but not REDIS_URL."),
    ],
)
def test_key_without_its_service_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    assert found(monkeypatch, **{name: "0123456789"}) == [("talenti.E003", message)]


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
    incomplete = "endpoint=https://acs.example.com/;accesskey="

    assert found(monkeypatch, AZURE_ACS_CONNECTION_STRING=incomplete) == [
        ("talenti.E005", "AZURE_ACS_CONNECTION_STRING lacks accesskey.")
    ]
