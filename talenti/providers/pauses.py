"""When failures mean that a provider is down, and how long it is left alone. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

FAILURES = 5
WINDOW = timedelta(seconds=60)
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 600


def recent_failures(earlier: Iterable[datetime], now: datetime) -> list[datetime]:
    """Return the failures that count, oldest first, with the one of now: FAILURES at most."""
    return sorted([*(moment for moment in earlier if now - moment < WINDOW), now])[-FAILURES:]


def is_down(failures: list[datetime]) -> bool:
    """Whether so many recent failures open the breaker."""
    return len(failures) >= FAILURES


def next_pause(seconds: int) -> int:
    """Return the seconds after a pause of `seconds` (0: none yet) that did not help."""
    return min(seconds * 2, LONGEST_PAUSE_SECONDS) if seconds else FIRST_PAUSE_SECONDS
