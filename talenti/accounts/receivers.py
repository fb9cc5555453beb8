"""What accounts do on hearing of a new member."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from talenti.accounts.requests import request_password_mail
from talenti.models import Membership


@receiver(post_save, sender=Membership)
def welcome_new_member(instance: Membership, *, created: bool, raw: bool, **_: Any) -> None:
    """Mail a colleague who has no password yet the link to set one."""
    if created and not raw and not instance.user.has_usable_password():
        request_password_mail(instance.user)
