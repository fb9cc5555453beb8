"""Calls: each is one attempt, with a ledger of what happened on the line."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from interviews.calls.state import Fault, OpKind, Outcome
from interviews.models.interviews import Interview, Turn
from interviews.states import CALL, LIVE_CALLS, OPEN_CALLS, CallStatus
from talenti.ids import new_id
from talenti.tenancy import TenantQuerySet, TenantRow

OUTCOMES = [(outcome.value, outcome.value.replace("_", " ").capitalize()) for outcome in Outcome]
FAULTS = [fault.value for fault in Fault]
OPERATIONS = [kind.value for kind in OpKind]


class CallQuerySet(TenantQuerySet):
    """Calls in the words of the domain."""

    def open(self) -> Self:
        """Return calls that are to be made, or are not over."""
        return self.filter(status__in=OPEN_CALLS)

    def live(self) -> Self:
        """Return calls that may be on the line now."""
        return self.filter(status__in=LIVE_CALLS)

    def without_recording(self) -> Self:
        """Return calls that were recorded, and not all of it is with us."""
        return self.filter(recording_started_at__isnull=False, recording_stored_at__isnull=True)


class Call(TenantRow):
    """One attempt to reach the candidate. It is written before anything rings.

    `secret_hash` is the SHA-256 (hex) of the secret in the address that its events come to;
    `entries` and `head` are the length and the last hash of its ledger.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="calls")
    number = models.CharField(max_length=16, blank=True)  # as it was dialled
    status = models.CharField(
        max_length=16, choices=CallStatus.choices, default=CallStatus.SCHEDULED
    )
    engine = models.CharField(max_length=40)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_by_candidate = models.BooleanField(default=False)
    scheduled_at = models.DateTimeField()
    repeatability_id = models.UUIDField(default=new_id, unique=True, editable=False)
    first_sent_at = models.DateTimeField(null=True, blank=True)  # set before the line is asked
    secret_hash = models.CharField(max_length=64, editable=False)
    connection_id = models.CharField(max_length=200, blank=True, db_index=True)
    server_call_id = models.CharField(max_length=600, blank=True, db_index=True)
    recording_id = models.CharField(max_length=600, blank=True, db_index=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    phase = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=20, choices=OUTCOMES, blank=True)
    fault = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=40, blank=True)
    recording_started_at = models.DateTimeField(null=True, blank=True)  # by the line's clock
    recording_stored_at = models.DateTimeField(null=True, blank=True)  # all of it is with us
    entries = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # what was said is deleted

    objects: ClassVar = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["interview", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=CALL.known(), name="call_status_is_known"),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(status__in=OPEN_CALLS),
                name="one_open_call_per_interview",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *dict(OUTCOMES)]), name="call_outcome_is_known"
            ),
            models.CheckConstraint(condition=Q(fault__in=FAULTS), name="call_fault_is_known"),
            models.CheckConstraint(
                condition=(Q(status=CallStatus.ENDED) & ~Q(outcome="") & Q(ended_at__isnull=False))
                | (~Q(status=CallStatus.ENDED) & Q(outcome="")),
                name="call_has_an_outcome_when_ended",
            ),
        ]
        indexes: ClassVar = [
            # the reconciler's calls without an end
            models.Index(
                fields=["first_sent_at"],
                condition=Q(status__in=LIVE_CALLS),
                name="call_on_the_line",
            ),
            # recordings that have not come
            models.Index(
                fields=["ended_at"],
                condition=Q(recording_started_at__isnull=False, recording_stored_at__isnull=True),
                name="call_recording_missing",
            ),
            # the console's list: newest first
            models.Index(fields=["organisation", "-id"], name="call_newest"),
        ]

    def __str__(self) -> str:
        return f"call of {self.scheduled_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Return whether it is to be made, or is not over."""
        return self.status in OPEN_CALLS

    @property
    def outcome_in_words(self) -> str:
        """Return how it ended, as lists name it."""
        return str(dict(OUTCOMES).get(self.outcome, self.outcome))


class CallOperation(TenantRow):
    """One thing done on the line; written before the line is asked."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="operations")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    about = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    turn = models.ForeignKey(Turn, null=True, on_delete=models.PROTECT, related_name="+")
    spec = models.JSONField(default=dict, editable=False)  # the Operation, as JSON
    repeatability_id = models.UUIDField(default=new_id, unique=True, editable=False)
    wanted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # set before the line is asked
    accepted_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "number"], name="one_operation_per_number"),
            models.CheckConstraint(
                condition=Q(kind__in=OPERATIONS), name="operation_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.about or self.kind}"


class CallEntry(TenantRow):
    """One line of a call's ledger: an event as it came, byte for byte, or a fact of our own.

    `hash` is the SHA-256 (hex) over the entry before, this one's place, names and times, and
    `body_sha256`; so a body that was deleted in time still leaves a chain that can be checked.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="ledger")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=16)  # acs | eventgrid | offline | talenti
    event_id = models.CharField(max_length=200)
    type = models.CharField(max_length=120)
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["call", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "position"], name="one_entry_per_position"),
            models.UniqueConstraint(
                fields=["call", "source", "event_id"], name="one_entry_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.type}"


class DeadLetter(models.Model):
    """An event that was rightly delivered and that nobody can use: it belongs to no known call.

    It is the installation's; ops see everything but its body, which may speak of a candidate.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=16)
    reason = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    body = models.BinaryField()
    body_sha256 = models.CharField(max_length=64, unique=True)
    times = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class SimulatedCall(TenantRow):
    """What the offline line remembers of a call it plays: all processes play the same one."""

    connection_id = models.CharField(max_length=200, unique=True)
    server_call_id = models.CharField(max_length=200)
    call_id = models.UUIDField()
    number = models.CharField(max_length=16)
    script = models.CharField(max_length=60)
    state = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"simulated call of {self.script}"
