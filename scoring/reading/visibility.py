"""Blind first: what reviewers may not see of a history before their own scorecard is ready."""

from typing import Any

from django.db.models import Q

from scoring.models import Scorecard
from scoring.models.scorecards import blind_organisations

SUBJECT = Scorecard._meta.model_name


def hidden_history(user: Any) -> Q:
    """Return which entries are withheld from `user`: those of scorecards they may not see yet."""
    seen = Scorecard.objects.visible_to(user).values("pk")
    about = Q(subject=SUBJECT, organisation__in=blind_organisations(user))
    return about & ~Q(subject_id__in=seen)
