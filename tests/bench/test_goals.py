"""What the benchmark calls reached, near and missed."""

import pytest

from tests.bench.goals import at_least, at_most
from tests.bench.scorings import BOUND_SECONDS, Round, Run, checks


@pytest.mark.parametrize(
    ("found", "verdict"), [(8.0, "reached"), (8.1, "near"), (10.4, "near"), (10.5, "MISSED")]
)
def test_cost_may_be_up_to_its_limit_and_near_within_its_slack(found: float, verdict: str) -> None:
    assert at_most("P7", "CPU ms", found, 8).verdict == verdict


@pytest.mark.parametrize(
    ("found", "verdict"), [(0.9, "reached"), (0.89, "near"), (0.82, "near"), (0.8, "MISSED")]
)
def test_share_has_to_reach_its_limit(found: float, verdict: str) -> None:
    assert at_least("P7", "share", found, 0.9).verdict == verdict


def test_scorings_are_compared_with_the_time_that_waiting_alone_takes() -> None:
    plain = Run(BOUND_SECONDS / 0.95, 3, 4)
    few, many = Run(BOUND_SECONDS / 0.92, 6, 4), Run(BOUND_SECONDS / 0.9, 7, 16)

    lines = [check.line for check in checks([Round(plain, few, many)])]

    name = "1000 scorings at 128 threads"
    assert lines == [
        ["P7", f"{name}, share of the bound (plain actors: 0.95)", "0.92", ">= 0.9", "reached"],
        ["P7", f"{name}, CPU ms each", "6.00", "<= 8", "reached"],
        ["P9", "connections of a process", "4.00", "<= 8", "reached"],
        ["P9", "throughput with 4 over 16 connections", "1.02", ">= 0.95", "reached"],
    ]
