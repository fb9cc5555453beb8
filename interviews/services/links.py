"""A candidate's link in the browser: whom it lets in, and how long the door stays open.

A link that was replaced or withdrawn is worth nothing. One that was open until its interview ended
goes on showing that end, so that the candidate is not left with a dead page.
"""

import uuid
from datetime import datetime

from django.utils import timezone

from interviews.models import Interview, Invitation
from interviews.services.invitations import hash_of

LINKS = Invitation.objects.select_related(
    "interview__candidate", "interview__guide", "interview__job", "interview__organisation"
)


def find_link(token: str) -> Invitation | None:
    """Return the invitation of a token, even if it lets nobody in any more; None if unknown."""
    return LINKS.filter(token_hash=hash_of(token)).first()


def lets_in(invitation: Invitation, now: datetime | None = None) -> bool:
    """Return whether the link may be opened now."""
    is_over = _end(invitation.interview) is not None
    in_time = invitation.expires_at > (now or timezone.now())
    return _was_kept(invitation) and (is_over or in_time)


def note_opened(invitation: Invitation) -> None:
    """Keep the first moment the link was opened."""
    unopened = Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True)
    unopened.update(opened_at=timezone.now())


def find_guest(invitation_id: uuid.UUID) -> Invitation | None:
    """Return the invitation of somebody who came in by it, None when it was withdrawn since.

    The link's last day closes the door; it throws nobody out in the middle of an answer.
    """
    found = LINKS.filter(pk=invitation_id).first()
    return found if found is not None and _was_kept(found) else None


def _was_kept(invitation: Invitation) -> bool:
    """Return whether nobody withdrew it: the end of its interview is what revokes it last."""
    end = _end(invitation.interview)
    if invitation.revoked_at is None:
        return True
    return end is not None and invitation.revoked_at >= end


def _end(interview: Interview) -> datetime | None:
    return interview.completed_at or interview.ended_at
