"""Scorecards as plain values, with every score's evidence; three queries for any number of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from interviews.models import Interview
from recordings.reading import person
from scoring.models import Evidence, Score, Scorecard

EVIDENCE_FIELDS = ("segment_id", "quote", "start", "end", "start_ms", "end_ms")
Judged = tuple[Score, list[dict[str, Any]]]  # with its evidence


def fill_scores(listed: list[dict[str, Any]]) -> None:
    """Give each of the listed scorecards its scores; two queries for all of them."""
    scores = _scores([card["id"] for card in listed])
    for card in listed:
        card["scores"] = [score_values(one) for one in scores[card["id"]]]


def read_scorecard(card: Scorecard) -> dict[str, Any]:
    """Return one scorecard; two queries."""
    values = card_values(card)
    fill_scores([values])
    return values


def load_scorecards(
    interview: Interview, user: Any
) -> tuple[list[Scorecard], dict[uuid.UUID, list[Judged]]]:
    """Return the visible scorecards and, by scorecard, each score with its evidence values."""
    visible = Scorecard.objects.visible_to(user).filter(interview=interview)
    cards = list(visible.select_related("reviewer", "guide").order_by("pk"))
    return cards, _scores([card.pk for card in cards])


def _scores(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Judged]]:
    evidence: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in (
        Evidence.objects.filter(score__scorecard__in=ids)
        .order_by("position")
        .values("score_id", *EVIDENCE_FIELDS)
    ):
        evidence[row.pop("score_id")].append({"segment": row.pop("segment_id"), **row})
    scores: dict[uuid.UUID, list[Judged]] = defaultdict(list)
    for score in (
        Score.objects.filter(scorecard__in=ids)
        .select_related("competency")
        .order_by("competency__position")
    ):
        scores[score.scorecard_id].append((score, evidence[score.pk]))
    return scores


def card_values(card: Scorecard) -> dict[str, Any]:
    """Return what is known of the whole judgement; exact numbers stay Decimal."""
    return {
        "id": card.pk,
        "kind": card.kind,
        "engine": card.engine,
        "label": card.label,
        "status": card.status,
        "overall": card.overall,
        "assessed_share": card.assessed_share,
    }


def score_values(judged: Judged) -> dict[str, Any]:
    """Return one competency's level, or the reason why there is none, with its evidence."""
    score, evidence = judged
    return {
        "competency": score.competency.key,
        "level": score.level,
        "reason": score.reason,
        "rationale": score.rationale,
        "evidence": evidence,
    }


def provenance(card: Scorecard) -> dict[str, Any]:
    """Return who or what judged, how and when: what makes a scorecard checkable."""
    return {
        "reviewer": person(card.reviewer),
        "guide_version": card.guide.version,
        "model": card.model,
        "prompt_version": card.prompt_version,
        "settings": card.settings,
        "transcript_hash": card.transcript_hash,
        "missed_must_haves": card.missed_must_haves,
        "comment": card.comment,
        "failure": card.failure,
        "dropped_quotes": card.dropped_quotes,
        "created_at": card.created_at,
        "ready_at": card.ready_at,
        "took_ms": card.took_ms,
    }
