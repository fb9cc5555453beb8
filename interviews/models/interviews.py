"""Interviews: who is asked, with which guide, by invitation and consent, turn by turn."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from interviews.models.candidates import Candidate
from interviews.models.guides import Guide, Job, Question
from interviews.states import (
    CONSENT_GIVEN,
    ENDED,
    INTERVIEW,
    OPEN,
    STAGE,
    Channel,
    Stage,
    Status,
)
from talenti.tenancy import TenantQuerySet, TenantRow


class InterviewQuerySet(TenantQuerySet):
    """Interviews in the words of the domain."""

    def open(self) -> Self:
        """Return interviews that can still be answered."""
        return self.filter(status__in=OPEN)

    def overdue(self, now: object) -> Self:
        """Return open interviews whose time is over."""
        return self.open().filter(expires_at__lte=now)


class Interview(TenantRow):
    """One candidate, one guide version, one conversation."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="interviews")
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="interviews")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="interviews")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.CREATED)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.AWAITING_RECORDING)
    language = models.CharField(max_length=16, default="en-US")
    extra_time = models.PositiveSmallIntegerField(
        "extra time in percent", default=0, validators=[MaxValueValidator(300)]
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True)

    objects: ClassVar = InterviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=INTERVIEW.known(), name="interview_status_is_known"),
            models.CheckConstraint(condition=STAGE.known(), name="interview_stage_is_known"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="interview_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.COMPLETED, completed_at__isnull=False)
                | (~Q(status=Status.COMPLETED) & Q(completed_at__isnull=True)),
                name="interview_completed_at_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | (~Q(status__in=ENDED) & Q(ended_at__isnull=True)),
                name="interview_ended_at_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CONSENT_GIVEN) | Q(consented_at__isnull=False),
                name="interview_goes_on_with_consent_only",
            ),
            models.CheckConstraint(
                condition=Q(extra_time__lte=300), name="interview_extra_time_in_range"
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.FAILED) | Q(failure=""),
                name="interview_names_a_failure_only_when_failed",
            ),
        ]
        indexes: ClassVar = [
            # GET interviews: newest first
            models.Index(fields=["organisation", "-created_at", "-id"], name="interview_newest"),
            # GET interviews?status=
            models.Index(
                fields=["organisation", "status", "-created_at", "-id"], name="interview_by_status"
            ),
            # GET interviews?stage=
            models.Index(
                fields=["organisation", "stage", "-created_at", "-id"], name="interview_by_stage"
            ),
            # GET interviews?job=
            models.Index(fields=["job", "-created_at", "-id"], name="interview_by_job"),
            # the sweeper's overdue interviews
            models.Index(
                fields=["expires_at"], condition=Q(status__in=OPEN), name="interview_overdue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.job}"

    @property
    def interview_id(self) -> object:
        """Return its own id: an interview is the root of its own history."""
        return self.pk


class Invitation(TenantRow):
    """One e-mail with one secret link; only the token's SHA-256 is stored."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(revoked_at__isnull=True),
                name="one_open_invitation_per_interview",
            )
        ]

    def __str__(self) -> str:
        return f"invitation of {self.created_at:%Y-%m-%d %H:%M}"


class Consent(TenantRow):
    """What was agreed to, in which words (version and hash), and who recorded it."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=16)
    text_sha256 = models.CharField(max_length=64)
    purposes = models.JSONField(default=list)
    source = models.CharField(max_length=16)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # In a call: the keys or words it was given with, "1, yes".
    given_as = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source="candidate", declared_by__isnull=True)
                | Q(source="declared", declared_by__isnull=False),
                name="consent_names_its_source",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.version}"


class Turn(TenantRow):
    """One question or probe as it was asked; written by the server alone."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="turns")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[("question", "Question"), ("probe", "Probe")])
    source = models.CharField(max_length=10, choices=[("planned", "Planned"), ("engine", "Engine")])
    text = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_text = models.TextField(blank=True)
    answer_ms = models.PositiveIntegerField(null=True, blank=True)
    # In a call: where it stands in the recording, from the question's first word.
    starts_ms = models.PositiveIntegerField(null=True, blank=True)
    ends_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["interview", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interview", "position"], name="one_turn_per_position"),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(answered_at__isnull=True),
                name="one_unanswered_turn_per_interview",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["question", "probe"]), name="turn_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["planned", "engine"]), name="turn_source_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text
