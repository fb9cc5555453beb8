"""When failures mean an outage, and how pauses grow."""

from datetime import UTC, datetime, timedelta

from talenti.providers.pauses import FAILURES, is_down, next_pause, recent_failures

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=one) for one in seconds]


def test_five_failures_within_a_minute_are_an_outage() -> None:
    assert is_down(recent_failures(ago(59.9, 40, 20, 1), NOW))
    assert not is_down(recent_failures(ago(60, 40, 20, 1), NOW))
    assert not is_down(recent_failures(ago(40, 20, 1), NOW))


def test_only_the_latest_failures_are_kept_oldest_first() -> None:
    assert recent_failures(ago(1, 2, 3, 4, 5, 6, 7), NOW) == ago(4, 3, 2, 1, 0)
    assert len(recent_failures(ago(*range(50)), NOW)) == FAILURES


def test_pauses_double_from_half_a_minute_to_ten_minutes() -> None:
    pauses = [next_pause(0)]
    while len(pauses) < 7:
        pauses.append(next_pause(pauses[-1]))
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
