"""Assessment: one judgement per competency, then a scorecard that is never edited."""

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from interviews.models import Competency, Interview
from interviews.services.interviews import set_stage
from interviews.states import Stage
from scoring.arithmetic import Rated, summarise
from scoring.assessor.protocol import Assessor, Judgement
from scoring.evidence import Verified, verify
from scoring.gate import GateResult
from scoring.models import Evidence, QualityCheck, Score, Scorecard
from scoring.services.answers import PaidAnswers
from scoring.services.material import Prepared, Words, brief
from scoring.states import SCORECARD, Kind, ScorecardStatus
from talenti.history import ENGINE, SYSTEM, advance, move
from talenti.work.claims import Claim

NO_QUOTE = "no_verified_quote"
NO_QUOTE_SENTENCE = "No quote behind this level was found in the candidate's own words."


@dataclass(frozen=True, slots=True)
class Judged:
    """One competency as it will be stored: the level counts only with a quote that was found."""

    competency: Competency
    judgement: Judgement
    verified: Verified

    @property
    def level(self) -> int | None:
        """Return the level, None when no quote stands behind it."""
        return self.judgement.level if self.verified.kept else None

    @property
    def reason(self) -> str:
        """Return why there is no level, empty when there is one."""
        if self.level is not None:
            return ""
        return NO_QUOTE if self.judgement.level is not None else self.judgement.reason


def store_quality(prepared: Prepared, gate: GateResult) -> None:
    """Keep what the gate found, in the caller's transaction."""
    QualityCheck.objects.create(
        organisation_id=prepared.interview.organisation_id,
        interview=prepared.interview,
        transcript_hash=prepared.words.digest,
        outcome=gate.outcome.value,
        findings=[
            {"code": one.code, "message": one.message, "severity": one.severity.value}
            for one in gate.findings
        ],
        measures=dict(gate.measures),
    )


def open_scorecard(claim: Claim, prepared: Prepared, assessor: Assessor) -> Scorecard:
    """Return the pending scorecard of this work item; a second try finds the first one's."""
    with transaction.atomic():
        card, _ = Scorecard.objects.get_or_create(
            work_item_id=claim.item_id,
            defaults={
                "organisation_id": claim.organisation_id,
                "interview": prepared.interview,
                "guide": prepared.interview.guide,
                "kind": Kind.ENGINE,
                "engine": assessor.name,
                "label": assessor.label,
            },
        )
        if card.status == ScorecardStatus.FAILED:
            advance(card, SCORECARD, ScorecardStatus.PENDING, SYSTEM, failure="")
    return card


def judge(claim: Claim, prepared: Prepared, assessor: Assessor) -> tuple[tuple[Judged, ...], int]:
    """Let the assessor judge each competency; returns the judgements and the milliseconds it took.

    No transaction is open; only paid answers are stored. Raises PermanentFailure or RetryLater.
    """
    started = time.monotonic()
    judged = []
    for competency in prepared.competencies:
        question = brief(prepared, competency)
        judgement = assessor.assess(question, PaidAnswers(claim, competency))
        judged.append(Judged(competency, judgement, verify(judgement.claims, question.passages)))
    return tuple(judged), round((time.monotonic() - started) * 1000)


def store_scorecard(
    card: Scorecard,
    prepared: Prepared,
    assessor: Assessor,
    judged: tuple[Judged, ...],
    took_ms: int,
) -> None:
    """Fill the pending scorecard, make it ready and move the stage, in the caller's transaction."""
    scores = [_score(card, one) for one in judged]
    Score.objects.bulk_create(scores)
    for score, one in zip(scores, judged, strict=True):
        _store_evidence(score, one.verified, prepared.words)
    advance(
        card,
        SCORECARD,
        ScorecardStatus.READY,
        ENGINE,
        ready_at=timezone.now(),
        transcript_hash=prepared.words.digest,
        took_ms=took_ms,
        dropped_quotes=sum(one.verified.dropped for one in judged),
        **_totals(judged, assessor),
    )
    finish_stage(prepared.interview)


def _totals(judged: tuple[Judged, ...], assessor: Assessor) -> dict[str, Any]:
    summary = summarise(
        Rated(one.competency.key, one.competency.weight, one.level, one.competency.must_have_level)
        for one in judged
    )
    judgements = [one.judgement for one in judged]
    return {
        "overall": summary.overall if assessor.gives_overall else None,
        "assessed_share": summary.assessed_share,
        "missed_must_haves": list(summary.missed_must_haves) if assessor.gives_overall else [],
        "model": judgements[0].model if judgements else "",
        "prompt_version": judgements[0].prompt_version if judgements else "",
        "settings": dict(judgements[0].settings) if judgements else {},
        "input_tokens": sum(one.input_tokens for one in judgements),
        "output_tokens": sum(one.output_tokens for one in judgements),
        "cost": sum((one.cost for one in judgements), Decimal(0)),
    }


def _score(card: Scorecard, one: Judged) -> Score:
    rationale = one.judgement.rationale
    return Score(
        organisation_id=card.organisation_id,
        scorecard=card,
        competency=one.competency,
        level=one.level,
        reason=one.reason,
        rationale=f"{rationale} {NO_QUOTE_SENTENCE}" if one.reason == NO_QUOTE else rationale,
        flags=list(one.judgement.flags),
        findings=dict(one.judgement.findings),
        levels=list(one.judgement.levels),
        raw=one.judgement.raw,
    )


def _store_evidence(score: Score, verified: Verified, words: Words) -> None:
    Evidence.objects.bulk_create(
        Evidence(
            organisation_id=score.organisation_id,
            score=score,
            segment=words.segments[quote.passage],
            position=position,
            quote=quote.quote,
            shows=", ".join(quote.shows)[:200],
            start=quote.start,
            end=quote.end,
            start_ms=quote.start_ms,
            end_ms=quote.end_ms,
        )
        for position, quote in enumerate(verified.kept, start=1)
    )


def finish_stage(interview: Interview) -> None:
    """Move to scored, or to reviewed when a person has judged already."""
    reviewed = Scorecard.objects.filter(interview=interview).ready().by_people().exists()
    interview.refresh_from_db(fields=["stage"])
    set_stage(interview, Stage.REVIEWED if reviewed else Stage.SCORED, SYSTEM)


def fail_scorecard(card: Scorecard, cause: str) -> None:
    """Show a scorecard whose work died as failed, with its cause."""
    move(card, SCORECARD, ScorecardStatus.FAILED, SYSTEM, reason=cause, failure=cause)
