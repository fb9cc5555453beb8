"""The wall between organisations: every row has one, every query is cut to the user's."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from talenti.ids import new_id


class TenantQuerySet(models.QuerySet[Any, Any]):
    """Rows of organisations; start every read that serves a person with `for_user`."""

    def for_user(self, user: Any) -> Self:
        """Return only rows of organisations in which `user` has a membership."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(organisation__in=list(user.roles))


class TenantRow(models.Model):
    """A row that belongs to exactly one organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        "talenti.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    organisation_id: uuid.UUID
    objects: ClassVar = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
