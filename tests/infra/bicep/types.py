"""Whether a value is of a declared type."""

from typing import Any

from tests.infra.bicep.syntax import (
    Declaration,
    ListType,
    LiteralType,
    NamedType,
    Node,
    NullableType,
    ObjectType,
    TypeDeclaration,
    UnionType,
)
from tests.infra.bicep.values import Opaque

Names = dict[str, Declaration]
PRIMITIVES: dict[str, type] = {
    "array": list,
    "bool": bool,
    "int": int,
    "object": dict,
    "string": str,
}


def mismatch(value: Any, kind: Node, names: Names, where: str = "it") -> str:
    """Return how the value differs from the type, or nothing.

    What only a deployment knows is taken to be right.
    """
    if isinstance(value, Opaque) and value.runtime:
        return ""
    check = CHECKS.get(type(kind))
    return check(value, kind, names, where) if check else f"{where} has a type that is not known"


def _named(value: Any, kind: NamedType, names: Names, where: str) -> str:
    declared = names.get(kind.name)
    if isinstance(declared, TypeDeclaration):
        return mismatch(value, declared.value, names, where)
    if kind.name == "any":
        return ""
    wanted = PRIMITIVES.get(kind.name)
    if wanted is None:
        return f"{where} has the unknown type {kind.name}"
    fits = isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
    return "" if fits else f"{where} wants {kind.name}, is {_shown(value)}"


def _literal(value: Any, kind: LiteralType, _: Names, where: str) -> str:
    same = value == kind.value and isinstance(value, bool) is isinstance(kind.value, bool)
    return "" if same else f"{where} wants {kind.value!r}, is {_shown(value)}"


def _list(value: Any, kind: ListType, names: Names, where: str) -> str:
    if not isinstance(value, list):
        return f"{where} wants a list, is {_shown(value)}"
    found = (mismatch(item, kind.item, names, f"{where}[{n}]") for n, item in enumerate(value))
    return next(filter(None, found), "")


def _nullable(value: Any, kind: NullableType, names: Names, where: str) -> str:
    return "" if value is None else mismatch(value, kind.inner, names, where)


def _union(value: Any, kind: UnionType, names: Names, where: str) -> str:
    if any(not mismatch(value, member, names, where) for member in kind.members):
        return ""
    return f"{where} is none of its types: {_shown(value)}"


def _object(value: Any, kind: ObjectType, names: Names, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} wants an object, is {_shown(value)}"
    wanted = dict(kind.fields)
    other = wanted.pop("*", None)
    unknown = sorted(set(value) - set(wanted))
    if unknown and other is None:
        return f"{where} has the unknown property {unknown[0]}"
    if other is not None:
        wanted |= dict.fromkeys(unknown, other)
    for name, inner in wanted.items():
        if found := mismatch(value.get(name), inner, names, f"{where}.{name}"):
            return found
    return ""


def _shown(value: Any) -> str:
    return "secret" if isinstance(value, Opaque) else repr(value)


CHECKS: dict[type[Node], Any] = {
    ListType: _list,
    LiteralType: _literal,
    NamedType: _named,
    NullableType: _nullable,
    ObjectType: _object,
    UnionType: _union,
}
