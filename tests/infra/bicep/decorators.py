"""Decorators: which there are, on what each may stand, and secure parameters without a default."""

from collections.abc import Iterator

from tests.infra.bicep.parser import UNTYPED
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    Deployed,
    File,
    Function,
    ListType,
    Literal,
    LiteralType,
    NamedType,
    Node,
    NullableType,
    ObjectType,
    Output,
    Param,
    TypeDeclaration,
    UnionType,
    Var,
)
from tests.infra.bicep.values import Finding

ANY = (Param, Output, Var, Deployed, TypeDeclaration, Function)
TYPED = (Param, Output, TypeDeclaration)
# decorator: what it stands on, and of which types
ALLOWED: dict[str, tuple[tuple[type[Declaration], ...], set[str]]] = {
    "allowed": ((Param,), {"string", "int", "bool", "array", "object"}),
    "batchSize": ((Deployed,), set()),
    "description": (ANY, set()),
    "export": ((TypeDeclaration, Function, Var), set()),
    "maxLength": (TYPED, {"string", "array"}),
    "maxValue": (TYPED, {"int"}),
    "metadata": (TYPED, set()),
    "minLength": (TYPED, {"string", "array"}),
    "minValue": (TYPED, {"int"}),
    "sealed": (TYPED, {"object"}),
    "secure": (TYPED, {"string", "object"}),
}


def check_decorators(path: str, file: File) -> Iterator[Finding]:
    for one in file.declarations:
        for decorator in one.decorators:
            if problem := _problem(decorator, one, file):
                yield Finding(path, decorator.line, "decorator", f"{one.name}: {problem}")
        yield from _secure_default(path, one)
        yield from _untyped(path, one, file)


def _problem(decorator: Call, one: Declaration, file: File) -> str:
    known = ALLOWED.get(decorator.name)
    if known is None:
        return f"unknown decorator @{decorator.name}()"
    owners, types = known
    if not isinstance(one, owners):
        return f"@{decorator.name}() cannot stand on a {type(one).__name__}"
    if decorator.name == "batchSize" and isinstance(one, Deployed) and one.loop is None:
        return "@batchSize() is for loops"
    kind = base_type(one.type, file) if isinstance(one, Param | Output) else ""
    if types and kind and kind not in types:
        return f"@{decorator.name}() cannot stand on the type {kind}"
    return ""


def base_type(kind: Node, file: File) -> str:
    """Return the primitive that a type is made of."""
    if isinstance(kind, NullableType):
        return base_type(kind.inner, file)
    if isinstance(kind, UnionType):
        return base_type(kind.members[0], file)
    if isinstance(kind, LiteralType):
        return {str: "string", int: "int", bool: "bool"}.get(type(kind.value), "any")
    if isinstance(kind, NamedType):
        named = file.named().get(kind.name)
        return base_type(named.value, file) if isinstance(named, TypeDeclaration) else kind.name
    return {ListType: "array", ObjectType: "object"}.get(type(kind), "any")


def _secure_default(path: str, one: Declaration) -> Iterator[Finding]:
    if not isinstance(one, Param) or not one.decorator("secure") or one.default is None:
        return
    is_call = isinstance(one.default, Call) and one.default.name == "newGuid"
    if not is_call and not (isinstance(one.default, Literal) and one.default.value in {"", None}):
        message = f"{one.name} is secure and has a default that anybody can read"
        yield Finding(path, one.line, "secure-parameter-default", message)


def _untyped(path: str, one: Declaration, file: File) -> Iterator[Finding]:
    if not file.using and isinstance(one, Param) and one.type is UNTYPED:
        yield Finding(path, one.line, "BCP014", f"the parameter {one.name} has no type")
