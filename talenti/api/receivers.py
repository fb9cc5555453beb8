"""What the API does when people change, and when the sweeper comes round."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from talenti.api import idempotency, tokens
from talenti.models import User
from talenti.work.signals import reconcile


@receiver(post_save, sender=User)
def end_sign_ins(instance: User, *, created: bool, **_: Any) -> None:
    """End every sign-in of a person whose password was set or who was deactivated."""
    if created:
        return
    if not instance.is_active:
        tokens.revoke_all(instance, reason="deactivated")
    # Set by set_password until save() ends; a mere rehash of the same password leaves it empty.
    elif getattr(instance, "_password", None) is not None:
        tokens.revoke_all(instance, reason="password_changed")


@receiver(reconcile)
def prune_idempotent_requests(now: datetime, **_: Any) -> None:
    """Forget stored answers after their day."""
    idempotency.prune(now)


@receiver(reconcile)
def prune_sign_ins(now: datetime, **_: Any) -> None:
    """Forget sign-ins and refresh tokens that have ended."""
    tokens.prune(now)
