"""Who may finish an upload: members by their role, candidates about what is their own."""

from typing import Any

from rest_framework.request import Request

from interviews.permissions import InvitedCandidate
from talenti.api.permissions import MemberRole


class MemberOrCandidate(MemberRole):
    """Members as the view says; candidates about what is their own."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the call may go on to look for its rows."""
        if isinstance(request.user, InvitedCandidate):
            return True
        return super().has_permission(request, view)
