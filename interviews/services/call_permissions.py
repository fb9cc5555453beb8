"""Whether a candidate may be called, as the row of the candidate holds it."""

from django.db import transaction
from django.utils import timezone

from interviews.models import Candidate
from interviews.states import CallPermission
from talenti.history import CANDIDATE, Actor, record


def allow_calls(candidate: Candidate, actor: Actor) -> None:
    """Note that the candidate may be called: by their own word, or as a person declares it."""
    said = CallPermission.GIVEN if actor is CANDIDATE else CallPermission.DECLARED
    _set_permission(candidate, actor, said, do_not_call=False)


def note_refusal(candidate: Candidate, actor: Actor) -> None:
    """Note that the candidate must not be called; calls that are planned are looked at later."""
    _set_permission(candidate, actor, CallPermission.UNKNOWN, do_not_call=True)


def _set_permission(
    candidate: Candidate, actor: Actor, said: CallPermission, *, do_not_call: bool
) -> None:
    candidate.call_permission, candidate.do_not_call = said, do_not_call
    candidate.call_permission_at = timezone.now() if said else None
    with transaction.atomic():
        candidate.save(
            update_fields=["call_permission", "call_permission_at", "do_not_call", "updated_at"]
        )
        record(candidate, "refused_calls" if do_not_call else "allowed_calls", actor)
