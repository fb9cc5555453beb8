"""Positions and their interview guides."""

from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from interviews.states import GUIDE, JOB, GuideStatus, JobStatus
from talenti.tenancy import TenantQuerySet, TenantRow


class Job(TenantRow):
    """A position to be filled."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=JobStatus.choices, default=JobStatus.OPEN, editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=JOB.known(), name="job_status_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="job_has_a_title"),
        ]
        indexes: ClassVar = [
            # GET jobs: newest first
            models.Index(fields=["organisation", "-created_at", "-id"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class GuideQuerySet(TenantQuerySet):
    """Guides in the words of the domain."""

    def published(self) -> Self:
        """Return guides that may be used for interviews."""
        return self.filter(status=GuideStatus.PUBLISHED)


class Guide(TenantRow):
    """One version of a position's guide."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="guides")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="en-US")
    status = models.CharField(
        max_length=10, choices=GuideStatus.choices, default=GuideStatus.DRAFT, editable=False
    )
    origin = models.CharField(max_length=200, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    override_reason = models.TextField(blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = GuideQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["job", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "version"], name="one_guide_per_version"),
            models.CheckConstraint(condition=GUIDE.known(), name="guide_status_is_known"),
            models.CheckConstraint(
                condition=Q(
                    status=GuideStatus.PUBLISHED,
                    published_at__isnull=False,
                    published_by__isnull=False,
                )
                | Q(status=GuideStatus.DRAFT, published_at__isnull=True, published_by__isnull=True),
                name="guide_published_at_when_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    @property
    def is_published(self) -> bool:
        """Return whether it can no longer change."""
        return self.status == GuideStatus.PUBLISHED


class DraftOrder(TenantRow):
    """What the author is asked to fill an empty guide with; title and language are the guide's.

    The first content that is written into the guide, whoever writes it, takes the order away.
    """

    guide = models.OneToOneField(Guide, on_delete=models.CASCADE, related_name="draft_order")
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.guide)


class Competency(TenantRow):
    """What is judged, with one observable anchor for each level."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="competencies")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    weight = models.DecimalField(
        max_digits=7, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    must_have_level = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    anchor_1 = models.TextField(blank=True)
    anchor_2 = models.TextField(blank=True)
    anchor_3 = models.TextField(blank=True)
    anchor_4 = models.TextField(blank=True)
    anchor_5 = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "competencies"
        ordering: ClassVar = ["guide", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guide", "key"], name="one_competency_per_key"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="competency_weight_above_zero"),
            models.CheckConstraint(
                condition=Q(must_have_level__isnull=True) | Q(must_have_level__range=(1, 5)),
                name="competency_must_have_level_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def anchors(self) -> dict[int, str]:
        """Return the anchor texts by level, 1 to 5."""
        return {level: getattr(self, f"anchor_{level}") for level in range(1, 6)}


class Question(TenantRow):
    """A planned question, with the probes that may follow it."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="questions")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    probes = models.JSONField(default=list, blank=True)
    time_limit_seconds = models.PositiveIntegerField(
        default=180, validators=[MinValueValidator(15), MaxValueValidator(3600)]
    )

    class Meta:
        ordering: ClassVar = ["guide", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guide", "position"], name="one_question_per_position"),
            models.CheckConstraint(
                condition=Q(time_limit_seconds__range=(15, 3600)),
                name="question_time_limit_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.text
