"""Durable work of interviews."""

from interviews.services import invitations
from talenti.work.actors import durable
from talenti.work.claims import Claim


@durable(invitations.SEND_INVITATION, lease_seconds=60)
def send_invitation(claim: Claim) -> None:
    """Send one invitation. A worker lost between sending and noting it sends the mail twice."""
    sent = invitations.deliver(claim.subject_id)
    with claim.finish():
        if sent:
            invitations.mark_sent(claim.subject_id)
