"""What a Bicep file says, as a tree; every node knows its place, and is itself and no other."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    line: int = 0
    column: int = 0


# --- expressions ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    value: str | int | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Text(Node):
    """A string with `${...}` in it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Member(Node):
    object: Node
    name: str
    safe: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Index(Node):
    object: Node
    index: Node
    safe: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """`name(...)`, or `object.name(...)`."""

    name: str
    arguments: tuple[Node, ...]
    object: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Unary(Node):
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Ternary(Node):
    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True, eq=False)
class Lambda(Node):
    names: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Spread(Node):
    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class List(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Property(Node):
    key: Node  # Literal or Text
    value: Node
    quoted: bool = False

    @property
    def name(self) -> str:
        """The key, if it holds nothing that is computed."""
        return str(self.key.value) if isinstance(self.key, Literal) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Object(Node):
    items: tuple[Node, ...]  # Property or Spread

    def get(self, name: str) -> Node | None:
        return next((item.value for item in self.properties() if item.name == name), None)

    def properties(self) -> Iterator[Property]:
        return (item for item in self.items if isinstance(item, Property))


@dataclass(frozen=True, slots=True, eq=False)
class For(Node):
    item: str
    index: str
    source: Node
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class If(Node):
    condition: Node
    body: Node


# --- types ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class NamedType(Node):
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class LiteralType(Node):
    value: str | int | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class ListType(Node):
    item: Node


@dataclass(frozen=True, slots=True, eq=False)
class NullableType(Node):
    inner: Node


@dataclass(frozen=True, slots=True, eq=False)
class UnionType(Node):
    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ObjectType(Node):
    fields: tuple[tuple[str, Node], ...]  # "*" is every other key


# --- declarations ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Declaration(Node):
    name: str
    decorators: tuple[Call, ...] = ()

    def decorator(self, name: str) -> Call | None:
        return next((call for call in self.decorators if call.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Param(Declaration):
    type: Node
    default: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Var(Declaration):
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output(Declaration):
    type: Node
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypeDeclaration(Declaration):
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function(Declaration):
    parameters: tuple[tuple[str, Node], ...]
    result: Node
    body: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deployed(Declaration):
    """What is deployed: a resource or a module, perhaps many times or only sometimes."""

    value: Node

    @property
    def body(self) -> Object:
        value = self.value
        while isinstance(value, For | If):
            value = value.body
        assert isinstance(value, Object)
        return value

    @property
    def loop(self) -> For | None:
        return self.value if isinstance(self.value, For) else None

    @property
    def condition(self) -> Node | None:
        value = self.value.body if isinstance(self.value, For) else self.value
        return value.condition if isinstance(value, If) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource(Deployed):
    type: str
    api_version: str
    existing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Module(Deployed):
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class File(Node):
    scope: str = "resourceGroup"
    using: str = ""
    declarations: tuple[Declaration, ...] = field(default=())

    def named(self) -> dict[str, Declaration]:
        """Return what can be referred to: everything but outputs, which have names of their own."""
        return {one.name: one for one in self.declarations if not isinstance(one, Output)}

    def params(self) -> dict[str, Param]:
        return {one.name: one for one in self.declarations if isinstance(one, Param)}

    def outputs(self) -> dict[str, Output]:
        return {one.name: one for one in self.declarations if isinstance(one, Output)}

    def deployed(self) -> dict[str, Deployed]:
        return {one.name: one for one in self.declarations if isinstance(one, Deployed)}


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below."""
    kind: Any = type(node)
    for name in _field_names(kind):
        yield from _nodes(getattr(node, name))


def walk(node: Node) -> tuple[Node, ...]:
    """Return the node and everything below it, from the top."""
    kept: Any = node
    return _walked(kept)


@cache
def _walked(node: Any) -> tuple[Node, ...]:
    return (node, *(below for child in children(node) for below in walk(child)))


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in {"line", "column"})


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _nodes(one)
