"""Moments at which somebody may be called, by the clock of where they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HEAD_START = timedelta(minutes=30)  # nobody is offered a call that begins before they are ready
DAYS_AHEAD = 10
FEWEST = 3  # below that a day may give more than its two
EACH_DAY = (2, 4, 12)


@dataclass(frozen=True, slots=True)
class Hours:
    """When people are called: from whole hour `first` until before `last`, on `days` of WEEK."""

    first: int
    last: int
    days: Collection[str]

    def hold(self, local: datetime) -> bool:
        """Return whether somebody whose clock shows this is called then."""
        return self.first <= local.hour < self.last and WEEK[local.weekday()] in self.days


def propose_times(
    now: datetime,
    zone: ZoneInfo,
    hours: Hours,
    *,
    before: datetime | None = None,
    most: int = 6,
) -> list[datetime]:
    """Return up to `most` good moments (UTC) after `now`: whole hours, a few on each of some days.

    None lies outside `hours` by the zone's clock, and none at or after `before`.
    """
    today = now.astimezone(zone).date()
    free = [
        [
            moment
            for moment in _hours_of(datetime.combine(today + timedelta(days=day), time()), zone)
            if hours.hold(moment.astimezone(zone))
            and moment >= now + HEAD_START
            and (before is None or moment < before)
        ]
        for day in range(DAYS_AHEAD)
    ]
    found: list[datetime] = []
    for each in EACH_DAY:
        found = [moment for day in free for moment in _spread(day, each)][:most]
        if len(found) >= FEWEST:
            break
    return found


def _spread(moments: list[datetime], count: int) -> list[datetime]:
    """Return `count` of them, evenly: neither the first nor the last where there is a choice."""
    total = len(moments)
    if total <= count:
        return moments
    return [moments[(2 * place + 1) * total // (2 * count)] for place in range(count)]


def _hours_of(midnight: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the moments at which each whole hour of a day begins there."""
    found = []
    for hour in range(24):
        try:
            found.append(moment_of(midnight.replace(hour=hour), zone))
        except ValueError:  # clocks are put forward over it
            continue
    return found


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a clock in `zone` shows `local` (naive).

    An hour that comes twice is its first. Raises ValueError for one that the clock leaves out, and
    at the ends of the calendar.
    """
    try:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        shown = moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("no such time") from None
    if shown != local:
        raise ValueError("the clock leaves this time out")
    return moment
