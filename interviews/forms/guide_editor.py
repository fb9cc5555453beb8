"""What the guide editor posts, read into a guide's body.

Each competency and each question is one block of inputs. The blocks of a kind use the same names,
and the browser posts them in the order of the page, so that moving a block is all that ordering
needs. Errors come back under the paths that the linter uses too, as `competencies[0].anchors.3`.
"""

import re
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify

from interviews.guide_body import LEVELS, GuideBody, from_json, to_json
from talenti.errors import Invalid

COMPETENCY_FIELDS = ("key", "name", "description", "weight", "must_have_level")
_NEW_KEY = re.compile(r"new-\d{1,6}")
_WHOLE = re.compile(r"\d{1,6}")


def read_editor(posted: QueryDict) -> dict[str, Any]:
    """Return the posted guide as the JSON that the API would carry; nothing is checked yet.

    Raises Invalid when blocks are torn, which no browser does.
    """
    competencies = _competencies(posted)
    keys = _final_keys(competencies)
    for competency in competencies:
        competency["key"] = keys[competency["key"]]
    questions = _questions(posted)
    for question in questions:
        question["competency"] = keys.get(question["competency"], question["competency"])
    return {
        "title": posted.get("title", ""),
        "language": posted.get("language", ""),
        "competencies": competencies,
        "questions": questions,
    }


def parse_editor(values: dict[str, Any]) -> GuideBody:
    """Return the body, or raise Invalid with every wrong field under its path."""
    return from_json(values)


def editor_values(body: GuideBody) -> dict[str, Any]:
    """Return a stored guide as the editor shows it."""
    return to_json(body)


def _columns(posted: QueryDict, names: dict[str, str]) -> list[dict[str, str]]:
    lists = {name: posted.getlist(field) for name, field in names.items()}
    if len({len(values) for values in lists.values()}) > 1:
        raise Invalid("The page was sent incompletely. Load it again.")
    rows = zip(*lists.values(), strict=True)
    return [dict(zip(lists, row, strict=True)) for row in rows]


def _competencies(posted: QueryDict) -> list[dict[str, Any]]:
    names = {name: f"competency_{name}" for name in COMPETENCY_FIELDS}
    names |= {f"anchor_{level}": f"competency_anchor_{level}" for level in LEVELS}
    return [
        {
            "key": row["key"],
            "name": row["name"],
            "description": row["description"],
            "weight": row["weight"].strip(),
            "must_have_level": int(row["must_have_level"])
            if row["must_have_level"] in set("12345")
            else None,
            "anchors": {str(level): row[f"anchor_{level}"] for level in LEVELS},
        }
        for row in _columns(posted, names)
    ]


def _questions(posted: QueryDict) -> list[dict[str, Any]]:
    fields = ("competency", "text", "probes", "seconds")
    return [
        {
            "competency": row["competency"],
            "text": row["text"],
            "probes": [line.strip() for line in row["probes"].splitlines() if line.strip()],
            "time_limit_seconds": int(row["seconds"]) if _WHOLE.fullmatch(row["seconds"]) else 0,
        }
        for row in _columns(posted, {name: f"question_{name}" for name in fields})
    ]


def _final_keys(competencies: list[dict[str, Any]]) -> dict[str, str]:
    """Give new competencies a key made of their name, unlike every other; others keep theirs."""
    kept = {row["key"] for row in competencies if not _NEW_KEY.fullmatch(row["key"])}
    keys = {key: key for key in kept}
    for row in competencies:
        if row["key"] in keys:
            continue
        wanted = slugify(row["name"])[:50].strip("-_") or "competency"
        number = 1
        while (key := wanted if number == 1 else f"{wanted}-{number}") in kept:
            number += 1
        kept.add(key)
        keys[row["key"]] = key
    return keys
