"""One interview's report as text for a terminal."""

import textwrap
from typing import Any

from interviews.models import Interview
from scoring.models import Evidence, Score, Scorecard

WIDTH = 96


def print_report(interview: Interview, out: Any) -> None:
    """Write the scorecards of an interview with anchors, quotes and their times."""
    out.write("")
    out.write(f"{interview.candidate.name} · {interview.job.title}")
    out.write(
        f"{interview.guide} · {interview.get_status_display()}, {interview.get_stage_display()}"
    )
    for card in interview.scorecards.prefetch_related("scores__competency", "scores__evidence"):
        _print_card(card, out)
    decision = getattr(interview, "decision", None)
    out.write("")
    if decision is None:
        out.write("Decision: none yet. A person decides.")
    else:
        out.write(f"Decision by {decision.decided_by}: {decision.outcome}. {decision.reason}")


def _print_card(card: Scorecard, out: Any) -> None:
    out.write("")
    out.write("-" * WIDTH)
    by = f" by {card.reviewer}" if card.reviewer else ""
    _wrap(f"{card.label}{by}", out)
    overall = "no overall" if card.overall is None else f"overall {card.overall}"
    out.write(f"{overall}, assessed share of the weight {card.assessed_share}")
    for score in card.scores.all():
        _print_score(score, out)


def _print_score(score: Score, out: Any) -> None:
    out.write("")
    level = "not assessed" if score.level is None else f"level {score.level}"
    out.write(f"{score.competency.name}: {level}")
    if score.level is not None:
        _wrap(f"Anchor: {score.competency.anchors[score.level]}", out, indent=2)
    _wrap(score.rationale or score.reason, out, indent=2)
    for quote in score.evidence.all():
        _wrap(f"{_time(quote)} “{quote.quote}” ({quote.shows})", out, indent=4)


def _time(quote: Evidence) -> str:
    if quote.start_ms is None:
        return "[typed]"
    seconds = quote.start_ms // 1000
    return f"[{seconds // 60:02}:{seconds % 60:02}]"


def _wrap(text: str, out: Any, *, indent: int = 0) -> None:
    out.write(
        textwrap.fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
    )
