"""Who asks: an access token names the user; everything else about them is read now, at once."""

import time
import uuid
from functools import lru_cache
from typing import Any

from django.db.models import UUIDField
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from talenti.models import User
from talenti.prepared import Slots, fetch

SUBJECT = "sub"
LONGEST_TOKEN = 4096
TOKENS_KNOWN = 2048
# In the order of the model's own columns, as `from_db` wants them.
COLUMNS = ("is_superuser", "id", "email", "full_name", "is_active", "is_staff")
MEMBERSHIP = ("memberships__organisation_id", "memberships__role")


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; roles are read from the rows, never from claims."""

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """Return the user and the token, or None when another scheme is used; 401 otherwise."""
        raw = read_credentials(request, self.scheme)
        if raw is None:
            return None
        return find_user(read_subject(raw)), raw

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return f'{self.scheme} realm="api"'


def read_credentials(request: Request, scheme: str) -> str | None:
    """Return what follows `scheme` in the header; None without one. Raises AuthenticationFailed."""
    parts = get_authorization_header(request).split(b" ")
    if parts[0].lower() != scheme.lower().encode():
        return None
    raw = parts[1] if len(parts) == 2 else b""
    if not raw or not raw.isascii() or len(raw) > LONGEST_TOKEN:
        raise refusal()
    return raw.decode("ascii")


def read_subject(raw: str) -> uuid.UUID:
    """Return the user's id from a valid access token; raises AuthenticationFailed."""
    try:
        user_id, expires_at = _verified(raw)
    except (TokenError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise refusal() from error
    if expires_at <= time.time():
        raise refusal()
    return user_id


@lru_cache(maxsize=TOKENS_KNOWN)
def _verified(raw: str) -> tuple[uuid.UUID, float]:
    """Return what a good token says for ever: whose it is, and when it ends (Unix time).

    Only good ones are remembered. Whether the user still exists, is active and has which roles
    is never taken from here.
    """
    token = AccessToken(raw)  # type: ignore[arg-type]  # it takes the text, too
    return uuid.UUID(token[SUBJECT]), float(token["exp"])


def find_user(user_id: uuid.UUID) -> User:
    """Return the active user with every role, in one query; raises AuthenticationFailed.

    Columns that nobody needs here (the password hash among them) stay unread.
    """
    rows = fetch(_user_rows, {"user": user_id})
    if not rows:
        raise refusal()
    user: User = User.from_db("default", COLUMNS, rows[0][: len(COLUMNS)])
    if not user.is_active:
        raise refusal()
    _set_roles(user, rows)
    return user


def _user_rows(slots: Slots) -> Any:
    user = User.objects.filter(pk=slots("user", UUIDField()))
    return user.values_list(*COLUMNS, *MEMBERSHIP)


def _set_roles(user: User, rows: list[Any]) -> None:
    known = {row[-2]: row[-1] for row in rows if row[-2] is not None}
    user.__dict__["roles"] = known  # where the cached property looks first


def refusal() -> AuthenticationFailed:
    """Return the one answer to every bad token: it does not say what was wrong with it."""
    return AuthenticationFailed("The token is not valid or has expired.", code="token_not_valid")
