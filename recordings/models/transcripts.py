"""Transcripts and their segments."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from interviews.models import Interview, Question, Turn
from recordings.models.recordings import Recording
from recordings.states import TRANSCRIPT, UNCONFIRMED, Speaker, TranscriptStatus
from talenti.tenancy import TenantQuerySet, TenantRow


class TranscriptQuerySet(TenantQuerySet):
    """Transcripts in the words of the domain."""

    def unconfirmed(self) -> Self:
        """Return transcripts that a person still has to confirm."""
        return self.filter(status__in=UNCONFIRMED)


class Transcript(TenantRow):
    """The words of one recording, or of one typed answer."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="transcripts")
    recording = models.OneToOneField(
        Recording, null=True, on_delete=models.PROTECT, related_name="transcript"
    )
    turn = models.OneToOneField(
        Turn, null=True, on_delete=models.PROTECT, related_name="transcript"
    )
    status = models.CharField(max_length=20, choices=TranscriptStatus.choices)
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edit_distance = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar = TranscriptQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["interview", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=TRANSCRIPT.known(), name="transcript_status_is_known"),
            models.CheckConstraint(
                condition=Q(recording__isnull=False, turn__isnull=True)
                | Q(recording__isnull=True, turn__isnull=False),
                name="transcript_of_a_recording_or_a_typed_answer",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=TranscriptStatus.CONFIRMED,
                    confirmed_at__isnull=False,
                    edit_distance__isnull=False,
                )
                | (
                    ~Q(status=TranscriptStatus.CONFIRMED)
                    & Q(
                        confirmed_at__isnull=True,
                        confirmed_by__isnull=True,
                        edit_distance__isnull=True,
                    )
                ),
                name="transcript_confirmed_at_when_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"transcript of {self.recording or 'a typed answer'}"


class Segment(TenantRow):
    """One stretch of speech. `draft_text` is what the engine heard, `text` what holds.

    With `turn` it is a question that we asked in a call, in exactly these words: our own side,
    which nobody has to confirm and which never is the candidate's.

    Times are milliseconds into the recording; a typed answer has none. `voice` is the engine's
    label of a voice, `words` are as it heard them: [text, start_ms, end_ms, confidence or null].
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveIntegerField()
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    turn = models.ForeignKey(
        Turn, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    speaker = models.CharField(max_length=12, choices=Speaker.choices)
    voice = models.CharField(max_length=40, blank=True, default="", db_default="")
    start_ms = models.PositiveIntegerField(null=True, blank=True)
    end_ms = models.PositiveIntegerField(null=True, blank=True)
    draft_text = models.TextField(blank=True)
    text = models.TextField(blank=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    words = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["transcript", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["transcript", "position"], name="one_segment_per_position"
            ),
            models.CheckConstraint(
                condition=Q(start_ms__isnull=True, end_ms__isnull=True)
                | Q(start_ms__lt=F("end_ms")),
                name="segment_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)),
                name="segment_confidence_in_range",
            ),
            models.CheckConstraint(
                condition=Q(speaker__in=Speaker.values), name="segment_speaker_is_known"
            ),
            models.CheckConstraint(
                condition=Q(turn__isnull=True) | Q(speaker=Speaker.INTERVIEWER),
                name="segment_of_a_turn_is_the_interviewers",
            ),
        ]

    def __str__(self) -> str:
        return f"segment {self.position}"
