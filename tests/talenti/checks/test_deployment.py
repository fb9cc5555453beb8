"""Staging and prod start with nothing less than what strangers' visits need."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings

from talenti.checks import check_deployable, check_deployed
from talenti.checks.deployment import find_obstacles, refuse_unsafe_start
from talenti.models import User

ROOT = Path(__file__).parents[3]
SECRET, OTHER_SECRET = "kB7" * 16, "pX2" * 16
POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
VARIABLES = {
    "SECRET_KEY": SECRET,
    "JWT_SECRET": OTHER_SECRET,
    "EMAIL_URL": "smtp+tls://mail:587",
    "EMAIL_FROM": "Talenti <no-reply@talenti.app>",
    "TRANSCRIBER": "offline",
    "ASSESSOR": "offline",
    "INTERVIEWER": "offline",
    "AUTHOR": "offline",
    "VOICE": "offline",
    "CALLROOM": "offline",
}
ROLES = ("transcriber", "assessor", "interviewer", "author", "voice", "callroom")


@pytest.fixture
def deployable(
    monkeypatch: pytest.MonkeyPatch, settings: Any, django_db_setup: None
) -> Iterator[Any]:
    """A prod configuration in which nothing is missing; the database was opened before it."""
    assert connection.vendor  # else the test process would open the named one, for good
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    complete = {
        "ENVIRONMENT": "prod",
        "DEPLOYED": True,
        "DEBUG": False,
        "SECRET_KEY": SECRET,
        "SIMPLE_JWT": settings.SIMPLE_JWT | {"SIGNING_KEY": OTHER_SECRET},
        "REDIS_URL": "rediss://cache:6380",
        "PUBLIC_URL": "https://talenti.app",
        "ALLOWED_HOSTS": ["talenti.app"],
        "CORS_ALLOWED_ORIGINS": ["https://www.talenti.app"],
        "ENGINES": dict.fromkeys(ROLES, "offline"),
    }
    with override_settings(**complete), pytest.MonkeyPatch.context() as patch:
        # Django forbids overriding DATABASES: the connections would not follow.
        patch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
        yield settings


def ids() -> list[str | None]:
    return [found.id for found in find_obstacles() if found.is_serious()]


def test_complete_configuration_may_be_deployed(deployable: Any) -> None:
    assert ids() == []
    assert [found.id for found in check_deployed()] == ["talenti.W001"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"DEBUG": True}, "talenti.E010"),
        ({"SECRET_KEY": "short"}, "talenti.E012"),
        ({"SECRET_KEY": "change-me-" * 9}, "talenti.E012"),
        ({"SECRET_KEY": OTHER_SECRET}, "talenti.E013"),
        ({"REDIS_URL": ""}, "talenti.E015"),
        ({"PUBLIC_URL": "http://talenti.app"}, "talenti.E017"),
        ({"ALLOWED_HOSTS": []}, "talenti.E018"),
        ({"ALLOWED_HOSTS": ["*"]}, "talenti.E018"),
        ({"CORS_ALLOWED_ORIGINS": ["*"]}, "talenti.E019"),
        ({"CORS_ALLOWED_ORIGINS": ["https://*.talenti.app"]}, "talenti.E019"),
        ({"CORS_ALLOWED_ORIGINS": ["http://talenti.app"]}, "talenti.E019"),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, "talenti.E019"),
    ],
)
def test_each_unsafe_setting_is_an_error(
    deployable: Any, change: dict[str, Any], expected: str
) -> None:
    with override_settings(**change):
        assert ids() == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SECRET_KEY", "talenti.E011"),
        ("JWT_SECRET", "talenti.E011"),
        ("EMAIL_URL", "talenti.E016"),
        ("EMAIL_FROM", "talenti.E016"),
        ("ASSESSOR", "talenti.E020"),
        ("TRANSCRIBER", "talenti.E020"),
        ("CALLROOM", "talenti.E020"),
    ],
)
def test_each_missing_variable_is_an_error(
    deployable: Any, monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.delenv(name)

    assert ids() == [expected]


def test_sqlite_is_for_one_machine(deployable: Any) -> None:
    # Undone here: a `monkeypatch` of the test would be undone after, and so undo, the fixture's.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(deployable.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
        assert ids() == ["talenti.E014"]


@pytest.mark.django_db
def test_demo_logins_keep_it_from_starting(deployable: Any) -> None:
    refuse_unsafe_start()
    User.objects.create_user("alice@demo.example", "talenti-demo")

    with pytest.raises(ImproperlyConfigured, match="demo's logins are in the database"):
        refuse_unsafe_start()


@pytest.mark.django_db
def test_development_installation_hears_of_it_only_when_asked() -> None:
    assert check_deployed() == []
    assert "talenti.E015" in [found.id for found in check_deployable()]
    refuse_unsafe_start()


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=bare | {"ENVIRONMENT": "staging", "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "import talenti.wsgi"),
        ("manage.py", "worker"),
        ("manage.py", "sweep", "--loop"),
    ],
)
def test_no_process_starts_without_them(arguments: tuple[str, ...], tmp_path: Path) -> None:
    outcome = run(*arguments, folder=tmp_path)

    assert outcome.returncode != 0
    missing = ("SECRET_KEY", "JWT_SECRET", "REDIS_URL", "SQLite", "ALLOWED_HOSTS", "PUBLIC_URL")
    assert [name for name in missing if name not in outcome.stderr] == []
