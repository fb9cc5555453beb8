"""Probes are answered before everything else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from talenti.health import registry as module
from talenti.health.middleware import HealthMiddleware, overall
from talenti.health.registry import Result, registry
from talenti.providers.breakers import note_failure, read_breakers

pytestmark = pytest.mark.urls("talenti.storage.urls")
COMPLETE, HALF_SET, BROKEN = (
    f"tests.talenti.health.engines.{name}"
    for name in ("CompleteEngine", "HalfSetEngine", "BrokenEngine")
)


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "CHECK_SECONDS", 30)  # a busy machine is not what is tested
    settings.VERSION = "1.2.3"
    settings.REDIS_URL = ""
    settings.ENGINES = {"assessor": COMPLETE}
    place(settings, tmp_path)
    registry.forget()
    yield
    registry.forget()


def place(settings, location: Path) -> None:
    backend = "talenti.storage.files.SignedFileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": backend, "OPTIONS": {"location": location / alias, "alias": alias}}
        for alias in settings.FILE_ALIASES
    }


def states(response) -> dict[str, tuple[str, str]]:
    return {
        check["name"]: (check["status"], check["detail"]) for check in response.json()["checks"]
    }


READY = {
    "database": ("ok", ""),
    "migrations": ("ok", ""),
    "broker": ("ok", "in process"),
    "work": ("ok", "oldest due work: 0 s"),
    "providers": ("ok", ""),
    "storage:recordings": ("ok", ""),
    "storage:documents": ("ok", ""),
    "storage:exports": ("ok", ""),
    "engine:assessor": ("ok", ""),
}


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_alive_looks_at_nothing(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok", "version": "1.2.3"})
    assert response["Cache-Control"] == "no-store"


def test_head_sends_the_headers_alone() -> None:
    response = HealthMiddleware(lambda _: HttpResponse())(RequestFactory().head("/health"))
    assert isinstance(response, HttpResponse)
    assert (response["Content-Length"], response.content) == ("33", b"")


def test_probes_come_by_any_host_and_without_https(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["talenti.example"]
    assert client.get("/health", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_health_can_only_be_read(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/healthy", "/health/ready/now", "/health//", "/api/health"])
def test_other_paths_are_not_health(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_ready_names_every_check(client: Client) -> None:
    response = client.get("/health/ready")
    assert (states(response), response.status_code) == (READY, 200)
    assert response.json()["status"] == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_storage_that_cannot_be_written_is_unready(client, settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    place(settings, tmp_path / "file")
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (503, "unready")
    assert states(response)["storage:documents"] == ("failed", "A file cannot be written.")
    assert str(tmp_path) not in response.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("engine", "detail"),
    [
        (HALF_SET, "Its configuration is not complete: see manage.py check."),
        (BROKEN, "The check failed."),
        ("no.such.engine", "The check failed."),
    ],
)
def test_an_engine_that_is_half_set_is_unready(client, settings, engine, detail: str) -> None:
    settings.ENGINES = {"assessor": engine}
    response = client.get("/health/ready")
    assert (response.status_code, states(response)["engine:assessor"]) == (503, ("failed", detail))
    assert b"secret" not in response.content


@pytest.mark.django_db(transaction=True)
def test_without_its_broker_the_service_is_degraded_but_open(client, settings) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert states(response)["broker"] == (
        "degraded",
        "The broker does not answer; work waits in the database.",
    )


@pytest.mark.django_db(transaction=True)
def test_with_a_provider_down_the_service_is_degraded_but_open(client: Client) -> None:
    read_breakers(["azure-speech"])
    for _ in range(5):
        note_failure("azure-speech", "503")
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    status, detail = states(response)["providers"]
    assert (status, detail.partition(" since")[0]) == ("degraded", "Down: Azure Speech")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], "ready"),
        (["ok"], "ready"),
        (["ok", "degraded"], "degraded"),
        (["degraded", "failed", "ok"], "unready"),
    ],
)
def test_the_worst_result_counts(found: list[str], expected: str) -> None:
    assert overall([Result("check", status) for status in found]) == expected


@pytest.mark.django_db(transaction=True)
def test_each_check_tells_its_time(client: Client, settings) -> None:
    checks = client.get("/health/ready").json()["checks"]

    assert [set(check) for check in checks] == [{"name", "status", "detail", "took_ms"}] * len(
        checks
    )
    assert all(0 <= check["took_ms"] < 30_000 for check in checks)
