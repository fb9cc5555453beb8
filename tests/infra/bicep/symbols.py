"""Names: every one that is used is declared, once, and every one that is declared is used."""

from collections.abc import Iterator

from tests.infra.bicep.evaluation import is_namespace
from tests.infra.bicep.functions import ARITIES
from tests.infra.bicep.scopes import free_names
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    File,
    Function,
    NamedType,
    Output,
    Param,
    Resource,
    TypeDeclaration,
    Var,
    walk,
)
from tests.infra.bicep.types import PRIMITIVES
from tests.infra.bicep.values import Finding

NAMESPACES = {"az", "sys"}
MAY_BE_UNUSED = (Param, Var, TypeDeclaration, Function)


def check_symbols(path: str, file: File) -> Iterator[Finding]:
    yield from _declared_twice(path, file)
    yield from _unknown(path, file)
    yield from _calls(path, file)
    yield from _unused(path, file)


def _declared_twice(path: str, file: File) -> Iterator[Finding]:
    """Outputs have names of their own."""
    seen: set[tuple[bool, str]] = set()
    for one in file.declarations:
        key = isinstance(one, Output), one.name
        if key in seen:
            yield Finding(path, one.line, "BCP028", f"{one.name} is declared twice")
        seen.add(key)


def _unknown(path: str, file: File) -> Iterator[Finding]:
    known = set(file.named()) | NAMESPACES
    for name in free_names(file):
        if name.name not in known:
            yield Finding(path, name.line, "BCP057", f"unknown symbol {name.name}")
    for kind in _types(file):
        if kind.name not in PRIMITIVES and kind.name != "any" and kind.name not in known:
            yield Finding(path, kind.line, "BCP302", f"unknown type {kind.name}")


def _calls(path: str, file: File) -> Iterator[Finding]:
    names = file.named()
    for call in _calls_in(file):
        own = names.get(call.name)
        if isinstance(own, Function):
            least = most = len(own.parameters)
        elif own is not None and call.object is None:
            message = f"{call.name} is a {type(own).__name__} here; write az.{call.name}()"
            yield Finding(path, call.line, "BCP265", message)
            continue
        elif call.name not in ARITIES:
            yield Finding(path, call.line, "BCP057", f"unknown function {call.name}()")
            continue
        else:
            least, most = ARITIES[call.name]
        if not least <= len(call.arguments) <= most:
            message = f"{call.name}() takes {least} to {most} arguments"
            yield Finding(path, call.line, "BCP071", message)


def _calls_in(file: File) -> Iterator[Call]:
    """Yield the calls of functions: not decorators, and not the functions of resources."""
    for one in file.declarations:
        decorators = {id(decorator) for decorator in one.decorators}
        for node in walk(one):
            if not isinstance(node, Call) or id(node) in decorators:
                continue
            if node.object is None or is_namespace(node.object):
                yield node


def _unused(path: str, file: File) -> Iterator[Finding]:
    used = {name.name for name in free_names(file)}
    used |= {kind.name for kind in _types(file)}
    used |= {call.name for call in _calls_in(file)}
    for one in file.declarations:
        if file.using and isinstance(one, Param):
            continue  # there it is an assignment
        if one.name not in used and _should_be_used(one):
            yield Finding(path, one.line, "unused", f"{one.name} is never used")


def _should_be_used(one: Declaration) -> bool:
    return isinstance(one, MAY_BE_UNUSED) or (isinstance(one, Resource) and one.existing)


def _types(file: File) -> Iterator[NamedType]:
    return (node for node in walk(file) if isinstance(node, NamedType))
