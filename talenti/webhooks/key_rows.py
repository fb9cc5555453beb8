"""The rows that all processes share: who reads an address of keys next, and what was read last."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from talenti.models import SigningKeys
from talenti.webhooks.fetching import SECONDS
from talenti.webhooks.jwks import Numbers

REFRESH_SECONDS = 30


def read_row(address: str) -> SigningKeys:
    """Return the row of an address, new if there is none."""
    row, _ = SigningKeys.objects.get_or_create(address=address)
    return row


def take_turn(address: str) -> bool:
    """Take the reading of an address; it is given once in REFRESH_SECONDS to all processes."""
    now = timezone.now()
    due = Q(asked_at__isnull=True) | Q(asked_at__lte=now - timedelta(seconds=REFRESH_SECONDS))
    mine = SigningKeys.objects.filter(due, address=address)
    return bool(mine.update(asked_at=now, fault=""))


def keep_keys(address: str, keys: Numbers) -> datetime:
    """Store what was read just now, and return that moment."""
    now = timezone.now()
    SigningKeys.objects.filter(address=address).update(keys=keys, fetched_at=now, fault="")
    return now


def note_fault(address: str, fault: str) -> None:
    """Store why the address could not be read; the keys stay as they were."""
    SigningKeys.objects.filter(address=address).update(fault=fault[:60])


def is_being_read(row: SigningKeys) -> bool:
    """Return whether another process is about to know more."""
    if row.asked_at is None or row.fault or (row.fetched_at and row.fetched_at >= row.asked_at):
        return False
    return timezone.now() - row.asked_at < timedelta(seconds=SECONDS + 1)
