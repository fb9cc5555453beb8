"""Sign-ins and their refresh tokens: opaque, stored as a hash, each used once."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from talenti.ids import new_id


class SignIn(models.Model):
    """One sign-in (a token family): it ends absolutely at `expires_at`, or when revoked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_reason="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoked_reason="")),
                name="sign_in_revoked_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"sign-in of {self.user}"


class RefreshToken(models.Model):
    """One refresh token; only its SHA-256 is kept. `used_at` is set by the one winner of a race."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"refresh token {self.id}"
