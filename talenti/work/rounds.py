"""How long one round of the sweeper may spend on one thing."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

ROUND_SECONDS = 5.0
_T = TypeVar("_T")


def timely(rows: Iterable[_T]) -> Iterator[_T]:
    """Yield rows, at least one, until ROUND_SECONDS have passed: the next round has the rest.

    Where each one waits for a storage that hangs, hundreds would hold the sweeper for hours, and
    meanwhile nothing would be rung for. One row that always fails keeps nobody: it fails at once.
    """
    ends = time.monotonic() + ROUND_SECONDS
    for row in rows:
        yield row
        if time.monotonic() >= ends:
            return
