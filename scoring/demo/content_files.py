"""The demo's content as plain values, read from the files beside this one."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from interviews.guide_body import GuideBody, from_json

CONTENT = Path(__file__).parent / "content"


@cache
def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


def jobs() -> list[dict[str, Any]]:
    """Return the demo's positions."""
    found: list[dict[str, Any]] = _read("jobs.json")["jobs"]
    return found


def interviews() -> list[dict[str, Any]]:
    """Return the demo's interviews in the order to load (shape: content/README.md)."""
    found: list[dict[str, Any]] = _read("interviews.json")["interviews"]
    return found


def guide_body(path: str) -> GuideBody:
    """Return the guide at a path inside the content folder."""
    return from_json(_read(path))


def spoken_file(path: str) -> Path:
    """Return where a spoken answer lies."""
    return CONTENT / path
