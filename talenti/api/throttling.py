"""How often somebody may ask. Counts are kept in Redis if there is one, else in this process.

While Redis does not answer, each process counts for itself: a limit that is too generous for a
moment is better than nobody being able to sign in.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

T = TypeVar("T")
logger = logging.getLogger(__name__)
REDIS_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "wrap_exceptions": True}
REDIS_PAUSE_SECONDS = 5.0


@dataclass(slots=True)
class Counters:
    """Where hits are counted."""

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

    def _ask(self, question: Callable[[RateLimiter], T]) -> T:
        if self.shared is not None and time.monotonic() >= self.shared_again_at:
            try:
                return question(self.shared)
            except StorageError:
                logger.warning("rate limits are counted per process: Redis does not answer")
                self.shared_again_at = time.monotonic() + REDIS_PAUSE_SECONDS
        return question(self.own)


def _wait(limiter: RateLimiter, limit: RateLimitItem, who: tuple[str, ...]) -> float:
    return max(0.0, limiter.get_window_stats(limit, *who).reset_time - time.time())


@cache
def counters() -> Counters:
    """Return this process's counters, made at first use: threads do not survive a fork."""
    own = FixedWindowRateLimiter(storage_from_string("memory://"))
    if not settings.REDIS_URL:
        return Counters(own, None)
    shared = storage_from_string(settings.REDIS_URL, **REDIS_OPTIONS)
    return Counters(own, FixedWindowRateLimiter(shared))  # type: ignore[arg-type]


@setting_changed.connect
def _forget_counters(*, setting: str, **_: Any) -> None:
    if setting == "REDIS_URL":
        counters.cache_clear()


def client_address(request: HttpRequest | Request) -> str:
    """Return who speaks, as the nearest of our own TRUSTED_PROXIES proxies saw it.

    What stands further left in X-Forwarded-For is the client's own word and counts for nothing.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if (
        settings.TRUSTED_PROXIES
        and len(hops) >= settings.TRUSTED_PROXIES
        and hops[-settings.TRUSTED_PROXIES]
    ):
        return hops[-settings.TRUSTED_PROXIES][:64]
    return str(request.META.get("REMOTE_ADDR", ""))


class ApiThrottle(BaseThrottle):
    """RATE_LIMIT_REQUESTS in RATE_LIMIT_WINDOW_SECONDS for each person, else for each address."""

    _wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether this one is within the limit; 0 is no limit."""
        if not settings.RATE_LIMIT_REQUESTS:
            return True
        limit = RateLimitItemPerSecond(
            settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW_SECONDS, namespace="api"
        )
        user_id = getattr(request.user, "pk", None)
        self._wait = counters().hit(limit, str(user_id or client_address(request)))
        return self._wait is None

    def wait(self) -> float | None:
        """Return the seconds until the next one is allowed."""
        return self._wait


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One try to sign in: few for one address and name, more for one address and many names."""

    address: str
    email: str

    def begin(self) -> None:
        """Count it before the password is looked at; raises Throttled."""
        waits = [
            counters().hit(_limit("sign_in", settings.SIGN_IN_LIMIT), self.address, self.email),
            counters().look(_limit("sign_in_from", settings.SIGN_IN_ADDRESS_LIMIT), self.address),
        ]
        refused = [wait for wait in waits if wait is not None]
        if refused:
            raise Throttled(wait=max(refused))

    def fail(self) -> None:
        """Count it for the address, too: who tries many names is slowed down as well."""
        counters().hit(_limit("sign_in_from", settings.SIGN_IN_ADDRESS_LIMIT), self.address)

    def succeed(self) -> None:
        """Forget the tries before the right one."""
        counters().clear(_limit("sign_in", settings.SIGN_IN_LIMIT), self.address, self.email)


def _limit(namespace: str, requests: int) -> RateLimitItem:
    return RateLimitItemPerSecond(requests, settings.SIGN_IN_WINDOW_SECONDS, namespace=namespace)
