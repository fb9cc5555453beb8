"""Tokens: short-lived access tokens, and refresh tokens that are used once.

A refresh token is 256 random bits; only its hash is kept. Using it makes its successor in the same
sign-in. Of several uses at once one wins; a use later than JWT_REUSE_GRACE means that somebody
copied it, and ends the sign-in.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from talenti.api.authentication import SUBJECT, refusal
from talenti.models import RefreshToken, SignIn, User


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client gets; the refresh token exists nowhere else."""

    access: str
    refresh: str


def issue_access(user_id: uuid.UUID) -> str:
    """Return an access token that names the user and says nothing else about them."""
    token = AccessToken()
    token[SUBJECT] = str(user_id)
    return str(token)


def sign_in(user: User) -> TokenPair:
    """Begin a sign-in; it ends absolutely after JWT_FAMILY_LIFETIME."""
    with transaction.atomic():
        family = SignIn.objects.create(
            user=user, expires_at=timezone.now() + settings.JWT_FAMILY_LIFETIME
        )
        return _issue(family)


def rotate(raw: str) -> TokenPair:
    """Return the successor of a refresh token; raises AuthenticationFailed for all but one use."""
    token = find_refresh_token(raw)
    if token is None:
        raise refusal()
    if token.used_at is not None:
        _judge_reuse(token)
        raise refusal()
    now = timezone.now()
    if not is_usable(token, now):
        raise refusal()
    with transaction.atomic():
        # The condition is on the row itself: a loser waits for the winner and then finds it used.
        if not RefreshToken.objects.filter(pk=token.pk, used_at=None).update(used_at=now):
            raise refusal()
        return _issue(token.sign_in)


def find_refresh_token(raw: str) -> RefreshToken | None:
    """Return the token with its sign-in and user, whatever its state."""
    known = RefreshToken.objects.select_related("sign_in__user")
    return known.filter(token_hash=_hash(raw)).first()


def is_usable(token: RefreshToken, now: datetime) -> bool:
    """Return whether it may be exchanged now."""
    family = token.sign_in
    return (
        token.used_at is None
        and token.expires_at > now
        and family.revoked_at is None
        and family.expires_at > now
        and family.user.is_active
    )


def works(raw: str) -> bool:
    """Return whether this is a refresh token that may be exchanged now."""
    token = find_refresh_token(raw)
    return token is not None and is_usable(token, timezone.now())


def sign_out(token: RefreshToken) -> None:
    """End the sign-in that the token belongs to."""
    revoke(SignIn.objects.filter(pk=token.sign_in_id), reason="sign_out")


def revoke(sign_ins: "QuerySet[SignIn]", *, reason: str) -> int:
    """End sign-ins that have not ended; returns how many."""
    return sign_ins.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_reason=reason)


def revoke_all(user: User, *, reason: str) -> int:
    """End every sign-in of a person."""
    return revoke(SignIn.objects.filter(user_id=user.pk), reason=reason)


def prune(now: datetime, *, limit: int = 5000) -> int:
    """Forget sign-ins that have ended by themselves; returns how many rows went."""
    ended = SignIn.objects.filter(expires_at__lt=now).values_list("pk", flat=True)[:limit]
    stale = RefreshToken.objects.filter(expires_at__lt=now).values_list("pk", flat=True)[:limit]
    gone = RefreshToken.objects.filter(pk__in=list(stale)).delete()[0]
    return gone + SignIn.objects.filter(pk__in=list(ended)).delete()[0]


def _judge_reuse(token: RefreshToken) -> None:
    """End the sign-in unless the token was used so lately that two tabs explain it."""
    if token.used_at and timezone.now() - token.used_at > settings.JWT_REUSE_GRACE:
        revoke(SignIn.objects.filter(pk=token.sign_in_id), reason="reuse")


def _issue(family: SignIn) -> TokenPair:
    raw = secrets.token_urlsafe(32)
    RefreshToken.objects.create(
        sign_in=family,
        token_hash=_hash(raw),
        expires_at=min(timezone.now() + settings.JWT_REFRESH_LIFETIME, family.expires_at),
    )
    return TokenPair(issue_access(family.user_id), raw)


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
