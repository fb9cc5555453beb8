"""A round ends in time, however slow each step is."""

import pytest

from talenti.work import rounds
from talenti.work.rounds import timely


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is; a test moves it."""
    now = [100.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: now[0])
    return now


def test_quick_steps_are_all_taken(clock: list[float]) -> None:
    assert list(timely(range(500))) == list(range(500))


def test_slow_steps_leave_the_rest_for_the_next_round(clock: list[float]) -> None:
    taken = []
    for row in timely(range(500)):
        clock[0] += 2.0
        taken.append(row)
    assert taken == [0, 1, 2]


def test_one_step_is_always_taken(clock: list[float]) -> None:
    taken = []
    for row in timely("ab"):
        clock[0] += 3600.0
        taken.append(row)
    assert taken == ["a"]
