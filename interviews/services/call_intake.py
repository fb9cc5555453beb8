"""Taking in call events: kept byte for byte in the call's ledger, looked at later by a worker."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, UUIDField
from django.utils import timezone

from interviews.calls.dialect import OWN, own_fact, read_event
from interviews.calls.facts import Fact
from interviews.models import Call, CallEntry, DeadLetter
from talenti.ids import new_id
from talenti.prepared import Slots, fetch, fetch_object, insert
from talenti.work.queue import enqueue

FOLLOW_CALL = "interviews.follow_call"
OURS = "talenti"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as it came. `event_id` is the sender's; the body's hash where it is unreadable."""

    event_id: str
    type: str
    body: bytes


def keep(call_id: uuid.UUID, source: str, events: Iterable[bytes]) -> int:
    """Add what is new to the call's ledger and queue the work; returns how much was new.

    An event that is known already, or that nobody can read, is no fault: the second is kept too.
    Raises Call.DoesNotExist.
    """
    incoming = [_read(body) for body in events]  # outside the transaction
    with transaction.atomic():
        call = lock(call_id)
        return sum(_keep_one(call, source, event) for event in incoming)


def lock(call_id: uuid.UUID) -> Call:
    """Return the call with its row held until the transaction ends; raises Call.DoesNotExist."""
    held: Call | None = fetch_object(Call, _held, {"pk": call_id})
    if held is None:
        raise Call.DoesNotExist
    return held


def keep_fact(call: Call, fact: Fact, *, event_id: str) -> bool:
    """Add a fact of our own, in the caller's transaction that holds the call's row.

    `event_id` says what it is, so that the same fact is never there twice. Returns whether it is
    new. No work is queued: whoever decides it goes on by themselves.
    """
    body = own_fact(fact)
    return _append(call, OURS, Incoming(event_id, f"{OURS}.{fact.kind.value}", body)) is not None


def keep_dead_letter(source: str, body: bytes, reason: str) -> None:
    """Keep what was rightly delivered and that nobody can use; the same one is counted only."""
    digest = hashlib.sha256(body).hexdigest()
    values = {"source": source, "reason": reason, "size": len(body), "body": body}
    _, is_new = DeadLetter.objects.get_or_create(
        body_sha256=digest, defaults={**values, "received_at": timezone.now()}
    )
    if not is_new:
        DeadLetter.objects.filter(body_sha256=digest).update(times=F("times") + 1)


def find_call(
    *, server_call_id: str = "", recording_id: str = "", connection_id: str = ""
) -> Call | None:
    """Return the call that one of the line's own names belongs to, the surest first."""
    names = {
        "recording_id": recording_id,
        "connection_id": connection_id,
        "server_call_id": server_call_id,
    }
    for field, value in names.items():
        found: Call | None = Call.objects.filter(**{field: value}).first() if value else None
        if found is not None:
            return found
    return None


def chain_hash(before: str, entry: CallEntry) -> str:
    """Return the SHA-256 (hex) that binds an entry to the one before it."""
    names = (entry.position, entry.source, entry.event_id, entry.type)
    parts = (before, *names, entry.received_at.isoformat(), entry.body_sha256)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def is_unbroken(call: Call) -> bool:
    """Return whether the ledger is as it was written: none changed, added, moved or missing.

    A body that was deleted in its time leaves its hash, and the chain holds.
    """
    before, position = "", 0
    for position, entry in enumerate(call.ledger.order_by("position"), start=1):
        body = bytes(entry.body)
        changed = body and hashlib.sha256(body).hexdigest() != entry.body_sha256
        if changed or entry.position != position or entry.hash != chain_hash(before, entry):
            return False
        before = entry.hash
    return (position, before) == (call.entries, call.head)


def _read(body: bytes) -> Incoming:
    try:
        event = read_event(body, received_at=timezone.now())
    except ValueError:
        return _unreadable(body)
    if event.type.startswith(OWN):  # whoever sends it: facts of our own come from ourselves only
        return _unreadable(body)
    return Incoming(event.event_id, event.type, body)


def _unreadable(body: bytes) -> Incoming:
    return Incoming(hashlib.sha256(body).hexdigest(), UNREADABLE, body)


def _keep_one(call: Call, source: str, event: Incoming) -> bool:
    entry = _append(call, source, event)
    if entry is None:
        return False
    if not call.forgotten_at:
        enqueue(FOLLOW_CALL, organisation_id=call.organisation_id, subject_id=entry.pk)
    return True


def _append(call: Call, source: str, event: Incoming) -> CallEntry | None:
    """Write the next entry; None when this event is there. The caller holds the call's row."""
    known = {"call": call.pk, "source": source, "event_id": event.event_id}
    if fetch(_entries, known):
        return None
    entry = CallEntry(
        pk=new_id(),
        organisation_id=call.organisation_id,
        call=call,
        position=call.entries + 1,
        source=source,
        event_id=event.event_id,
        type=event.type,
        body=b"" if call.forgotten_at else event.body,  # what is forgotten stays so
        body_sha256=hashlib.sha256(event.body).hexdigest(),
        received_at=timezone.now(),
    )
    entry.hash = chain_hash(call.head, entry)
    insert(entry)
    call.entries, call.head = entry.position, entry.hash
    call.save(update_fields=["entries", "head"])
    return entry


def _held(slots: Slots) -> Any:
    return Call.objects.filter(pk=slots("pk", UUIDField())).order_by().select_for_update()


def _entries(slots: Slots) -> Any:
    text = CharField()
    place = {"source": slots("source", text), "event_id": slots("event_id", text)}
    entries = CallEntry.objects.filter(call__id=slots("call", UUIDField()), **place)
    return entries.order_by().values_list("pk")
