"""Measures beside baselines: python -m tests.services python -m tests.bench [PART ...].

Parts are api, work, scorings and calls. Exit code 1 when a goal is
missed by more than its slack. See docs/performance.md.
"""

import argparse
import signal
import sys

from tests.bench import api, calls, report, scorings, work
from tests.bench.goals import Check
from tests.bench.servers import Shape

UNIT = ("worker CPU ms", "worker wall ms", "queueing CPU ms", "queueing wall ms")
COSTS = ("database", "actor", *UNIT)
PARTS = ("api", "work", "scorings", "calls")


def main(words: list[str]) -> int:
    """Return 0 when every goal is reached or near."""
    asked = _read(words)
    failed = False
    if "api" in asked.parts:
        results = api.compare(asked.shapes, rounds=asked.rounds, seconds=asked.seconds)
        _say(report.api_table(results))
        failed = not all(result.tolerable for result in results)
    checks: list[Check] = []
    if "work" in asked.parts:
        lines, checks = work.measure(asked.rounds)
        _say(report.facts_table(COSTS, lines))
    if "scorings" in asked.parts:
        checks += scorings.measure(asked.rounds)
    if "calls" in asked.parts:
        lines, of_calls = calls.measure(asked.call_seconds)
        _say(report.facts_table(("calls", "found"), lines))
        checks += of_calls
    if checks:
        _say(report.checks_table(checks))
        failed = failed or any(check.verdict == "MISSED" for check in checks)
    return int(failed)


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="|".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5, help="pairs for each call (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn (2)")
    parser.add_argument("--call-seconds", type=float, default=300.0, help="of calls (300)")
    parser.add_argument("--shapes", type=_shape, nargs="*", default=[Shape(1, 16)], metavar="1x16")
    return parser.parse_args(words)


def _shape(text: str) -> Shape:
    workers, _, threads = text.partition("x")
    return Shape(int(workers), int(threads))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
