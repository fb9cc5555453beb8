"""Reads single fields of an event that anybody may have written: nothing here trusts a type."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

MAX_WORDS = 20_000  # characters of one utterance
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # what a database of text cannot hold
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(2000, 2101)


def read_object(body: bytes) -> Mapping[str, Any]:
    """Read a JSON object in UTF-8. Raises ValueError, also for NaN and for endless nesting."""
    text = body.decode("utf-8")
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - every refusal here is a ValueError
    return value


def end_of_value(text: str, start: int) -> int:
    """Return where the JSON value that begins at `start` ends. Raises ValueError."""
    try:
        return _DECODER.raw_decode(text, start)[1]
    except RecursionError:
        raise ValueError("nested too deeply") from None


def required_text(event: Mapping[str, Any], key: str, longest: int) -> str:
    """Return a text that has to be there and whole: cut, two of them could become the same."""
    found = text_of(event.get(key), longest)
    if not found:
        raise ValueError(f"no usable {key}")
    return found


def text_of(value: object, longest: int) -> str:
    """Return a text that can be stored as it is, else nothing."""
    if not isinstance(value, str) or len(value) > longest or _BROKEN.search(value):
        return ""
    return value


def words_of(value: object) -> str:
    """Return what somebody said, without what cannot be stored, and cut to a sane length."""
    return _BROKEN.sub("", value).strip()[:MAX_WORDS] if isinstance(value, str) else ""


def mapping_of(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def count_of(value: object) -> int | None:
    """Return a whole number that any database holds, else None."""
    return value if type(value) is int and 0 <= value < 2**53 else None


def code_of(value: object) -> str:
    """Return a provider's number as text; 0 and what is no number are nothing."""
    number = count_of(value)
    return str(number) if number else ""


def share_of(value: object) -> float | None:
    """Return a confidence, put between 0 and 1."""
    if type(value) not in (int, float):
        return None
    return float(min(max(value, 0), 1))  # type: ignore[call-overload]


def time_of(value: object) -> datetime | None:
    """Return an instant in UTC, or None for what is none; providers write seven digits."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        found = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
