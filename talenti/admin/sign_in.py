"""Signing in to the console: members of an organisation and operations staff."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from rest_framework.exceptions import Throttled
from unfold.forms import AuthenticationForm

from talenti.api.throttling import SignInAttempt, client_address


def may_enter(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the console is open to this user: active, and a member or staff."""
    if not user.is_active:
        return False
    return bool(getattr(user, "is_staff", False) or getattr(user, "roles", {}))


class SignInForm(AuthenticationForm):
    """Asks for membership where Django's own form asks for `is_staff`; guesses are counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail address"

    def clean(self) -> Any:
        """Look at the password unless it was guessed at too often, here or over the API."""
        email = str(self.cleaned_data.get("username", "")).strip().lower()
        attempt = SignInAttempt(client_address(self.request), email)
        try:
            attempt.begin()
        except Throttled as throttled:
            message = "Too many tries. Wait a few minutes, then try again."
            raise ValidationError(message, code="throttled") from throttled
        try:
            cleaned = super().clean()
        except ValidationError:
            attempt.fail()
            raise
        attempt.succeed()
        return cleaned

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse strangers with the same words as a wrong password: nothing is told about them."""
        if not may_enter(user):
            raise self.get_invalid_login_error()
