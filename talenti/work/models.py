"""The queue: one row for each unit of work."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from talenti.tenancy import TenantQuerySet, TenantRow


class State(models.TextChoices):
    """Queued work waits for its moment, dead work for a person."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (State.QUEUED, State.RUNNING)


class WorkQuerySet(TenantQuerySet):
    """Work items in the words of the queue."""

    def open(self) -> Self:
        """Return what is not finished."""
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: Any = None) -> Self:
        """Return what could be claimed now: queued and its time has come, or its worker is lost."""
        now = now or timezone.now()
        return self.filter(
            Q(state=State.QUEUED, next_run_at__lte=now)
            | Q(state=State.RUNNING, lease_until__lt=now)
        )


class WorkItem(TenantRow):
    """One unit of work. `fence` grows with every claim, and only its holder may finish."""

    kind = models.CharField(max_length=60)
    queue = models.CharField(max_length=20, default="default")
    subject_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    next_run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    ring_at = models.DateTimeField(default=timezone.now)
    rings = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=60, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The W3C traceparent of what caused it: the work is seen in the same trace.
    trace_parent = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar = WorkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_work_item_per_kind_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="work_item_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True)),
                name="work_item_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
                name="work_item_finished_at_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DEAD) | ~Q(cause=""), name="dead_work_has_a_cause"
            ),
        ]
        indexes: ClassVar = [
            # the sweeper's tick: due work that nobody was told of lately
            models.Index(
                fields=["ring_at"], condition=Q(state__in=OPEN_STATES), name="work_item_to_ring"
            ),
            # the admin's list of work by state, newest first
            models.Index(fields=["state", "-id"], name="work_item_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
