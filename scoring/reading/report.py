"""The report: the whole story of one interview as plain values, in a constant number of queries."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from interviews.models import Consent, Interview, Turn
from interviews.reading.rows import HISTORY_COLUMNS, show_content, show_entry
from recordings.reading import person, read_transcript, recordings_of
from scoring.models import Decision, QualityCheck, Scorecard
from scoring.models.scorecards import blind_organisations
from scoring.reading.scorecards import (
    Judged,
    card_values,
    load_scorecards,
    provenance,
    score_values,
)
from talenti.history import entries_for

INTERVIEW_FIELDS = (
    "id",
    "status",
    "stage",
    "failure",
    "channel",
    "language",
    "extra_time",
    "legal_hold",
    "created_at",
    "invited_at",
    "consented_at",
    "completed_at",
    "ended_at",
    "expires_at",
)
CANDIDATE_FIELDS = ("id", "name", "email", "phone", "locale", "time_zone")
TURN_FIELDS = ("id", "position", "kind", "source", "text", "asked_at", "answered_at", "answer_ms")
QUALITY_FIELDS = ("outcome", "findings", "measures", "transcript_hash", "created_at")


def read_report(interview: Interview, user: Any) -> dict[str, Any]:
    """Return everything about `interview` that `user` may see.

    The interview comes with its job, guide, candidate and organisation.
    """
    cards, scores = load_scorecards(interview, user)
    return {
        "interview": _fields(interview, INTERVIEW_FIELDS),
        "organisation": {"id": interview.organisation_id, "name": interview.organisation.name},
        "job": {"id": interview.job_id, "title": interview.job.title},
        "guide": read_guide(interview),
        "candidate": _fields(interview.candidate, CANDIDATE_FIELDS),
        "consents": read_consents(interview),
        "turns": read_turns(interview),
        "recordings": recordings_of(interview),
        "transcript": read_transcript(interview),
        "quality_check": read_quality(interview),
        "blind": is_blind(interview, user),
        "scorecards": [reported(card, scores[card.pk]) for card in cards],
        "decision": read_decision(interview),
        "history": read_history(interview, user),
        "generated_at": timezone.now(),
    }


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def read_guide(interview: Interview) -> dict[str, Any]:
    """Return the guide that was used, with every anchor."""
    guide = interview.guide
    facts = {"id": guide.pk, "version": guide.version, "published_at": guide.published_at}
    return facts | show_content(guide)


def read_consents(interview: Interview) -> list[dict[str, Any]]:
    """Return what was agreed to, in which words, and who recorded it."""
    rows = Consent.objects.filter(interview=interview).select_related("declared_by").order_by("pk")
    return [_consent_values(row) for row in rows]


def _consent_values(row: Consent) -> dict[str, Any]:
    values = _fields(row, ("version", "language", "text_sha256", "purposes", "source"))
    return values | {"declared_by": person(row.declared_by), "given_at": row.created_at}


def read_turns(interview: Interview) -> list[dict[str, Any]]:
    """Return what was asked, in order."""
    rows = Turn.objects.filter(interview=interview).order_by("position")
    return [_fields(row, TURN_FIELDS) | {"question": row.question_id} for row in rows]


def read_quality(interview: Interview) -> Mapping[str, Any] | None:
    """Return the latest passage of the quality gate."""
    rows = QualityCheck.objects.filter(interview=interview).order_by("-pk")
    latest: Mapping[str, Any] | None = rows.values(*QUALITY_FIELDS).first()
    return latest


def is_blind(interview: Interview, user: Any) -> bool:
    """Return whether other judgements are withheld from `user` until their own is ready."""
    submitted = Scorecard.objects.filter(interview=interview, reviewer=user.pk).ready()
    blind = blind_organisations(user).filter(pk=interview.organisation_id)
    return blind.exists() and not submitted.exists()


def reported(card: Scorecard, judged: list[Judged]) -> dict[str, Any]:
    """Return a scorecard with where it came from and the anchor text of every level it gives."""
    return card_values(card) | provenance(card) | {"scores": [_reported(one) for one in judged]}


def _reported(judged: Judged) -> dict[str, Any]:
    score, _ = judged
    competency = score.competency
    return score_values(judged) | {
        "name": competency.name,
        "weight": f"{competency.weight.normalize():f}",
        "must_have_level": competency.must_have_level,
        "anchor": competency.anchors.get(score.level or 0),
        "flags": score.flags,
        "findings": score.findings,
        "levels": score.levels,
    }


def read_decision(interview: Interview) -> dict[str, Any] | None:
    """Return what a person decided, None before."""
    row = Decision.objects.filter(interview=interview).select_related("decided_by").first()
    return None if row is None else decision_values(row)


def decision_values(row: Decision) -> dict[str, Any]:
    """Return one decision."""
    values = _fields(row, ("id", "outcome", "reason", "decided_at"))
    return values | {"interview": row.interview_id, "decided_by": person(row.decided_by)}


def read_history(interview: Interview, user: Any) -> list[dict[str, Any]]:
    """Return every move and act that `user` may know of, in order of time."""
    entries = entries_for(user).filter(root_id=interview.pk, organisation=interview.organisation_id)
    return [show_entry(row) for row in entries.order_by("id").values_list(*HISTORY_COLUMNS)]
