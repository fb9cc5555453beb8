"""What an expression gives. Names are answered by a scope; both branches' use is recorded."""

from collections.abc import Callable, Mapping
from functools import cmp_to_key
from typing import Any, Protocol

from tests.infra.bicep.functions import COMPUTED, text_of
from tests.infra.bicep.syntax import (
    Binary,
    Call,
    For,
    If,
    Index,
    Lambda,
    List,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Property,
    Spread,
    Ternary,
    Text,
    Unary,
)
from tests.infra.bicep.values import EvaluationError, Opaque, like, runtime_value


class Scope(Protocol):
    """Where names, and functions that depend on the place, are answered."""

    def value_of(self, name: str) -> Any: ...

    def call(self, call: Call, owner: Any, arguments: list[Any]) -> Any: ...

    def went(self, choice: Ternary | For, *, yes: bool) -> None: ...


class Evaluator:
    def __init__(self, scope: Scope, local: Mapping[str, Any] | None = None) -> None:
        self.scope = scope
        self.local = dict(local or {})

    def within(self, **names: Any) -> "Evaluator":
        return Evaluator(self.scope, self.local | names)

    def evaluate(self, node: Node) -> Any:
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise EvaluationError(f"{type(node).__name__} cannot stand here")
        return handler(self, node)

    def name(self, node: Name) -> Any:
        return self.local[node.name] if node.name in self.local else self.scope.value_of(node.name)

    def text(self, node: Text) -> str:
        values = [self.evaluate(part) for part in node.parts]
        return like("".join(text_of(value) for value in values), *values)

    def member(self, node: Member) -> Any:
        return self._get(self.evaluate(node.object), node.name, safe=node.safe)

    def index(self, node: Index) -> Any:
        found = self.evaluate(node.object)
        key = self.evaluate(node.index)
        if not isinstance(found, list):
            return self._get(found, key, safe=node.safe)
        if not -1 < key < len(found):
            return self._missing(f"index {key} of a list of {len(found)}", safe=node.safe)
        return found[key]

    def _get(self, found: Any, name: Any, *, safe: bool) -> Any:
        if isinstance(found, Opaque) and found.runtime:
            path = found.removesuffix("⟧").removeprefix("⟦")
            return runtime_value(f"{path}.{name}", secure=found.secure)
        if found is None and safe:
            return None
        if hasattr(found, "member"):
            return found.member(name) if found.deployed or not safe else None
        if not isinstance(found, dict):
            raise EvaluationError(f"{type(found).__name__} has no property {name!r}")
        return found[name] if name in found else self._missing(f"property {name!r}", safe=safe)

    def _missing(self, what: str, *, safe: bool) -> None:
        if not safe:
            raise EvaluationError(f"there is no {what}")

    def call(self, node: Call) -> Any:
        if node.object is None and node.name in WITH_LAMBDA:
            return WITH_LAMBDA[node.name](self, *node.arguments)
        owner = None
        if node.object is not None and not is_namespace(node.object):
            owner = self.evaluate(node.object)
        arguments = [self.evaluate(argument) for argument in node.arguments]
        if owner is None and node.name in COMPUTED:
            return computed(node.name, arguments)
        return self.scope.call(node, owner, arguments)

    def unary(self, node: Unary) -> Any:
        value = self.evaluate(node.operand)
        if node.operator == "!":
            return not truth(value)
        return -value if node.operator == "-" else value

    def binary(self, node: Binary) -> Any:
        if node.operator in {"&&", "||", "??"}:
            return self._lazy(node)
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if node.operator in {"=~", "!~"}:
            left, right = left.lower(), right.lower()
        try:
            return OPERATORS[node.operator](left, right)
        except TypeError as error:
            raise EvaluationError(f"{node.operator} between unlike values") from error

    def _lazy(self, node: Binary) -> Any:
        left = self.evaluate(node.left)
        if node.operator == "??":
            return self.evaluate(node.right) if left is None else left
        if truth(left) is (node.operator == "||"):
            return truth(left)
        return truth(self.evaluate(node.right))

    def ternary(self, node: Ternary) -> Any:
        yes = truth(self.evaluate(node.condition))
        self.scope.went(node, yes=yes)
        return self.evaluate(node.yes if yes else node.no)

    def list_of(self, node: List) -> list[Any]:
        found: list[Any] = []
        for item in node.items:
            if isinstance(item, Spread):
                found += self.evaluate(item.value)
            else:
                found.append(self.evaluate(item))
        return found

    def object_of(self, node: Object) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in node.items:
            if isinstance(item, Spread):
                found |= self.evaluate(item.value)
            elif isinstance(item, Property):
                found[self.evaluate(item.key)] = self.evaluate(item.value)
        return found

    def loop(self, node: For) -> list[Any]:
        return [inner.evaluate(node.body) for inner in self.rounds(node)]

    def rounds(self, node: For) -> list["Evaluator"]:
        """Return an evaluator for each round of the loop, with its variables."""
        source = self.evaluate(node.source)
        if not isinstance(source, list):
            raise EvaluationError("a loop goes over a list")
        if source:
            self.scope.went(node, yes=True)
        return [
            self.within(**{node.item: item} | ({node.index: number} if node.index else {}))
            for number, item in enumerate(source)
        ]

    def function(self, node: Node) -> Callable[..., Any]:
        if not isinstance(node, Lambda):
            raise EvaluationError("a lambda is wanted here")
        names = node.names
        body = node.body
        return lambda *values: self.within(**dict(zip(names, values, strict=False))).evaluate(body)


def computed(name: str, arguments: list[Any]) -> Any:
    least, most, function = COMPUTED[name]
    if not least <= len(arguments) <= most:
        raise EvaluationError(f"{name}() takes {least} to {most} arguments")
    try:
        return function(*arguments)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"{name}() of what it does not take: {error}") from error


def is_namespace(node: Node) -> bool:
    return isinstance(node, Name) and node.name in {"az", "sys"}


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise EvaluationError(f"a condition is {type(value).__name__}, not bool")
    return value


def _to_object(self: Evaluator, source: Node, key: Node, value: Node | None = None) -> Any:
    give = self.function(value) if value else lambda item: item
    name = self.function(key)
    return {name(item): give(item) for item in self.evaluate(source)}


def _group_by(self: Evaluator, source: Node, key: Node) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in self.evaluate(source):
        groups.setdefault(self.function(key)(item), []).append(item)
    return groups


def _reduce(self: Evaluator, source: Node, start: Node, function: Node) -> Any:
    found = self.evaluate(start)
    for item in self.evaluate(source):
        found = self.function(function)(found, item)
    return found


def _sort(self: Evaluator, source: Node, less: Node | None = None) -> list[Any]:
    if less is None:
        return sorted(self.evaluate(source))
    before = self.function(less)
    return sorted(
        self.evaluate(source), key=cmp_to_key(lambda one, other: -1 if before(one, other) else 1)
    )


WITH_LAMBDA: dict[str, Callable[..., Any]] = {
    "filter": lambda self, source, keep: [
        item for item in self.evaluate(source) if truth(self.function(keep)(item))
    ],
    "groupBy": _group_by,
    "map": lambda self, source, give: [
        self.function(give)(*((item, n)[: len(give.names)]))
        for n, item in enumerate(self.evaluate(source))
    ],
    "mapValues": lambda self, source, give: {
        key: self.function(give)(value) for key, value in self.evaluate(source).items()
    },
    "reduce": _reduce,
    "sort": _sort,
    "toObject": _to_object,
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "=~": lambda left, right: left == right,
    "!~": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left // right,
    "%": lambda left, right: left % right,
}
HANDLERS: dict[type[Node], Callable[[Evaluator, Any], Any]] = {
    Binary: Evaluator.binary,
    Call: Evaluator.call,
    For: Evaluator.loop,
    If: lambda self, node: self.evaluate(node.body),
    Index: Evaluator.index,
    List: Evaluator.list_of,
    Literal: lambda self, node: node.value,
    Member: Evaluator.member,
    Name: Evaluator.name,
    Object: Evaluator.object_of,
    Ternary: Evaluator.ternary,
    Text: Evaluator.text,
    Unary: Evaluator.unary,
}
