"""What the API does when the sweeper comes round."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from talenti.api import idempotency
from talenti.work.signals import reconcile


@receiver(reconcile)
def prune_idempotent_requests(now: datetime, **_: Any) -> None:
    """Forget stored answers after their day."""
    idempotency.prune(now)
