"""Recordings: one file each."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from interviews.models import Interview, Question, Turn
from recordings.states import RECORDING, RecordingStatus, Source, Speaker
from talenti.tenancy import TenantQuerySet, TenantRow


class RecordingQuerySet(TenantQuerySet):
    """Recordings in the words of the domain."""

    def stored(self) -> Self:
        """Return recordings whose file is there."""
        return self.filter(status=RecordingStatus.STORED)

    def untranscribed(self) -> Self:
        """Return stored recordings that nobody has written down yet."""
        return self.stored().filter(transcript__isnull=True)


class Recording(TenantRow):
    """One file of one interview: an answer to one question, or the whole conversation.

    What the client declared stays beside what was measured; only the measured facts are believed.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="recordings")
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    turn = models.OneToOneField(
        Turn, null=True, blank=True, on_delete=models.PROTECT, related_name="recording"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.UPLOAD)
    speaker = models.CharField(max_length=12, choices=Speaker.choices, default=Speaker.CANDIDATE)
    status = models.CharField(
        max_length=10, choices=RecordingStatus.choices, default=RecordingStatus.PENDING
    )
    filename = models.CharField(max_length=200)
    storage_name = models.CharField(max_length=200, unique=True)
    declared_type = models.CharField(max_length=100)
    declared_size = models.PositiveBigIntegerField()
    declared_sha256 = models.CharField(max_length=64, blank=True)
    upload_until = models.DateTimeField()
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    codec = models.CharField(max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    peaks = models.JSONField(default=list, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)  # refused, and no file can come now

    objects: ClassVar = RecordingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["interview", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=RECORDING.known(), name="recording_status_is_known"),
            models.CheckConstraint(
                condition=Q(speaker__in=Speaker.values), name="recording_speaker_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="recording_source_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=RecordingStatus.STORED)
                | (
                    Q(
                        stored_at__isnull=False,
                        size__gt=0,
                        duration_ms__gt=0,
                    )
                    & ~Q(sha256="")
                    & ~Q(media_type="")
                ),
                name="stored_recording_was_measured",
            ),
            models.CheckConstraint(
                condition=Q(status=RecordingStatus.DELETED, deleted_at__isnull=False)
                | (~Q(status=RecordingStatus.DELETED) & Q(deleted_at__isnull=True)),
                name="recording_deleted_at_when_deleted",
            ),
            models.CheckConstraint(
                condition=(Q(status=RecordingStatus.REFUSED) & ~Q(refusal=""))
                | (~Q(status=RecordingStatus.REFUSED) & Q(refusal="")),
                name="recording_refused_with_a_reason",
            ),
        ]
        indexes: ClassVar = [
            # retention and abandoned uploads, oldest first
            models.Index(
                fields=["organisation", "stored_at"],
                condition=Q(status="stored"),
                name="recording_by_age",
            ),
            models.Index(
                fields=["upload_until"], condition=Q(status="pending"), name="recording_waiting"
            ),
            # refused uploads whose address may still take a file
            models.Index(
                fields=["upload_until"],
                condition=Q(status="refused", cleared_at__isnull=True),
                name="recording_to_clear",
            ),
        ]

    def __str__(self) -> str:
        return self.filename
