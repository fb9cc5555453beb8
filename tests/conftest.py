"""What every test has: an environment of its own, a database file of its own, the services."""

from collections.abc import Iterator
from pathlib import Path
from unittest import TestCase

import django
import pytest
from django.db import connection
from django.test.utils import override_settings

from tests.services.environment import hide_environment, prepare_environment, remove_environment

DATA_DIR = prepare_environment()
django.setup()  # before the plugins, which know the models
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

pytest_plugins = [
    "tests.fixtures",
    "tests.services.fixtures",
    "tests.stubs.fixtures",
    "tests.emulators.acs_fixtures",
    "tests.emulators.openai_fixtures",
    "tests.emulators.speech_fixtures",
]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    hide_environment()


def pytest_unconfigure() -> None:
    remove_environment(DATA_DIR)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `pure` what never opens the database: it need not run again on PostgreSQL.

    What goes through everything for every caller is not measured for coverage: it would take twice
    as long, and the lines that it reaches have tests of their own.
    """
    for item in items:
        if item.get_closest_marker("once"):
            item.add_marker("no_cover")
        if not _uses_database(item):
            item.add_marker("pure")
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def _uses_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return bool(fixtures) or marked or issubclass(getattr(item, "cls", None) or object, TestCase)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: None
) -> None:
    """Give SQLite a file: threads cannot share its memory, and each worker needs its own."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(scope="session", autouse=True)
def _cheap_setting_up() -> Iterator[None]:
    """Hash passwords fast: their strength is Django's business and has its own tests there.

    And look for static files when they are asked for: every test client builds all middleware, and
    that of WhiteNoise would read every one of them each time.
    """
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def data_dir() -> Path:
    """The data folder of this test process (settings.DATA_DIR)."""
    return DATA_DIR
