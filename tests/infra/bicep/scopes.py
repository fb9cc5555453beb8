"""Which names an expression uses, and what they lead to through variables."""

from collections.abc import Iterator
from functools import cache

from tests.infra.bicep.syntax import (
    Call,
    Deployed,
    File,
    For,
    Function,
    Index,
    Lambda,
    Member,
    Name,
    Node,
    Var,
    children,
    walk,
)

# Known before anything is deployed; every other property is Azure's answer.
AT_START = {"apiVersion", "id", "name", "type"}


def free_names(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[Name]:
    """Yield the names that no loop and no lambda around them binds."""
    if isinstance(node, Name):
        if node.name not in bound:
            yield node
        return
    if isinstance(node, For):
        yield from free_names(node.source, bound)
        yield from free_names(node.body, bound | {node.item, node.index})
        return
    if isinstance(node, Lambda):
        yield from free_names(node.body, bound | set(node.names))
        return
    if isinstance(node, Function):
        yield from free_names(node.body, frozenset(name for name, _ in node.parameters))
        return
    for child in children(node):
        yield from free_names(child, bound)


def reached(node: Node, file: File) -> Iterator[Node]:
    """Yield every node below, also those of the variables it names, from the top."""
    seen: set[str] = set()
    waiting = [node]
    names = file.named()
    while waiting:
        one = waiting.pop()
        yield from walk(one)
        for name in free_names(one):
            found = names.get(name.name)
            if isinstance(found, Var) and found.name not in seen:
                seen.add(found.name)
                waiting.append(found.value)


def symbol(node: Node | None) -> str:
    """Return the name that stands before `[...]`, if it is one."""
    if isinstance(node, Index):
        node = node.object
    return node.name if isinstance(node, Name) else ""


def answered_later(node: Node, file: File) -> str:
    """Return what in the expression only a deployment knows, or nothing."""
    deployed = file.deployed()
    for one in reached(node, file):
        if isinstance(one, Member) and symbol(one.object) in deployed and one.name not in AT_START:
            return f"{symbol(one.object)}.{one.name}"
        if isinstance(one, Call) and (one.name.startswith("list") or one.name in LATER):
            return f"{one.name}()"
    return ""


@cache
def depends_on(one: Deployed, file: File) -> set[str]:
    """Return the resources and modules that are deployed before this one."""
    deployed = file.deployed()
    found: set[str] = set()
    waiting = [one.name]
    while waiting:
        for node in reached(deployed[waiting.pop()].value, file):
            if isinstance(node, Name) and node.name in deployed and node.name not in found:
                found.add(node.name)
                waiting.append(node.name)
    return found - {one.name}


LATER = {"getSecret", "reference"}
