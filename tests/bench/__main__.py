"""Measures beside a baseline: python -m tests.services python -m tests.bench [api] [work].

Exit code 1 when a goal is missed by more than its slack. See docs/performance.md.
"""

import argparse
import sys

from tests.bench import api, report, work
from tests.bench.servers import Shape

UNIT = ("worker CPU ms", "worker wall ms", "queueing CPU ms", "queueing wall ms")
WORK_HEADS = (
    ("database", "actor", *UNIT),
    ("database", "start p50 ms", "p95 ms", "idle CPU %"),
)


def main(words: list[str]) -> int:
    """Return 0 when every goal is reached or near."""
    asked = _read(words)
    failed = False
    if "api" in asked.parts:
        results = api.compare(asked.shapes, rounds=asked.rounds, seconds=asked.seconds)
        _say(report.api_table(results))
        failed = not all(result.tolerable for result in results)
    if "work" in asked.parts:
        for head, lines in zip(WORK_HEADS, work.measure(), strict=True):
            _say(report.facts_table(head, lines))
    return int(failed)


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=["api", "work"], metavar="api|work")
    parser.add_argument("--rounds", type=int, default=5, help="pairs for each call (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn (2)")
    parser.add_argument("--shapes", type=_shape, nargs="*", default=[Shape(1, 16)], metavar="1x16")
    return parser.parse_args(words)


def _shape(text: str) -> Shape:
    workers, _, threads = text.partition("x")
    return Shape(int(workers), int(threads))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
