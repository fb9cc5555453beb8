"""Scorecards, their scores, and the evidence under each score."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from interviews.models import Competency, Guide, Interview
from recordings.models import Segment
from scoring.states import SCORECARD, Kind, ScorecardStatus
from talenti.models import Organisation
from talenti.roles import BLIND
from talenti.tenancy import TenantQuerySet, TenantRow
from talenti.work.models import WorkItem


class ScorecardQuerySet(TenantQuerySet):
    """Scorecards in the words of the domain."""

    def ready(self) -> Self:
        """Return finished judgements."""
        return self.filter(status=ScorecardStatus.READY)

    def by_people(self) -> Self:
        """Return human scorecards."""
        return self.filter(kind=Kind.REVIEWER)

    def visible_to(self, user: Any) -> Self:
        """Return what `user` may see: blind reviewers see their own only, until it is ready.

        Every list, page, report and export of scorecards for a person begins here.
        """
        submitted = Scorecard.objects.filter(
            interview=OuterRef("interview"), reviewer=user.pk, status=ScorecardStatus.READY
        )
        return self.for_user(user).filter(
            ~Q(organisation__in=blind_organisations(user)) | Q(reviewer=user.pk) | Exists(submitted)
        )


class ScorecardPartQuerySet(TenantQuerySet):
    """Rows under a scorecard: seen by whoever sees the scorecard."""

    scorecard = "scorecard"

    def visible_to(self, user: Any) -> Self:
        """Return the rows of scorecards that `user` may see."""
        seen = Scorecard.objects.visible_to(user).values("pk")
        return self.for_user(user).filter(**{f"{self.scorecard}__in": seen})


class EvidenceQuerySet(ScorecardPartQuerySet):
    """Evidence belongs to a scorecard through its score."""

    scorecard = "score__scorecard"


def blind_organisations(user: Any) -> QuerySet[Organisation]:
    """Return the organisations in which `user` reviews blind."""
    return Organisation.objects.filter(pk__in=user.organisations_as(BLIND), blind_first=True)


class Scorecard(TenantRow):
    """One judgement of one interview, by an engine or a person; never edited once it is ready."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="scorecards")
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(
        max_length=10, choices=ScorecardStatus.choices, default=ScorecardStatus.PENDING
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    work_item = models.OneToOneField(
        WorkItem, null=True, on_delete=models.PROTECT, related_name="scorecard"
    )
    engine = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=200)
    prompt_version = models.CharField(max_length=40, blank=True)
    settings = models.JSONField(default=dict)
    transcript_hash = models.CharField(max_length=64, blank=True)
    overall = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    assessed_share = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    missed_must_haves = models.JSONField(default=list)
    comment = models.TextField(blank=True)
    failure = models.CharField(max_length=60, blank=True)
    ready_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    dropped_quotes = models.PositiveIntegerField(default=0)

    objects: ClassVar = ScorecardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["interview", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=SCORECARD.known(), name="scorecard_status_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.ENGINE, reviewer__isnull=True, work_item__isnull=False)
                | Q(kind=Kind.REVIEWER, reviewer__isnull=False, work_item__isnull=True),
                name="scorecard_of_an_engine_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["interview", "reviewer"],
                condition=Q(kind=Kind.REVIEWER),
                name="one_scorecard_per_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(overall__isnull=True) | Q(overall__range=(1, 5)),
                name="scorecard_overall_in_range",
            ),
            models.CheckConstraint(
                condition=Q(assessed_share__isnull=True) | Q(assessed_share__range=(0, 1)),
                name="scorecard_assessed_share_in_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ScorecardStatus.READY,
                    ready_at__isnull=False,
                    assessed_share__isnull=False,
                )
                | (~Q(status=ScorecardStatus.READY) & Q(ready_at__isnull=True)),
                name="scorecard_ready_at_when_ready",
            ),
            models.CheckConstraint(
                condition=(Q(status=ScorecardStatus.FAILED) & ~Q(failure=""))
                | (~Q(status=ScorecardStatus.FAILED) & Q(failure="")),
                name="scorecard_failed_with_a_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.get_status_display()})"


class Score(TenantRow):
    """The level of one competency, or none with the reason why it was not assessed."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="scores")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    rationale = models.TextField(blank=True)
    flags = models.JSONField(default=list)
    findings = models.JSONField(default=dict)
    levels = models.JSONField(default=list)
    raw = models.TextField(blank=True)

    objects: ClassVar = ScorecardPartQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["scorecard", "competency__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scorecard", "competency"], name="one_score_per_competency"
            ),
            models.CheckConstraint(
                condition=Q(level__range=(1, 5), reason="")
                | (Q(level__isnull=True) & ~Q(reason="")),
                name="score_has_a_level_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competency}: {self.level or 'not assessed'}"


class Evidence(TenantRow):
    """A quote found in the candidate's own words; offsets are code points into the segment."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="evidence")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    quote = models.TextField()
    shows = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    start_ms = models.PositiveIntegerField(null=True)
    end_ms = models.PositiveIntegerField(null=True)

    objects: ClassVar = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering: ClassVar = ["score", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["score", "position"], name="one_quote_per_position"),
            models.CheckConstraint(
                condition=Q(start__lt=F("end")), name="evidence_starts_before_it_ends"
            ),
            models.CheckConstraint(condition=~Q(quote=""), name="evidence_has_a_quote"),
        ]

    def __str__(self) -> str:
        return self.quote
