"""Candidates: one row per e-mail address and organisation."""

import uuid
from typing import Any

from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from interviews.models import Candidate
from talenti.errors import WrongState
from talenti.history import Actor, record

DOCUMENTS = "documents"


def create_candidate(organisation_id: uuid.UUID, actor: Actor, **fields: Any) -> Candidate:
    """Add a candidate; WrongState when one with this address is known."""
    try:
        with transaction.atomic():
            row = Candidate.objects.create(organisation_id=organisation_id, **fields)
            record(row, "created", actor)
    except IntegrityError as error:
        raise _known() from error
    return row


def change_candidate(row: Candidate, actor: Actor, **fields: Any) -> None:
    """Change what is given; the history names the fields and never their content."""
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(row, name, fields[name])
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "updated_at"])
            record(row, "changed", actor, data={"fields": changed})
    except IntegrityError as error:
        raise _known() from error


def delete_candidate(row: Candidate, actor: Actor) -> None:
    """Delete a candidate and their documents; WrongState once there was an interview."""
    with transaction.atomic():
        names = list(row.documents.values_list("storage_name", flat=True))
        record(row, "deleted", actor, data={"documents": len(names)})
        try:
            row.delete()
        except ProtectedError as error:
            message = "This candidate has interviews; their story cannot lose its person."
            raise WrongState(message) from error
        for name in names:  # before the commit: rows without a file are found, files without not
            storages[DOCUMENTS].delete(name)


def _known() -> WrongState:
    message = "Your organisation has a candidate with this address."
    return WrongState(message, errors={"email": [message]})
