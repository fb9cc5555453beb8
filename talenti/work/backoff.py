"""How long failed work waits."""

import random
from datetime import timedelta

MAX_ATTEMPTS = 8
BASE_SECONDS = 2.0
CAP_SECONDS = 600.0
RETRY_AFTER_CAP_SECONDS = 6 * 3600.0

_random = random.SystemRandom()


def delay(
    attempt: int, after_seconds: float | None = None, *, base_seconds: float = BASE_SECONDS
) -> timedelta:
    """Return the wait before the next try, `attempt` tries (at least 1) having failed.

    Full jitter: uniform over [0, min(cap, base * 2**attempt)] seconds (Brooker, "Exponential
    Backoff And Jitter", 2015). A provider's Retry-After is a floor to it, at most six hours.
    """
    window = min(CAP_SECONDS, base_seconds * 2 ** min(attempt, 16))
    wait = _random.uniform(0, window)
    floor = min(max(after_seconds or 0.0, 0.0), RETRY_AFTER_CAP_SECONDS)
    return timedelta(seconds=floor + wait)
