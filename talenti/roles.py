"""Roles of members, and what each may do, as named sets."""

from django.db.models import TextChoices


class Role(TextChoices):
    """A member's role in one organisation."""

    OWNER = "owner", "Owner"
    RECRUITER = "recruiter", "Recruiter"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


READERS = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
WRITERS = frozenset({Role.OWNER, Role.RECRUITER})  # guides, candidates, interviews, uploads
DECIDERS = WRITERS
REVIEWERS = frozenset({Role.OWNER, Role.RECRUITER, Role.REVIEWER})  # transcripts and scorecards
BLIND = frozenset({Role.REVIEWER})  # see no other scorecard before their own is submitted
