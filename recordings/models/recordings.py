"""Recordings: one file each."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from interviews.models import Call, Interview, Question, Turn
from recordings.states import RECORDING, RecordingStatus, Source, Speaker
from talenti.tenancy import TenantQuerySet, TenantRow


class RecordingQuerySet(TenantQuerySet):
    """Recordings in the words of the domain."""

    def stored(self) -> Self:
        """Return recordings whose file is there."""
        return self.filter(status=RecordingStatus.STORED)

    def taken(self) -> Self:
        """Return recordings that were not refused: announced, stored or deleted in their time."""
        return self.exclude(status=RecordingStatus.REFUSED)

    def untranscribed(self) -> Self:
        """Return stored recordings that nobody has written down yet."""
        return self.stored().filter(transcript__isnull=True)


class Recording(TenantRow):
    """One file of one interview: an answer to one question, or the whole conversation.

    What the client declared stays beside what was measured; only the measured facts are believed.

    A `call` has one for each file that its line wrote: `line_name` is what the line called it below
    the call's folder, `chunk` counts them from 0. `offset_ms` is where the file begins on the clock
    of the call's recording, which the times of turns are on; empty where that cannot be known.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="recordings")
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    turn = models.OneToOneField(
        Turn, null=True, blank=True, on_delete=models.PROTECT, related_name="recording"
    )
    call = models.ForeignKey(
        Call, null=True, blank=True, on_delete=models.PROTECT, related_name="recordings"
    )
    chunk = models.PositiveSmallIntegerField(null=True, blank=True)
    line_name = models.CharField(max_length=400, blank=True, default="", db_default="")
    offset_ms = models.PositiveIntegerField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(call__isnull=True, chunk__isnull=True, line_name="")
                | (Q(call__isnull=False, chunk__isnull=False) & ~Q(line_name="")),
                name="recording_of_a_call_names_its_chunk",
            ),
            # A file of the line becomes one recording, however often it is fetched. One that was
            # refused may be tried again.
            models.UniqueConstraint(
                fields=["call", "line_name"],
                condition=~Q(status=RecordingStatus.REFUSED),
                name="one_recording_per_file_of_a_call",
            ),
            models.UniqueConstraint(
                fields=["call", "chunk"],
                condition=~Q(status=RecordingStatus.REFUSED),
                name="one_recording_per_chunk_of_a_call",
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
