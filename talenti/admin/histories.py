"""History in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from talenti.models import HistoryEntry

ACTORS = {"candidate": "The candidate", "system": "Talenti", "engine": "The engine"}
SUBJECTS = {
    "candidatedocument": "document",
    "historyentry": "history",
    "qualitycheck": "quality check",
    "workitem": "work item",
}
# What a person reads for a verb that is no move; {subject} is what it was done to.
VERBS = {
    "added": "added a member as {to}",
    "allowed_calls": "noted that the candidate may be called",
    "announced": "started to upload a {subject}",
    "cancelled": "took a {subject} out of the queue",
    "changed": "changed the {subject}",
    "created": "created the {subject}",
    "decided": "decided: {to}",
    "deleted": "deleted the {subject}",
    "dialled": "dialled the candidate's number",
    "edited": "edited the {subject}",
    "forgotten": "deleted what was said in a {subject}",
    "held": "put the interview under legal hold",
    "invited": "sent an invitation",
    "opened": "played a {subject}",
    "password_set": "set a new password",
    "planned": "planned a {subject}",
    "printed": "opened the report",
    "refused_calls": "noted that the candidate must not be called",
    "released": "released the interview from legal hold",
    "requeued": "put a {subject} back into the queue",
    "removed": "removed a member",
    "reviewed": "submitted a scorecard",
    "role": "changed a member from {before} to {to}",
    "score_requested": "asked for another scoring",
    "skipped": "went on without an answer",
    "stopped": "stopped a {subject}",
    "stored": "stored a {subject}",
}
MOVES = {"status", "stage", "outcome"}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is read: who did what, when, and why."""

    at: dt.datetime
    who: str
    what: str
    why: str
    is_quiet: bool


def describe_all(entries: Iterable[HistoryEntry]) -> list[Told]:
    """Return the entries in words, in the given order."""
    return [describe(entry) for entry in entries]


def describe(entry: HistoryEntry) -> Told:
    """Return one entry in words; what only the machine did is quiet."""
    who = str(entry.actor) if entry.actor else ACTORS[entry.actor_kind]
    quiet = entry.verb == "stage" or entry.actor_kind in {"system", "engine"}
    return Told(entry.created_at, who, _what(entry), words(entry.reason, keep=True), quiet)


def _what(entry: HistoryEntry) -> str:
    subject = SUBJECTS.get(entry.subject, entry.subject)
    if entry.verb in MOVES:
        thing = "stage" if entry.verb == "stage" else subject
        return f"moved the {thing} from {words(entry.from_state)} to {words(entry.to_state)}"
    pattern = VERBS.get(entry.verb, f"{words(entry.verb)} ({{subject}})")
    return pattern.format(subject=subject, before=words(entry.from_state), to=words(entry.to_state))


def words(code: str, *, keep: bool = False) -> str:
    """Return a stored code as words; with `keep` a sentence stays as it was written."""
    return code if keep and " " in code else code.replace("_", " ")
