"""Signing in to the console: members of an organisation and operations staff."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from unfold.forms import AuthenticationForm


def may_enter(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the console is open to this user: active, and a member or staff."""
    if not user.is_active:
        return False
    return bool(getattr(user, "is_staff", False) or getattr(user, "roles", {}))


class SignInForm(AuthenticationForm):
    """Asks for membership where Django's own form asks for `is_staff`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail address"

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse strangers with the same words as a wrong password: nothing is told about them."""
        if not may_enter(user):
            raise self.get_invalid_login_error()
