"""Database connections of a thread that waits for somebody else."""

from django.db import connections


def release_connections() -> None:
    """Give this thread's connections back before a long wait; they reopen by themselves."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
