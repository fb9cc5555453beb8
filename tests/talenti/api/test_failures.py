"""Which failures are nobody's mistake."""

import errno
import sqlite3

import psycopg
import psycopg_pool
import pytest
import redis.exceptions
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import UnreadablePostError
from dramatiq.errors import BrokerConnectionError

from talenti.api.failures import is_client_gone, is_dependency_down, is_disk_full


@pytest.mark.parametrize(
    "kind",
    [
        OperationalError,
        InterfaceError,
        psycopg.OperationalError,
        psycopg.InterfaceError,
        psycopg_pool.PoolTimeout,
        redis.exceptions.ConnectionError,
        redis.exceptions.TimeoutError,
        BrokerConnectionError,
        sqlite3.OperationalError,
    ],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_a_database_or_broker_without_answer_is_down(kind: type[Exception]) -> None:
    assert is_dependency_down(kind("gone"))


@pytest.mark.parametrize(
    "error",
    [ProgrammingError("x"), IntegrityError("x"), DataError("x"), OSError("x"), TimeoutError("x")],
    ids=lambda error: type(error).__name__,
)
def test_our_own_mistakes_are_not_taken_for_outages(error: Exception) -> None:
    assert not is_dependency_down(error)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_recognised(number: int) -> None:
    assert is_disk_full(OSError(number, "full"))


def full_database_error() -> OperationalError:
    """Return what Django makes of a SQLite file that may not grow."""
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE words (text)")
        database.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as caught:
            database.execute("INSERT INTO words VALUES (randomblob(100000))")
    database.close()
    error = OperationalError(*caught.value.args)
    error.__cause__ = caught.value
    return error


def test_a_full_database_is_recognised() -> None:
    assert is_disk_full(full_database_error())


def test_a_full_postgresql_is_recognised() -> None:
    error = OperationalError("full")
    error.__cause__ = psycopg.errors.DiskFull("full")
    assert is_disk_full(error)


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "x"), OperationalError("x"), ValueError("x"), OSError("x")]
)
def test_other_errors_do_not_speak_of_room(error: Exception) -> None:
    assert not is_disk_full(error)


def test_a_client_that_left_is_recognised() -> None:
    assert is_client_gone(UnreadablePostError(errno.ECONNRESET, "reset"))
    assert not is_client_gone(ConnectionResetError())
