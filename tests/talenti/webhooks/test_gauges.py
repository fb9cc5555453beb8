"""Keys that cannot be read anew are told with their age; keys that nobody asks for are not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from talenti.models import SigningKeys
from talenti.telemetry.recorder import gauges
from talenti.webhooks.gauges import read_stale_keys

pytestmark = pytest.mark.django_db


def test_only_keys_that_could_not_be_read_are_stale() -> None:
    hours_ago = timezone.now() - timedelta(hours=7)
    SigningKeys.objects.create(address="https://quiet.example/keys", fetched_at=hours_ago)
    SigningKeys.objects.create(
        address="https://away.example/tenant/keys", fetched_at=hours_ago, fault="503"
    )
    SigningKeys.objects.create(address="https://never.example/keys", fault="Timeout")

    found = {labels["issuer"]: round(age / 3600, 2) for age, labels in read_stale_keys()}

    assert found == {"quiet.example": 0.0, "away.example": 7.0, "never.example": 24.0}


def test_the_sweeper_asks_for_it() -> None:
    assert gauges["signing_keys_stale_seconds"] is read_stale_keys
