"""Writing history, and moving states: `advance` is the only writer of a status."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal

from talenti.errors import WrongState
from talenti.models import HistoryEntry, User
from talenti.prepared import insert
from talenti.states import Machine
from talenti.tenancy import TenantQuerySet


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, the candidate, an engine or the system itself."""

    kind: str
    user: User | None = None

    @classmethod
    def person(cls, user: Any) -> "Actor":
        """Return a signed-in person."""
        return cls("person", user)

    @property
    def signed_in(self) -> User:
        """Return the person; ValueError for an actor who is nobody's user."""
        if self.user is None:
            message = f"{self.kind} is not a person"
            raise ValueError(message)
        return self.user


history_read = Signal()  # user; a receiver returns the Q of entries that are withheld from them
CANDIDATE = Actor("candidate")
SYSTEM = Actor("system")
ENGINE = Actor("engine")


def record(
    row: Any, verb: str, actor: Actor, *, root_id: uuid.UUID | None = None, **facts: Any
) -> HistoryEntry:
    """Write one fact about `row`; `facts` may name from_state, to_state, reason and data."""
    entry = HistoryEntry(
        organisation_id=row.organisation_id,
        subject=row._meta.model_name,
        subject_id=row.pk,
        root_id=root_id or getattr(row, "interview_id", None) or row.pk,
        verb=verb,
        actor_kind=actor.kind,
        actor=actor.user,
        **facts,
    )
    insert(entry)
    return entry


def entries_for(user: Any) -> TenantQuerySet:
    """Return the history that `user` may see; every list, page and export of it begins here."""
    return shown_to(HistoryEntry.objects.all(), user)


def shown_to(entries: TenantQuerySet, user: Any) -> TenantQuerySet:
    """Return those of `entries` that `user` may see."""
    entries = entries.for_user(user)
    for _, withheld in history_read.send(sender=HistoryEntry, user=user):
        entries = entries.exclude(withheld)
    return entries


def _try_move(row: Any, machine: Machine, to: str, values: dict[str, Any]) -> str | None:
    before: str = getattr(row, machine.field)
    if before not in machine.before(to):
        return None
    here = type(row)._default_manager.filter(pk=row.pk, **{machine.field: before})
    return before if here.update(**{machine.field: to}, **values) else None


def move(
    row: models.Model, machine: Machine, to: str, actor: Actor, *, reason: str = "", **values: Any
) -> bool:
    """Move `row` to `to` if that is legal, with `values` set in the same statement.

    One conditional UPDATE claims the move, so of two callers one wins. Returns whether it moved.
    """
    with transaction.atomic():
        before = _try_move(row, machine, to, values)
        if before is None:  # it may have moved since it was read
            row.refresh_from_db(fields=[machine.field])
            before = _try_move(row, machine, to, values)
        if before is None:
            return False
        record(row, machine.field, actor, from_state=before, to_state=to, reason=reason)
    for name, value in {machine.field: to, **values}.items():
        setattr(row, name, value)
    return True


def advance(
    row: models.Model, machine: Machine, to: str, actor: Actor, *, reason: str = "", **values: Any
) -> None:
    """Move like `move`, and raise WrongState with the legal moves when that is refused."""
    if move(row, machine, to, actor, reason=reason, **values):
        return
    now = getattr(row, machine.field)
    message = f"This {row._meta.verbose_name} is {now} and cannot become {to}."
    raise WrongState(message, legal_moves=machine.moves[now])
