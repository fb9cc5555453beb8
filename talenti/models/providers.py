"""Circuit breakers: which providers are left alone, and since when."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class BreakerState(models.TextChoices):
    """A closed breaker lets calls through; an open one none, but one try after each pause."""

    CLOSED = "closed", "Closed"
    OPEN = "open", "Open"


class Breaker(models.Model):
    """What all processes know of one provider. It belongs to the installation, not to a tenant."""

    name = models.CharField(primary_key=True, max_length=60)
    state = models.CharField(
        max_length=10, choices=BreakerState.choices, default=BreakerState.CLOSED
    )
    since = models.DateTimeField(default=timezone.now)
    # While open: since the provider last worked. While closed: in the minute before the latest.
    failures = models.PositiveIntegerField(default=0)
    recent = models.JSONField(default=list, editable=False)  # the moments of these, in ISO 8601
    last_fault = models.CharField(max_length=60, blank=True)
    pause_seconds = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    trying_until = models.DateTimeField(null=True, blank=True)  # the lease of the one try
    turn = models.PositiveIntegerField(default=0, editable=False)  # grows with every change

    class Meta:
        verbose_name = "provider"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=BreakerState.values), name="breaker_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=BreakerState.OPEN, next_try_at__isnull=False)
                | Q(
                    state=BreakerState.CLOSED,
                    next_try_at__isnull=True,
                    trying_until__isnull=True,
                ),
                name="breaker_has_a_next_try_while_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name
