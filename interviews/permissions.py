"""Who a candidate is: whoever holds the secret of an invitation."""

from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from interviews.models import Interview, Invitation
from interviews.services.invitations import find_invitation
from talenti.api.authentication import read_credentials, refusal


@dataclass(frozen=True, slots=True)
class InvitedCandidate:
    """Whoever holds the secret of an invitation: known, but no user and in no organisation."""

    invitation: Invitation
    is_authenticated: bool = True
    is_active: bool = False
    pk: None = None

    @property
    def interview(self) -> Interview:
        """Return the one interview that this person may see."""
        return self.invitation.interview


class InvitationAuthentication(BaseAuthentication):
    """`Authorization: Invitation <token>`; revoked, expired and unknown look alike."""

    scheme = "Invitation"

    def authenticate(self, request: Request) -> tuple[InvitedCandidate, Invitation] | None:
        """Return the candidate, or None when another scheme is used; 401 otherwise."""
        token = read_credentials(request, self.scheme)
        if token is None:
            return None
        invitation = find_invitation(token)
        if invitation is None:
            raise refusal()
        return InvitedCandidate(invitation), invitation

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return f'{self.scheme} realm="session"'


class IsCandidate(BasePermission):
    """Candidates behind their own link."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the caller holds an invitation."""
        return isinstance(request.user, InvitedCandidate)
