"""Races: the same call from many threads, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
SECONDS = 60


def at_once(count: int, call: Callable[[], T]) -> list[T]:
    """Return what `count` threads got from `call`, all let go in the same moment.

    For tests with `django_db(transaction=True)`: other tests' rows are invisible to threads.
    """
    gate = threading.Barrier(count, timeout=SECONDS)

    def run() -> T:
        try:
            gate.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run) for _ in range(count)]
        return [future.result(timeout=SECONDS) for future in futures]
