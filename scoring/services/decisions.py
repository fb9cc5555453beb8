"""Decisions: by a person, with a reason, once."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.models import Interview
from interviews.services.interviews import set_stage
from interviews.states import Stage, Status
from scoring.models import Decision
from scoring.states import DECISION, Outcome
from talenti.errors import Invalid, WrongState
from talenti.history import Actor, advance, record


def decide(interview: Interview, outcome: str, reason: str, actor: Actor) -> Decision:
    """Decide about an interview, or end a hold. Of two people who decide at once one is told.

    Raises Invalid without a reason, WrongState when it was decided or the answers are not complete.
    """
    if not reason.strip():
        raise Invalid("A decision needs a reason.", {"reason": ["Say why."]})
    try:
        with transaction.atomic():
            interview = Interview.objects.select_for_update().get(pk=interview.pk)
            if interview.status != Status.COMPLETED:
                raise WrongState("The interview is not completed yet.", ["complete"])
            return _decide(interview, outcome, reason.strip(), actor)
    except IntegrityError as error:
        raise WrongState("Somebody decided a moment ago. Look at it first.") from error


def _decide(interview: Interview, outcome: str, reason: str, actor: Actor) -> Decision:
    now = timezone.now()
    decision = Decision.objects.filter(interview=interview).first()
    if decision is None:
        decision = Decision.objects.create(
            organisation_id=interview.organisation_id,
            interview=interview,
            outcome=Outcome(outcome),
            reason=reason,
            decided_by=actor.signed_in,
            decided_at=now,
        )
        record(decision, "decided", actor, to_state=outcome, reason=reason)
        set_stage(interview, Stage.DECIDED, actor)
        return decision
    advance(
        decision,
        DECISION,
        outcome,
        actor,
        reason=reason,
        decided_by=actor.signed_in,
        decided_at=now,
    )
    Decision.objects.filter(pk=decision.pk).update(reason=reason)
    decision.refresh_from_db()
    return decision
