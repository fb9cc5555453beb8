"""Positions: opened, described, closed, and deleted while nobody was interviewed for them."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from interviews.models import Guide, Job
from interviews.states import JOB, GuideStatus
from talenti.errors import WrongState
from talenti.history import Actor, advance, record


def create_job(organisation_id: uuid.UUID, actor: Actor, *, title: str, description: str) -> Job:
    """Open a position."""
    with transaction.atomic():
        job = Job.objects.create(
            organisation_id=organisation_id, title=title, description=description
        )
        record(job, "created", actor)
    return job


def change_job(job: Job, actor: Actor, *, status: str = "", **texts: Any) -> None:
    """Change title or description, and close or reopen it."""
    changed = sorted(name for name, value in texts.items() if getattr(job, name) != value)
    with transaction.atomic():
        for name in changed:
            setattr(job, name, texts[name])
        if changed:
            job.save(update_fields=[*changed, "updated_at"])
            record(job, "changed", actor, data={"fields": changed})
        if status and status != job.status:
            advance(job, JOB, status, actor)


def delete_job(job: Job, actor: Actor) -> None:
    """Delete a position with its draft guides; WrongState once a guide was published."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.guides.exclude(status=GuideStatus.DRAFT).exists() or job.interviews.exists():
            raise WrongState("This job is in use. Close it instead.", ["close"])
        record(job, "deleted", actor)
        try:
            Guide.objects.filter(job=job).delete()
            job.delete()
        except ProtectedError as error:
            raise WrongState("This job is in use. Close it instead.", ["close"]) from error
