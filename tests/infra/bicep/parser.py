"""From the text of a .bicep or .bicepparam file to its declarations."""

from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.bicep.reading import CONSTANTS, Expressions
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    File,
    Function,
    ListType,
    Literal,
    LiteralType,
    Module,
    NamedType,
    Node,
    NullableType,
    ObjectType,
    Output,
    Param,
    Property,
    Resource,
    TypeDeclaration,
    UnionType,
    Var,
)
from tests.infra.bicep.tokens import Lexer

UNTYPED = NamedType("any")


@cache
def parse(text: str) -> File:
    """Return the file, or raise BicepSyntaxError with its line and column."""
    return Parser(tuple(Lexer(text).tokens())).file()


def parse_file(path: Path) -> File:
    return parse(path.read_text())


class Parser(Expressions):
    def file(self) -> File:
        scope, using = "resourceGroup", ""
        declarations: list[Declaration] = []
        self.skip_lines()
        while not self.accept("end"):
            if self.accept_word("targetScope"):
                self.expect("=")
                scope = str(self.expect("string").parts[0])
            elif self.accept_word("using"):
                using = str(self.expect("string").parts[0])
            elif self.accept_word("metadata"):
                self.expect("word")
                self.expect("=")
                self.expression()
            else:
                declarations.append(self._declaration(self._decorators()))
            self._line_end()
        return File(scope, using, tuple(declarations))

    def _line_end(self) -> None:
        if self.next.kind != "end":
            self.expect("newline")
        self.skip_lines()

    def _decorators(self) -> tuple[Call, ...]:
        found = []
        while self.accept("@"):
            call = self._postfix(self._primary())
            if not isinstance(call, Call):
                raise self.error("a decorator is a call")
            found.append(call)
            self.skip_lines()
        return tuple(found)

    def _declaration(self, decorators: tuple[Call, ...]) -> Declaration:
        place = self._place()
        keyword = self.expect("word").text
        read = {
            "param": self._param,
            "var": self._var,
            "output": self._output,
            "type": self._type_declaration,
            "func": self._function,
            "resource": self._resource,
            "module": self._module,
        }.get(keyword)
        if read is None:
            self.at -= 1
            raise self.error(f"unknown declaration {keyword!r}")
        common = {"name": self.expect("word").text, "decorators": decorators, **place}
        declaration: Declaration = read(common)
        return declaration

    def _param(self, common: dict[str, Any]) -> Param:
        kind = UNTYPED if self.next.kind == "=" else self.type()
        default = self.expression() if self.accept("=") else None
        return Param(type=kind, default=default, **common)

    def _var(self, common: dict[str, Any]) -> Var:
        self.expect("=")
        return Var(value=self.expression(), **common)

    def _output(self, common: dict[str, Any]) -> Output:
        kind = self.type()
        self.expect("=")
        return Output(type=kind, value=self.expression(), **common)

    def _type_declaration(self, common: dict[str, Any]) -> TypeDeclaration:
        self.expect("=")
        return TypeDeclaration(value=self.type(), **common)

    def _function(self, common: dict[str, Any]) -> Function:
        self.expect("(")
        parameters = []
        self.skip_lines()
        while not self.accept(")"):
            name = self.expect("word").text
            parameters.append((name, self.type()))
            self.accept(",")
            self.skip_lines()
        result = self.type()
        self.expect("=>")
        self.skip_lines()
        return Function(
            parameters=tuple(parameters), result=result, body=self.expression(), **common
        )

    def _resource(self, common: dict[str, Any]) -> Resource:
        kind, _, version = str(self.expect("string").parts[0]).partition("@")
        existing = self.accept_word("existing")
        self.expect("=")
        return Resource(
            type=kind,
            api_version=version,
            existing=existing,
            value=self.condition_or_object(),
            **common,
        )

    def _module(self, common: dict[str, Any]) -> Module:
        path = str(self.expect("string").parts[0])
        self.expect("=")
        return Module(path=path, value=self.condition_or_object(), **common)

    def type(self) -> Node:
        place = self._place()
        members = [self._nullable_or_list()]
        while self.at_lines_end("|"):
            self.skip_lines()
            self.expect("|")
            self.skip_lines()
            members.append(self._nullable_or_list())
        return members[0] if len(members) == 1 else UnionType(tuple(members), **place)

    def _nullable_or_list(self) -> Node:
        kind = self._one_type()
        while self.next.kind in {"?", "["}:
            place = self._place()
            if self.accept("?"):
                kind = NullableType(kind, **place)
            else:
                self.expect("[")
                self.expect("]")
                kind = ListType(kind, **place)
        return kind

    def _one_type(self) -> Node:
        place = self._place()
        if self.next.kind == "string":
            return LiteralType(str(self.take().parts[0]), **place)
        if self.next.kind == "number":
            return LiteralType(int(self.take().text), **place)
        if self.accept("("):
            kind = self.type()
            self.expect(")")
            return kind
        if self.accept("{"):
            fields = [item for item in self._items("}", self._field) if isinstance(item, Property)]
            return ObjectType(tuple((item.name, item.value) for item in fields), **place)
        word = self.expect("word").text
        return (
            LiteralType(CONSTANTS[word], **place) if word in CONSTANTS else NamedType(word, **place)
        )

    def _field(self) -> Property:
        self._decorators()
        key = self.string() if self.next.kind == "string" else self._field_name()
        self.expect(":")
        return Property(key, self.type())

    def _field_name(self) -> Literal:
        return Literal("*") if self.accept("*") else self._key()
