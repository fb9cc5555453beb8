"""Failures that are nobody's mistake: a dependency is down, the disk is full, the client left."""

import errno
import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
POSTGRES_DISK_FULL = "53100"
# An error of these classes exists only if its module is loaded, so none is loaded for the check.
OUTSIDE = (
    ("psycopg", "OperationalError"),
    ("psycopg", "InterfaceError"),
    ("psycopg_pool", "PoolTimeout"),
    ("redis.exceptions", "RedisError"),
    ("dramatiq.errors", "BrokerConnectionError"),
    ("sqlite3", "OperationalError"),
)


def is_disk_full(error: BaseException) -> bool:
    """Whether the file system or the database has no room left."""
    if isinstance(error, OSError):
        return error.errno in FULL
    cause = error.__cause__ or error
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == POSTGRES_DISK_FULL
    )


def is_dependency_down(error: BaseException) -> bool:
    """Whether the database or the broker did not answer; the same request may succeed later."""
    return isinstance(error, (OperationalError, InterfaceError, *_outside_errors()))


def _outside_errors() -> list[type[BaseException]]:
    loaded = ((sys.modules.get(module), name) for module, name in OUTSIDE)
    found = (getattr(module, name, None) for module, name in loaded if module)
    return [error for error in found if isinstance(error, type)]


def is_client_gone(error: BaseException) -> bool:
    """Whether the client went away in the middle of its own body."""
    return isinstance(error, UnreadablePostError)
