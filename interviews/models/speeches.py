"""Questions as sound: which ones have been said already, so that none is said twice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from talenti.tenancy import TenantRow


class Speech(TenantRow):
    """One text in one voice, kept by an organisation. The text itself is not in here.

    `digest` is the sha256 of engine, voice, language and text. A claim is the right to have it
    said, until that moment; `stored_at` says that the file is there.
    """

    digest = models.CharField(max_length=64)
    engine = models.CharField(max_length=40)
    voice = models.CharField(max_length=100)
    storage_name = models.CharField(max_length=200, unique=True)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(null=True)
    claimed_until = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], name="one_speech_per_text_and_voice"
            ),
            models.CheckConstraint(
                condition=Q(stored_at__isnull=True)
                | (Q(size__gt=0, claimed_until__isnull=True) & ~Q(media_type="")),
                name="stored_speech_has_sound",
            ),
        ]
        indexes: ClassVar = [
            # retention: what nobody listened to for long, oldest first
            models.Index(fields=["organisation", "used_at"], name="speech_by_use"),
        ]

    def __str__(self) -> str:
        return f"speech {self.digest[:12]}"
