"""Invitations: one secret link each; only its hash is stored."""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from interviews.emails import send_invitation_mail
from interviews.models import Interview, Invitation
from interviews.states import INTERVIEW, INVITABLE, Channel, Status
from talenti.errors import WrongState
from talenti.history import Actor, advance, record
from talenti.work.queue import enqueue

SEND_INVITATION = "interviews.send_invitation"


def secret_of(invitation_id: uuid.UUID) -> str:
    """Return the token of an invitation: 256 bits that only this installation's key can make.

    It is derived, so that the mail can be written later by another process without storing it.
    """
    digest = salted_hmac("talenti.invitation", invitation_id.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """Return the candidate's secret link; never store or log it."""
    return f"{settings.PUBLIC_URL}/interview/{secret_of(invitation.pk)}/"


def invite(interview: Interview, actor: Actor) -> Invitation:
    """Revoke older links, make a new one and queue its mail, all in one transaction.

    WrongState when the interview is over or recorded elsewhere, or the candidate has no address.
    """
    if interview.channel == Channel.UPLOAD or not interview.candidate.email:
        raise WrongState("There is nobody to write to: uploaded recordings, or no e-mail address.")
    with transaction.atomic():
        interview = Interview.objects.select_for_update().get(pk=interview.pk)
        if interview.status not in INVITABLE:
            raise WrongState("This interview is over.", INTERVIEW.moves[interview.status])
        if interview.status == Status.CREATED:
            advance(interview, INTERVIEW, Status.INVITED, actor, invited_at=timezone.now())
        revoke(interview)
        invitation = _new_invitation(interview)
        record(invitation, "invited", actor)
        enqueue(
            SEND_INVITATION,
            organisation_id=interview.organisation_id,
            subject_id=invitation.pk,
        )
    return invitation


def _new_invitation(interview: Interview) -> Invitation:
    invitation = Invitation(interview=interview, organisation_id=interview.organisation_id)
    invitation.token_hash = hash_of(secret_of(invitation.pk))
    latest = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation.expires_at = min(interview.expires_at or latest, latest)
    invitation.save()
    return invitation


def revoke(interview: Interview) -> int:
    """Make every open link of the interview worthless; returns how many there were."""
    open_links = Invitation.objects.filter(interview=interview, revoked_at__isnull=True)
    return open_links.update(revoked_at=timezone.now())


def find_invitation(token: str, now: datetime | None = None) -> Invitation | None:
    """Return the valid invitation behind a token; None if unknown, revoked or expired."""
    found = (
        Invitation.objects.select_related("interview__job", "interview__organisation")
        .filter(token_hash=hash_of(token), revoked_at__isnull=True)
        .filter(expires_at__gt=now or timezone.now())
        .first()
    )
    if found is None or not hmac.compare_digest(found.token_hash, hash_of(token)):
        return None
    return found


def deliver(invitation_id: uuid.UUID) -> bool:
    """Send the mail of an invitation; one that was revoked meanwhile is not sent (False).

    Raises PermanentFailure when the address is refused, RetryLater when the server is away.
    """
    invitation = Invitation.objects.select_related(
        "interview__candidate", "interview__job", "interview__organisation"
    ).get(pk=invitation_id)
    if invitation.revoked_at or invitation.expires_at <= timezone.now():
        return False
    send_invitation_mail(invitation.interview, link_of(invitation), invitation.expires_at)
    return True


def mark_sent(invitation_id: uuid.UUID) -> None:
    """Note when the mail left."""
    Invitation.objects.filter(pk=invitation_id, sent_at__isnull=True).update(sent_at=timezone.now())
