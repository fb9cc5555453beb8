"""Counts of who asked how often, in Redis for all replicas, else in this process."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.signals import setting_changed
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

T = TypeVar("T")
logger = logging.getLogger(__name__)
REDIS_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "wrap_exceptions": True}
REDIS_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a window of `window` seconds that ends in `reset` seconds."""

    amount: int
    window: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Return how many more are allowed."""
        return max(0, self.amount - self.used)

    @property
    def is_over(self) -> bool:
        """Return whether this one was too many."""
        return self.used > self.amount


@dataclass(slots=True)
class Counters:
    """Where hits are counted. `hit`, `look` and `clear` go on in this process without Redis."""

    own: RateLimiter
    shared: RateLimiter | None
    shared_again_at: float = 0.0

    def hit(self, limit: RateLimitItem, *who: str) -> float | None:
        """Count one; return None, or the seconds until the next is allowed."""
        return self._ask(lambda it: None if it.hit(limit, *who) else _wait(it, limit, who))

    def look(self, limit: RateLimitItem, *who: str) -> float | None:
        """Return as `hit` would, without counting."""
        return self._ask(lambda it: None if it.test(limit, *who) else _wait(it, limit, who))

    def clear(self, limit: RateLimitItem, *who: str) -> None:
        """Forget what was counted."""
        self._ask(lambda limiter: limiter.clear(limit, *who))

    def take(self, limit: RateLimitItem, *who: str) -> Standing | None:
        """Count one and return the standing; None, and no limit, while Redis does not answer."""
        if self.shared is None:
            return _take(self.own, limit, who)
        return self._shared(lambda limiter: _take(limiter, limit, who))

    def _ask(self, question: Callable[[RateLimiter], T]) -> T:
        if self.shared is not None and time.monotonic() >= self.shared_again_at:
            try:
                return question(self.shared)
            except StorageError:
                self._pause("rate limits are counted per process: Redis does not answer")
        return question(self.own)

    def _shared(self, question: Callable[[RateLimiter], T]) -> T | None:
        if self.shared is None or time.monotonic() < self.shared_again_at:
            return None
        try:
            return question(self.shared)
        except StorageError:
            self._pause("requests are not limited: Redis does not answer")
            return None

    def _pause(self, message: str) -> None:
        """Leave Redis alone for a moment: waiting for it at every request would stop everything."""
        logger.warning(message)
        self.shared_again_at = time.monotonic() + REDIS_PAUSE_SECONDS


def _wait(limiter: RateLimiter, limit: RateLimitItem, who: tuple[str, ...]) -> float:
    return max(0.0, limiter.get_window_stats(limit, *who).reset_time - time.time())


def _take(limiter: RateLimiter, limit: RateLimitItem, who: tuple[str, ...]) -> Standing:
    """Count in one atomic step; what it returned is the number of this very request."""
    store: Any = limiter.storage
    key, window = limit.key_for(*who), limit.get_expiry()
    used = store.incr(key, window)
    reset = max(1, math.ceil(store.get_expiry(key) - time.time()))
    return Standing(limit.amount, window, used, min(reset, window))


@cache
def counters() -> Counters:
    """Return this process's counters, made at first use: threads do not survive a fork."""
    own = FixedWindowRateLimiter(storage_from_string("memory://"))
    if not settings.REDIS_URL:
        return Counters(own, None)
    shared = storage_from_string(settings.REDIS_URL, **REDIS_OPTIONS)
    return Counters(own, FixedWindowRateLimiter(shared))


@setting_changed.connect
def _forget_counters(*, setting: str, **_: Any) -> None:
    if setting == "REDIS_URL":
        counters.cache_clear()
