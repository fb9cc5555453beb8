"""The guide editor's page as plain values: every field with what speaks against it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from interviews.guide_body import LEVELS, Objection

EMPTY_COMPETENCY: dict[str, Any] = {
    "key": "new-0",
    "name": "",
    "description": "",
    "weight": "1",
    "must_have_level": None,
    "anchors": {},
}
EMPTY_QUESTION: dict[str, Any] = {
    "competency": "",
    "text": "",
    "probes": [],
    "time_limit_seconds": 180,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The guide as it is shown, and what was wrong with it when it was posted, by path."""

    values: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to change: an error stops saving, an objection stops publishing."""

    text: str
    kind: str  # error, absolute, overridable


Notes = Mapping[str, list[Note]]


def page_of(draft: Draft, objections: Iterable[Objection]) -> dict[str, Any]:
    """Return what the template shows."""
    standing = list(objections)
    notes = _notes(draft, standing)
    competencies = [
        _competency(values, f"competencies[{index}]", notes)
        for index, values in enumerate(draft.values["competencies"])
    ]
    named = [(one["key"], one["name"] or "Unnamed competency") for one in competencies]
    questions = [
        _question(values, f"questions[{index}]", notes)
        for index, values in enumerate(draft.values["questions"])
    ]
    _count_questions(competencies, questions)
    return {
        "values": draft.values,
        "competencies": competencies,
        "questions": questions,
        "choices": named,
        "guide_notes": [
            note
            for path in ("title", "language", "competencies", "questions", "non_field_errors")
            for note in notes.get(path, [])
        ],
        "empty_competency": _competency(EMPTY_COMPETENCY, "-", {}),
        "empty_question": _question(EMPTY_QUESTION, "-", {}),
        "levels": LEVELS,
        "total_weight": sum(_weight(one["weight"]) for one in competencies),
        "objection_count": len(standing),
        "only_overridable": bool(standing) and all(one.overridable for one in standing),
        "any_overridable": any(one.overridable for one in standing),
    }


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text) else 0.0


def _notes(draft: Draft, objections: Iterable[Objection]) -> dict[str, list[Note]]:
    notes: dict[str, list[Note]] = defaultdict(list)
    for path, messages in draft.errors.items():
        notes[path].extend(Note(message, "error") for message in messages)
    if not draft.errors:
        for one in objections:
            kind = "overridable" if one.overridable else "absolute"
            notes[one.path].append(Note(one.message, kind))
    return notes


def _competency(values: Mapping[str, Any], path: str, notes: Notes) -> dict[str, Any]:
    anchors = [
        {
            "level": level,
            "text": values["anchors"].get(str(level), ""),
            "notes": notes.get(f"{path}.anchors.{level}", []),
        }
        for level in LEVELS
    ]
    own = [notes.get(path, []), notes.get(f"{path}.anchors", [])]
    fields = ("key", "name", "description", "weight", "must_have_level")
    own += [notes.get(f"{path}.{name}", []) for name in fields]
    found = [note for part in own for note in part]
    return {
        **values,
        "anchors": anchors,
        "notes": found,
        "has_notes": bool(found) or any(one["notes"] for one in anchors),
    }


def _question(values: Mapping[str, Any], path: str, notes: Notes) -> dict[str, Any]:
    found = [
        note
        for where, about in notes.items()
        if where == path or where.startswith(f"{path}.")
        for note in about
    ]
    return {**values, "probes_text": "\n".join(values["probes"]), "notes": found}


def _count_questions(competencies: list[dict[str, Any]], questions: list[dict[str, Any]]) -> None:
    """Say how often each competency is asked about, and name the competency of each question."""
    names = {one["key"]: one["name"] for one in competencies}
    for one in competencies:
        one["asked"] = sum(question["competency"] == one["key"] for question in questions)
    for question in questions:
        question["competency_name"] = names.get(question["competency"], "")
