"""Scorecards as the page shows them: level, anchor, reason, checklist and quotes that play."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from interviews.models import Competency, Interview
from recordings.admin.records import clock
from scoring.models import Evidence, Score, Scorecard
from scoring.states import ScorecardStatus
from talenti.admin.histories import words

GOOD_ELEMENTS = ("situation", "own_action", "result", "measure", "reflection")
FLAGS = {
    "instruction_like_text": "The answer contains text that speaks to the assessor."
    " It was scored like any other; read it.",
}
NOT_RATED = {"not_rated": "The reviewer did not assess this."}


def cards_of(
    interview: Interview, user: Any, competencies: Sequence[Competency]
) -> list[dict[str, Any]]:
    """Return the scorecards that `user` may see, the newest first; three queries."""
    visible = Scorecard.objects.visible_to(user).filter(interview=interview)
    cards = list(visible.select_related("reviewer").order_by("-pk"))
    scores = _scores(cards, competencies)
    keys = {one.key: one.name for one in competencies}
    return [_card(card, scores[card.pk], keys) for card in cards]


def _scores(
    cards: Sequence[Scorecard], competencies: Sequence[Competency]
) -> dict[uuid.UUID, list[dict[str, Any]]]:
    ids = [card.pk for card in cards]
    quotes: dict[uuid.UUID, list[Evidence]] = defaultdict(list)
    evidence = Evidence.objects.filter(score__scorecard__in=ids)
    for row in evidence.select_related("segment__transcript").order_by("position"):
        quotes[row.score_id].append(row)
    known = {one.pk: one for one in competencies}
    scores: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for score in Score.objects.filter(scorecard__in=ids):
        competency = known[score.competency_id]
        scores[score.scorecard_id].append(_score(score, competency, quotes[score.pk]))
    for judged in scores.values():
        judged.sort(key=lambda one: one["position"])
    return scores


def _card(card: Scorecard, scores: list[dict[str, Any]], keys: dict[str, str]) -> dict[str, Any]:
    share = card.assessed_share
    return {
        "id": card.pk,
        "kind": card.kind,
        "reviewer_id": card.reviewer_id,
        "reviewer": card.reviewer,
        "label": card.label,
        "engine": card.engine,
        "model": card.model,
        "status": card.status,
        "is_ready": card.status == ScorecardStatus.READY,
        "is_failed": card.status == ScorecardStatus.FAILED,
        "failure": words(card.failure),
        "overall": card.overall,
        "assessed_percent": None if share is None else round(share * 100),
        "missed": [keys.get(key, key) for key in card.missed_must_haves],
        "comment": card.comment,
        "at": card.ready_at or card.created_at,
        "took_ms": card.took_ms,
        "dropped_quotes": card.dropped_quotes,
        "scores": scores,
    }


def _score(score: Score, competency: Competency, quotes: list[Evidence]) -> dict[str, Any]:
    reason = NOT_RATED.get(score.reason, "") or score.rationale or words(score.reason)
    return {
        "position": competency.position,
        "name": competency.name,
        "weight": competency.weight,
        "must_have_level": competency.must_have_level,
        "level": score.level,
        "anchor": competency.anchors.get(score.level or 0, ""),
        "reason": reason if score.level is None else "",
        "rationale": score.rationale if score.level is not None else "",
        "flags": [FLAGS.get(flag, words(flag)) for flag in score.flags],
        "checklist": _checklist(score.findings),
        "quotes": [_quote(row) for row in quotes],
    }


def _checklist(findings: Any) -> list[dict[str, Any]]:
    """Return what was looked for and whether it was found; nothing for assessors without a list."""
    elements = findings.get("elements") if isinstance(findings, dict) else None
    if not isinstance(elements, dict):
        return []
    return [
        {
            "name": words(name).capitalize(),
            "found": bool(facts.get("found")),
            "is_good": name in GOOD_ELEMENTS,
        }
        for name, facts in elements.items()
        if name in GOOD_ELEMENTS or facts.get("found")
    ]


def _quote(row: Evidence) -> dict[str, Any]:
    return {
        "text": row.quote,
        "shows": words(row.shows),
        "segment": row.segment_id,
        "recording": row.segment.transcript.recording_id,
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "at": clock(row.start_ms),
    }
