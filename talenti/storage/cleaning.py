"""Drafts of uploads that never ended are removed by the sweeper."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.dispatch import receiver

from talenti.work.signals import reconcile

ABANDONED_AFTER = timedelta(hours=2)  # longer than any signed address lives


@receiver(reconcile)
def discard_abandoned_drafts(**_: Any) -> None:
    """Ask every storage that keeps drafts to forget the old ones."""
    for alias in settings.FILE_ALIASES:
        discard = getattr(storages[alias], "discard_abandoned", None)
        if discard is not None:
            discard(older_than=ABANDONED_AFTER)
