"""Tables of what was measured, as Markdown, so that they can be kept."""

from collections.abc import Iterable, Sequence
from statistics import median

from tests.bench.api import Result
from tests.bench.goals import Check

HEAD = (
    "goal",
    "call",
    "beside",
    "their req/s",
    "ours",
    "ratio",
    "their CPU ms",
    "ours",
    "ratio",
    "",
)


def api_table(results: Iterable[Result]) -> str:
    """Return a line for each case, shape and baseline: the median ratio and, in [], its range."""
    return _table(HEAD, [_api_line(result) for result in results])


def _api_line(result: Result) -> list[str]:
    return [
        result.goal.number,
        f"{result.case.name}, c={result.case.connections}",
        f"{result.baseline}, {result.shape}",
        f"{median(it.rate for it in result.theirs):.0f}",
        f"{median(it.rate for it in result.ours):.0f}",
        f"{_spread(result.rate_ratios)} (>= {result.goal.rate_at_least})",
        f"{median(it.cpu_ms for it in result.theirs):.2f}",
        f"{median(it.cpu_ms for it in result.ours):.2f}",
        f"{_spread(result.cpu_ratios)} (<= {result.goal.cpu_at_most})",
        _verdict(result),
    ]


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} [{ratios[0]:.2f} to {ratios[-1]:.2f}]"


def _verdict(result: Result) -> str:
    if result.reached:
        return "reached"
    return "near" if result.tolerable else "MISSED"


def checks_table(checks: Iterable[Check]) -> str:
    """Return one line for each number that has a goal."""
    return _table(("goal", "what", "found", "limit", ""), [check.line for check in checks])


def facts_table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return any other table."""
    return _table(head, lines)


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
