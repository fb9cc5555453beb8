"""Good moments for a call, by the clock of where somebody is."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from interviews.calls.times import HEAD_START, Hours, moment_of, propose_times

HOURS = Hours(9, 20, ("mon", "tue", "wed", "thu", "fri", "sat"))
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 11, 24, 14, 10, tzinfo=UTC)


def shown(moments: list[datetime], zone: ZoneInfo) -> list[str]:
    return [f"{moment.astimezone(zone):%a %d %H:%M}" for moment in moments]


def local(clock: str) -> datetime:
    return datetime.fromisoformat(clock)


def test_two_times_on_each_of_three_days_are_proposed() -> None:
    found = propose_times(TUESDAY, BERLIN, HOURS)

    assert shown(found, BERLIN) == [
        "Tue 24 17:00",
        "Tue 24 19:00",
        "Wed 25 11:00",
        "Wed 25 17:00",
        "Thu 26 11:00",
        "Thu 26 17:00",
    ]


def test_days_without_calls_are_left_out() -> None:
    saturday_evening = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)

    found = propose_times(saturday_evening, BERLIN, HOURS)

    assert shown(found, BERLIN)[:2] == ["Mon 30 11:00", "Mon 30 17:00"]


def test_few_days_give_more_times_each() -> None:
    found = propose_times(TUESDAY, BERLIN, HOURS, before=TUESDAY + timedelta(hours=5))

    assert shown(found, BERLIN) == ["Tue 24 16:00", "Tue 24 17:00", "Tue 24 18:00", "Tue 24 19:00"]


def test_nothing_is_proposed_where_no_time_is_left() -> None:
    assert propose_times(TUESDAY, BERLIN, HOURS, before=TUESDAY) == []
    assert propose_times(TUESDAY, BERLIN, Hours(9, 20, ())) == []


@pytest.mark.parametrize(
    ("zone", "hour"),
    list(
        product(
            ["Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/London"],
            range(0, 24, 3),
        )
    ),
)
def test_every_proposal_lies_in_the_hours_of_the_place(zone: str, hour: int) -> None:
    now = datetime(2026, 3, 28, hour, 59, tzinfo=UTC)

    found = propose_times(now, ZoneInfo(zone), HOURS)

    assert 3 <= len(found) <= 6
    assert found == sorted(found)
    assert all(HOURS.hold(moment.astimezone(ZoneInfo(zone))) for moment in found)
    assert found[0] >= now + HEAD_START


def test_moment_is_that_of_the_clock_there() -> None:
    assert moment_of(local("2026-07-01T09:00"), NEW_YORK) == datetime(2026, 7, 1, 13, tzinfo=UTC)
    assert moment_of(local("2026-01-01T09:00"), NEW_YORK) == datetime(2026, 1, 1, 14, tzinfo=UTC)


def test_hour_that_comes_twice_is_its_first() -> None:
    found = moment_of(local("2026-10-25T02:30"), BERLIN)

    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "zone"),
    [
        ("2026-03-29T02:30", BERLIN),
        ("0001-01-01T00:00", ZoneInfo("Pacific/Apia")),
        ("9999-12-31T23:59", NEW_YORK),
    ],
)
def test_times_that_no_clock_shows_are_refused(shown: str, zone: ZoneInfo) -> None:
    with pytest.raises(ValueError, match="time"):
        moment_of(local(shown), zone)
