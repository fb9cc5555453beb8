"""Who may: nobody by default, then members by their role."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Deny(BasePermission):
    """The default: a view that says nothing about its permission lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return no."""
        return False


class Anyone(BasePermission):
    """For the few calls that come before a sign-in; written down so that it is a decision."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return yes."""
        return True


class SignedIn(BasePermission):
    """Every signed-in person, about themselves."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether somebody is signed in."""
        return request.user.is_authenticated


class MemberRole(SignedIn):
    """Members with one of the view's `roles[method]` in any organisation.

    Which organisation a row belongs to is asked when it is found: `TenantView.find` and `require`.
    Views of one row (with `pk` in the path) leave it to them, so that a stranger's row is a 404.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the call may go on to look for its rows."""
        if not super().has_permission(request, view):
            return False
        if not view.handles(request.method) or view.kwargs:
            return True
        user: Any = request.user
        return bool(user.organisations_as(view.roles_of(request.method)))
