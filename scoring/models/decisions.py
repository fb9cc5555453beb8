"""Decisions: by people, with a reason."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from interviews.models import Interview
from scoring.states import DECISION, Outcome
from talenti.tenancy import TenantRow


class Decision(TenantRow):
    """What was decided about one interview. Only a hold may still change."""

    interview = models.OneToOneField(Interview, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=DECISION.known(), name="decision_outcome_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
