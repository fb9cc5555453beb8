"""What interviews do on hearing something."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from interviews.services.interviews import expire_overdue
from talenti.work.signals import reconcile


@receiver(reconcile)
def expire_interviews(now: datetime, **_: Any) -> None:
    """End interviews whose time is over."""
    expire_overdue(now)
