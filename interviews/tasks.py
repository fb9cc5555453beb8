"""Durable work of interviews."""

from interviews.author.protocol import Author
from interviews.services import documents, drafting, invitations
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.telemetry import recorder
from talenti.work.actors import durable
from talenti.work.claims import Claim


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
