"""What the quality gate found before scoring."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from interviews.models import Interview
from scoring.states import GateOutcome
from talenti.tenancy import TenantRow


class QualityCheck(TenantRow):
    """One passage of the gate over one state of the words (`transcript_hash`)."""

    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="quality_checks"
    )
    transcript_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=24, choices=GateOutcome.choices)
    findings = models.JSONField(default=list)
    measures = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["interview", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=GateOutcome.values), name="gate_outcome_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
