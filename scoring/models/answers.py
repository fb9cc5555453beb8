"""What an assessor's provider answered, kept only until the scorecard is stored."""

from typing import ClassVar

from django.db import models

from interviews.models import Competency
from talenti.tenancy import TenantQuerySet, TenantRow
from talenti.work.models import WorkItem


class AssessorAnswer(TenantRow):
    """One paid answer; `question` is the hash of everything that was asked.

    A worker that is lost between two answers leaves them to the next one, which pays for neither
    again. The scorecard keeps the raw answers, so these rows go with the work they belong to.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="+")
    sample = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    finish = models.CharField(max_length=20)
    model = models.CharField(max_length=80, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)

    objects: ClassVar = TenantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work_item", "competency", "sample", "question"],
                name="one_answer_per_question_and_sample",
            )
        ]

    def __str__(self) -> str:
        return f"sample {self.sample}: {self.finish}"
