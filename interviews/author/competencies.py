"""Reads the competency library: one TOML file each in library/, described in its README."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from interviews.guide_body import QuestionBody

_LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True, slots=True)
class Entry:
    """One competency of the library.

    `core` is 1 to 5 for those that fill a draft up, in that order, and None for the others; `cues`
    matches each word of a job description that points to this competency, in any case.
    """

    key: str
    name: str
    description: str
    core: int | None
    cues: re.Pattern[str]
    anchors: Mapping[int, str]
    questions: tuple[QuestionBody, ...]


@lru_cache(maxsize=1)
def load_library() -> tuple[Entry, ...]:
    """Return all entries, the core ones first in their order, the others by key."""
    entries = [_read(path) for path in sorted(_LIBRARY.glob("*.toml"))]
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[bool, int, str]:
    return entry.core is None, entry.core or 0, entry.key


def _read(path: Path) -> Entry:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Entry(
        key=path.stem,
        name=data["name"],
        description=data["description"],
        core=data.get("core"),
        cues=_any_of(data["cues"]),
        anchors={int(level): text for level, text in data["anchors"].items()},
        questions=tuple(_question(path.stem, question) for question in data["questions"]),
    )


def _question(key: str, data: Mapping[str, Any]) -> QuestionBody:
    return QuestionBody(key, data["text"], tuple(data["probes"]), data["time_limit_seconds"])


def _any_of(cues: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole words; the longest first, so that a phrase wins over its word."""
    alternatives = "|".join(_word(cue) for cue in sorted(cues, key=len, reverse=True))
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


def _word(cue: str) -> str:
    spaced = r"\s+".join(re.escape(part) for part in cue.removesuffix("*").split())
    return spaced + (r"\w*" if cue.endswith("*") else "")
