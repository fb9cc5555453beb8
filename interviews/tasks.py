"""Durable work of interviews."""

from interviews.author.protocol import Author
from interviews.models import CallEntry
from interviews.services import (
    call_intake,
    call_performing,
    call_placing,
    call_planning,
    call_steps,
    call_turns,
    call_watching,
    documents,
    drafting,
    invitations,
)
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.telemetry import recorder
from talenti.work.actors import durable
from talenti.work.claims import Claim

LIVE_RETRY_SECONDS = 0.25  # somebody waits on the line
CALL_KINDS = (
    call_planning.PLACE_CALL,
    call_intake.FOLLOW_CALL,
    call_steps.CHOOSE_TURN,
    call_steps.PERFORM,
    call_steps.WATCH,
)


@durable(invitations.SEND_INVITATION, lease_seconds=60)
def send_invitation(claim: Claim) -> None:
    """Send one invitation. A worker lost between sending and noting it sends the mail twice."""
    sent = invitations.deliver(claim.subject_id)
    with claim.finish():
        if sent:
            invitations.mark_sent(claim.subject_id)


@durable(drafting.DRAFT_GUIDE, lease_seconds=180)
def draft_guide(claim: Claim) -> None:
    """Draft one guide, unless a person wrote or deleted it meanwhile."""
    position = drafting.read_order(claim.subject_id)
    if position is None:
        return
    release_connections()
    draft = drafting.ask_author(position)
    with claim.finish():
        drafting.fill_order(claim.subject_id, draft)
    author: Author = engine("author")
    organisation = str(claim.organisation_id)
    recorder.count_paid(
        draft.tokens, draft.cost, role="author", engine=author.name, organisation=organisation
    )


@durable(documents.TAKE_BACK, lease_seconds=60)
def take_back_document(claim: Claim) -> None:
    """Delete a candidate's file whose row never came."""
    documents.take_back(claim.organisation_id, claim.subject_id)


@durable(call_planning.PLACE_CALL, queue="calls", lease_seconds=60)
def place_call(claim: Claim) -> None:
    """Dial a planned call, once."""
    _take(call_placing.place_call(claim))


@durable(call_intake.FOLLOW_CALL, queue="calls", lease_seconds=30, base_seconds=LIVE_RETRY_SECONDS)
def follow_call(claim: Claim) -> None:
    """Draw the conclusions of an event that came in, and of all that came before it."""
    call_id = CallEntry.objects.values_list("call_id", flat=True).get(pk=claim.subject_id)
    with call_steps.finishing(claim, call_id) as call:
        steps = call_steps.go_on(call)
    _take(steps)


@durable(call_steps.CHOOSE_TURN, queue="calls", base_seconds=LIVE_RETRY_SECONDS)
def choose_turn(claim: Claim) -> None:
    """Choose what a live call asks next."""
    _take(call_turns.choose_turn(claim))


@durable(call_steps.PERFORM, queue="calls", base_seconds=LIVE_RETRY_SECONDS)
def perform_operation(claim: Claim) -> None:
    """Do one thing on the line."""
    _take(call_performing.perform_operation(claim))


@durable(call_steps.WATCH, queue="calls", lease_seconds=60)
def watch_call(claim: Claim) -> None:
    """Look after a live call."""
    _take(call_watching.watch_call(claim))


def _take(steps: list[call_steps.NextStep]) -> None:
    """Take the next steps in this thread: somebody waits on the line."""
    for step in steps:
        step.take()
