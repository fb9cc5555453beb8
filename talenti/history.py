"""Writing history, and moving states: `advance` is the only writer of a status."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from talenti.errors import WrongState
from talenti.models import HistoryEntry, User
from talenti.states import Machine


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, the candidate, an engine or the system itself."""

    kind: str
    user: User | None = None

    @classmethod
    def person(cls, user: Any) -> "Actor":
        """Return a signed-in person."""
        return cls("person", user)


CANDIDATE = Actor("candidate")
SYSTEM = Actor("system")
ENGINE = Actor("engine")


def record(
    row: Any, verb: str, actor: Actor, *, root_id: uuid.UUID | None = None, **facts: Any
) -> HistoryEntry:
    """Write one fact about `row`; `facts` may name from_state, to_state, reason and data."""
    return HistoryEntry.objects.create(
        organisation_id=row.organisation_id,
        subject=row._meta.model_name,
        subject_id=row.pk,
        root_id=root_id or getattr(row, "interview_id", None) or row.pk,
        verb=verb,
        actor_kind=actor.kind,
        actor=actor.user,
        **facts,
    )


def move(  # noqa: PLR0913 - the parts of one move
    row: models.Model, machine: Machine, to: str, actor: Actor, *, reason: str = "", **values: Any
) -> bool:
    """Move `row` to `to` if that is legal now, with `values` set in the same statement.

    One conditional UPDATE claims the move, so of two callers one wins. Returns whether it moved.
    """
    before = getattr(row, machine.field)
    froms = machine.before(to)
    with transaction.atomic():
        claimed = type(row)._default_manager.filter(pk=row.pk, **{f"{machine.field}__in": froms})
        if before in froms:  # so that history names the state that was really left
            claimed = claimed.filter(**{machine.field: before})
        if not claimed.update(**{machine.field: to}, **values):
            return False
        record(row, machine.field, actor, from_state=before, to_state=to, reason=reason)
    for name, value in {machine.field: to, **values}.items():
        setattr(row, name, value)
    return True


def advance(  # noqa: PLR0913 - the parts of one move
    row: models.Model, machine: Machine, to: str, actor: Actor, *, reason: str = "", **values: Any
) -> None:
    """Move like `move`, and raise WrongState with the moves that are legal when it could not."""
    for _ in range(2):  # the second try is for a row that moved since it was read
        if move(row, machine, to, actor, reason=reason, **values):
            return
        row.refresh_from_db(fields=[machine.field])
    now = getattr(row, machine.field)
    message = f"A {row._meta.verbose_name} that is {now} cannot become {to}."
    raise WrongState(message, legal_moves=machine.moves[now])
