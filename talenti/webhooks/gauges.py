"""How long the keys that events are signed with could not be read, for whoever watches."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from talenti.models import SigningKeys
from talenti.telemetry.recorder import Measured, register_gauge
from talenti.webhooks.keys import TRUSTED_SECONDS


def read_stale_keys() -> Iterable[Measured]:
    """Return for each issuer how old its keys are while they cannot be read anew; 0 while they can.

    In seconds. Keys are read when events come, so old ones that nobody asks for are no fault. Those
    that were never read count as a day old, at which no event can be taken any more.
    """
    now = timezone.now()
    rows = SigningKeys.objects.values_list("address", "fetched_at", "fault")
    return [
        (_age(fetched_at, now) if fault else 0.0, {"issuer": urlsplit(address).hostname or ""})
        for address, fetched_at, fault in rows
    ]


def _age(fetched_at: datetime | None, now: datetime) -> float:
    return (now - (fetched_at or now - timedelta(seconds=TRUSTED_SECONDS))).total_seconds()


register_gauge("signing_keys_stale_seconds", read_stale_keys)
