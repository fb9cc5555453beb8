"""What happened: one append-only row for every move and every act that matters."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from talenti.tenancy import TenantRow


class HistoryEntry(TenantRow):
    """One fact. `subject` is what it is about; `root_id` is the interview (or job) it belongs to.

    `data` holds counts, codes and ids: never personal data, which would outlive its deletion.
    """

    subject = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    root_id = models.UUIDField()
    verb = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=16)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "history"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            # GET interviews/{id}/history: one interview's story in order of time
            models.Index(fields=["organisation", "root_id", "id"], name="history_by_root"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=["person", "candidate", "system", "engine"]),
                name="history_actor_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(actor_kind="person", actor__isnull=False)
                | (~models.Q(actor_kind="person") & models.Q(actor__isnull=True)),
                name="history_names_the_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new entry; an existing one cannot be written again."""
        if not self._state.adding:
            message = "History is append-only."
            raise TypeError(message)
        super().save(*args, **kwargs)
