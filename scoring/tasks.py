"""Durable work of scoring."""

from decimal import Decimal

from interviews.services.interviews import set_stage
from interviews.states import Stage
from scoring.assessor.protocol import Assessor
from scoring.gate import Finding, GateResult, Severity, Verdict, judge_quality
from scoring.services.answers import forget_answers
from scoring.services.assessment import (
    Judged,
    judge,
    open_scorecard,
    store_quality,
    store_scorecard,
)
from scoring.services.material import Prepared, gate_material, may_be_assessed, prepare
from scoring.services.requests import SCORE
from talenti.engines import engine
from talenti.history import SYSTEM
from talenti.telemetry import recorder
from talenti.work.actors import durable
from talenti.work.claims import Claim

NOT_AGREED = Finding(
    "no_consent_to_assessment",
    "The candidate did not agree to an assessment by software. A person reviews the answers.",
    Severity.BLOCKING,
)
UNSCORED_STAGE = {
    Verdict.NOT_SCORABLE: Stage.NOT_SCORABLE,
    Verdict.NEEDS_CONFIRMATION: Stage.NEEDS_CONFIRMATION,
}


@durable(SCORE, lease_seconds=180)
def score_interview(claim: Claim) -> None:
    """Pass the words through the gate and, if they bear it, make one scorecard."""
    prepared = prepare(claim.subject_id)
    gate = judge_quality(gate_material(prepared))
    if not may_be_assessed(prepared.interview):
        gate = GateResult(Verdict.NOT_SCORABLE, (NOT_AGREED, *gate.findings), gate.measures)
    if gate.outcome in UNSCORED_STAGE:
        _leave_unscored(claim, prepared, gate)
        return
    assessor: Assessor = engine("assessor")
    card = open_scorecard(claim, prepared, assessor)
    judged, took_ms = judge(claim, prepared, assessor)
    with claim.finish():
        store_quality(prepared, gate)
        store_scorecard(card, prepared, assessor, judged, took_ms)
        forget_answers(claim)
    _measure(claim, assessor, judged, took_ms)


def _leave_unscored(claim: Claim, prepared: Prepared, gate: GateResult) -> None:
    with claim.finish():
        store_quality(prepared, gate)
        set_stage(prepared.interview, UNSCORED_STAGE[gate.outcome], SYSTEM)


def _measure(claim: Claim, assessor: Assessor, judged: tuple[Judged, ...], took_ms: int) -> None:
    """Report time, tokens and cost once the scorecard is certain."""
    recorder.measure(recorder.SCORING_DURATION_MS, took_ms, engine=assessor.name)
    recorder.count_paid(
        sum(one.judgement.input_tokens + one.judgement.output_tokens for one in judged),
        sum((one.judgement.cost for one in judged), Decimal(0)),
        role="assessor",
        engine=assessor.name,
        organisation=str(claim.organisation_id),
    )
