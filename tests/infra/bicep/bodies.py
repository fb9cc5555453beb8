"""Bodies of resources against the oracle: what Azure's client packages say of each type."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.bicep.results import ResourceValue
from tests.infra.bicep.values import Finding, Opaque

TABLE = Path(__file__).parents[1] / "oracle" / "table.json"
PYTHON: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "number": (int, float),
    "string": (str,),
}
Problems = Iterator[str]


@cache
def oracle() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text())
    return table


def check_body(resource: ResourceValue, uncovered: set[str]) -> Iterator[Finding]:
    """Yield what Azure would refuse or ignore; types without an oracle have to be listed."""
    known = oracle()["types"].get(resource.type)
    if known is None:
        if resource.type not in uncovered:
            yield resource.finding("oracle", "no oracle knows this type, and it is not listed")
        return
    version = resource.declaration.api_version
    if version != known["api_version"]:
        message = f"API version {version}; the oracle is of {known['api_version']}"
        yield resource.finding("oracle-version", message)
    if not resource.existing:
        for problem in _model(resource.body, known["model"], "body", top=True):
            yield resource.finding("oracle", problem)


def _model(value: Any, key: str, where: str, *, top: bool = False) -> Problems:
    model = oracle()["models"][key]
    if not isinstance(value, dict):
        yield f"{where} is {_shown(value)}, not an object ({key})"
        return
    if "by" not in model:
        yield from _fields(value, model["fields"], where, top=top)
        return
    kind = value.get(model["by"])
    if kind in model["kinds"] and model["kinds"][kind] != key:
        yield from _model(value, model["kinds"][kind], where)
    else:
        yield f"{where}.{model['by']} is {_shown(kind)}, not one of {sorted(model['kinds'])}"


def _fields(value: dict[str, Any], fields: dict[str, Any], where: str, *, top: bool) -> Problems:
    for name, inner in value.items():
        field = fields.get(name) if name else None
        if field is None:
            yield f"{where}.{name} is unknown"
        elif field.get("read_only"):
            yield f"{where}.{name} is read-only"
        elif inner is not None:
            yield from _value(inner, field["type"], f"{where}.{name}")
            yield from _limits(inner, field, f"{where}.{name}")
    for name, field in fields.items():
        if field.get("required") and value.get(name) is None and not (top and name == "name"):
            yield f"{where}.{name} is required"


def _value(value: Any, kind: Any, where: str) -> Problems:
    if kind == "any" or (isinstance(value, Opaque) and value.runtime):
        return
    if isinstance(kind, str):
        fits = isinstance(value, PYTHON[kind])
        if not fits or (isinstance(value, bool) and kind != "bool"):
            yield f"{where} is {_shown(value)}, not {kind}"
        return
    [(form, inner)] = kind.items()
    yield from FORMS[form](value, inner, where)


def _enum(value: Any, known: list[Any], where: str) -> Problems:
    if value not in known or isinstance(value, bool) not in {type(one) is bool for one in known}:
        yield f"{where} is {_shown(value)}, not one of {known[:12]}"


def _list(value: Any, kind: Any, where: str) -> Problems:
    if not isinstance(value, list):
        yield f"{where} is {_shown(value)}, not a list"
        return
    for number, item in enumerate(value):
        yield from _value(item, kind, f"{where}[{number}]")


def _map(value: Any, kind: Any, where: str) -> Problems:
    if not isinstance(value, dict):
        yield f"{where} is {_shown(value)}, not an object"
        return
    for name, item in value.items():
        yield from _value(item, kind, f"{where}.{name}")


def _nested(value: Any, fields: dict[str, Any], where: str) -> Problems:
    if isinstance(value, dict):
        yield from _fields(value, fields, where, top=False)
    else:
        yield f"{where} is {_shown(value)}, not an object"


def _either(value: Any, kinds: list[Any], where: str) -> Problems:
    found = [list(_value(value, kind, where)) for kind in kinds]
    if all(found):
        yield from found[0]


def _limits(value: Any, field: dict[str, Any], where: str) -> Problems:
    if isinstance(value, Opaque) and value.runtime:
        return
    for name, fits in LIMITS.items():
        if name in field and not fits(value, field[name]):
            yield f"{where} is {_shown(value)}, against {name} {field[name]}"


def _shown(value: Any) -> str:
    return "a secret" if isinstance(value, Opaque) else repr(value)


FORMS: dict[str, Any] = {
    "either": _either,
    "enum": _enum,
    "fields": _nested,
    "list": _list,
    "map": _map,
    "model": _model,
}
LIMITS: dict[str, Any] = {
    "max_length": lambda value, limit: len(value) <= limit,
    "maximum": lambda value, limit: value <= limit,
    "min_length": lambda value, limit: len(value) >= limit,
    "minimum": lambda value, limit: value >= limit,
    "pattern": lambda value, pattern: re.search(pattern, value) is not None,
}
