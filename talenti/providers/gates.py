"""Who may call a provider now: decided in each process from a second-old view of the breakers.

A call that goes well costs no query. The database is asked once a second and process, and written
to only when calls fail; where it does not answer, calls go on as if every breaker were closed.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from talenti.errors import ProviderFull, ProviderPaused
from talenti.models import Breaker, BreakerState
from talenti.providers import breakers
from talenti.providers.names import title_of

logger = logging.getLogger(__name__)
VIEW_SECONDS = 1.0
LATELY_SECONDS = 10.0
MOST_REMEMBERED = 200
# After so long a try counts as lost, and another one is made beside it: it may be an hour of sound.
LONGEST_TRY_SECONDS, TRY_GRACE_SECONDS = 60.0, 15.0
FULL_SECONDS = 1.0
WHILE_TRIED_SECONDS = 10.0
_T = TypeVar("_T")


class Verdict(Enum):
    """What the end of a call says of the provider."""

    ANSWERED = "answered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Gate:
    """One provider as this process sees it: calls under way, and how the latest ones ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._under_way = 0
        self._ended: deque[tuple[float, bool]] = deque(maxlen=MOST_REMEMBERED)
        self._lock = threading.Lock()

    def take_place(self) -> None:
        """Count a call; raises ProviderFull when there are as many as there may be."""
        with self._lock:
            if self._under_way >= settings.PROVIDER_CALLS_AT_ONCE:
                message = f"All calls that we may make to {title_of(self.name)} are under way."
                raise ProviderFull(message, after_seconds=FULL_SECONDS)
            self._under_way += 1

    def leave_place(self) -> None:
        """Count a call less."""
        with self._lock:
            self._under_way -= 1

    def note(self, *, failed: bool) -> bool:
        """Remember how a call ended; returns whether at least half of the latest ones failed.

        One failure among many good calls is no outage, however many calls there are in a minute.
        """
        now = time.monotonic()
        with self._lock:
            self._ended.append((now, failed))
            lately = [bad for moment, bad in self._ended if now - moment <= LATELY_SECONDS]
        return failed and sum(lately) * 2 >= len(lately)


class View:
    """The breakers' rows as they were a moment ago. One thread reads, the others do not wait."""

    def __init__(self) -> None:
        self._rows: dict[str, Breaker] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def rows(self, *names: str) -> list[Breaker]:
        """Return the rows of these names, without those that do not exist or cannot be read."""
        if time.monotonic() - self._read_at >= VIEW_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._rows = _forgive(lambda: breakers.read_breakers(names)) or {}
                self._read_at = time.monotonic()
            finally:
                self._lock.release()
        known = self._rows
        return [known[name] for name in names if name in known]

    def forget(self) -> None:
        """Read again at the next call."""
        self._read_at = float("-inf")


@dataclass(frozen=True, slots=True)
class Passage:
    """The right to make one call; `tried` is the breaker whose one try it is."""

    gate: Gate
    tried: Breaker | None = None

    def leave(self, verdict: Verdict, fault: str = "") -> None:
        """End the call and let the breaker know what has to be known."""
        self.gate.leave_place()
        failed = verdict is Verdict.FAILED
        counts = verdict is not Verdict.UNKNOWN and self.gate.note(failed=failed)
        tried = self.tried
        if tried is not None:
            _forgive(lambda: _end_try(tried, verdict, fault))
        elif counts:
            _forgive(lambda: breakers.note_failure(self.gate.name, fault))
        if tried is not None or counts:
            _view.forget()


def enter(name: str, *, seconds: float, above: str = "") -> Passage:
    """Return the right to one call of at most `seconds`.

    Raises ProviderPaused or ProviderFull. `above` names a breaker that is heeded too, not tried.
    """
    gate = _gates.get(name) or _gates.setdefault(name, Gate(name))
    gate.take_place()
    try:
        tried = None
        for row in _view.rows(*filter(None, (above, name))):
            _refuse_pause(row)
            if row.name == name:
                patience = min(seconds, LONGEST_TRY_SECONDS) + TRY_GRACE_SECONDS
                tried = _try_if_open(row, patience)
        return Passage(gate, tried)
    except BaseException:
        gate.leave_place()
        raise


def _refuse_pause(row: Breaker) -> None:
    if row.next_try_at is not None:
        left = row.next_try_at - timezone.now()
        if left > timedelta():
            raise _paused(row, left.total_seconds())


def _try_if_open(row: Breaker, seconds: float) -> Breaker | None:
    if row.state == BreakerState.CLOSED:
        return None
    if row.trying_until is not None and row.trying_until > timezone.now():
        raise _paused(row, WHILE_TRIED_SECONDS)
    taken = _forgive(lambda: (breakers.take_try(row, seconds),))
    if taken == (None,):
        raise _paused(row, WHILE_TRIED_SECONDS)
    return taken[0] if taken else None


def _paused(row: Breaker, seconds: float) -> ProviderPaused:
    message = f"{title_of(row.name)} did not answer lately and is left alone for a while."
    return ProviderPaused(message, after_seconds=seconds)


def _end_try(tried: Breaker, verdict: Verdict, fault: str) -> None:
    if verdict is Verdict.ANSWERED:
        breakers.close_after_try(tried)
    elif verdict is Verdict.FAILED:
        breakers.pause_after_try(tried, fault)
    else:
        breakers.give_try_back(tried)


def _forgive(step: Callable[[], _T]) -> _T | None:
    """Return what the step returns, None if it fails: our own trouble stops no call."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - a database that is away in any of its many ways
        logger.warning("provider breakers are not reachable cause=%s", type(error).__name__)
        return None


_gates: dict[str, Gate] = {}
_view = View()


def forget_everything() -> None:
    """Begin anew: in a forked process, whose calls are others, and in a test."""
    global _view
    _gates.clear()
    _view = View()


os.register_at_fork(after_in_child=forget_everything)
