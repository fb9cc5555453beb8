"""Reading tokens one after the other, and the expressions they make."""

from typing import Any

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
from tests.infra.bicep.tokens import BicepSyntaxError, Token

LEVELS = (
    ("??",),
    ("||",),
    ("&&",),
    ("==", "!=", "=~", "!~"),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)
CONSTANTS = {"true": True, "false": False, "null": None}


class Reader:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *kinds: str) -> Token | None:
        return self.take() if self.next.kind in kinds else None

    def expect(self, kind: str) -> Token:
        if self.next.kind != kind:
            raise self.error(f"expected {kind!r}, found {self.next.text!r}")
        return self.take()

    def accept_word(self, word: str) -> bool:
        found = self.next.kind == "word" and self.next.text == word
        self.at += found
        return found

    def skip_lines(self) -> None:
        while self.accept("newline"):
            pass

    def at_lines_end(self, *kinds: str) -> bool:
        """Look past line ends for one of the kinds."""
        at = self.at
        while self.tokens[at].kind == "newline":
            at += 1
        return self.tokens[at].kind in kinds

    def error(self, message: str) -> BicepSyntaxError:
        return BicepSyntaxError(message, self.next.line, self.next.column)


class Expressions(Reader):
    def expression(self) -> Node:
        condition = self._binary(0)
        if not self.at_lines_end("?"):
            return condition
        place = self._place()
        self.skip_lines()
        self.expect("?")
        self.skip_lines()
        yes = self.expression()
        self.skip_lines()
        self.expect(":")
        self.skip_lines()
        return Ternary(condition, yes, self.expression(), **place)

    def condition_or_object(self) -> Node:
        place = self._place()
        if not self.accept_word("if"):
            return self.expression()
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        return If(condition, self.object(), **place)

    def object(self) -> Object:
        place = self._place()
        self.expect("{")
        items = self._items("}", self.object_item)
        return Object(tuple(items), **place)

    def object_item(self) -> Node:
        place = self._place()
        if self.accept("..."):
            return Spread(self.expression(), **place)
        quoted = self.next.kind == "string"
        key = self.string() if quoted else self._key()
        self.expect(":")
        self.skip_lines()
        return Property(key, self.expression(), quoted, **place)

    def string(self) -> Literal | Text:
        token = self.expect("string")
        place = {"line": token.line, "column": token.column}
        if len(token.parts) == 1:
            return Literal(str(token.parts[0]), **place)
        parts = [
            Literal(part, **place) if isinstance(part, str) else Expressions(part)._whole()
            for part in token.parts
        ]
        return Text(tuple(parts), **place)

    def _whole(self) -> Node:
        node = self.expression()
        self.expect("end")
        return node

    def _binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self.next.kind in LEVELS[level]:
            place = self._place()
            operator = self.take().kind
            left = Binary(operator, left, self._binary(level + 1), **place)
        return left

    def _unary(self) -> Node:
        place = self._place()
        if sign := self.accept("!", "-", "+"):
            return Unary(sign.kind, self._unary(), **place)
        return self._postfix(self._primary())

    def _postfix(self, node: Node) -> Node:
        while True:
            place = self._place()
            if sign := self.accept(".", ".?"):
                name = self.expect("word").text
                if self.next.kind == "(":
                    node = Call(name, self._arguments(), node, **place)
                else:
                    node = Member(node, name, sign.kind == ".?", **place)
            elif sign := self.accept("[", "[?"):
                index = self.expression()
                self.expect("]")
                node = Index(node, index, sign.kind == "[?", **place)
            elif self.next.kind == "!" and not self._sign_follows():
                self.take()  # "is not null": says nothing to us
            else:
                return node

    def _sign_follows(self) -> bool:
        return self.tokens[self.at + 1].kind in {"word", "string", "number", "("}

    def _primary(self) -> Node:
        place = self._place()
        kind = self.next.kind
        if kind == "string":
            return self.string()
        if kind == "number":
            return Literal(int(self.take().text), **place)
        if kind == "{":
            return self.object()
        if kind == "[":
            return self._for() if self._word_after("for") else self._list()
        if kind == "(":
            return self._parenthesised()
        if kind == "word":
            return self._word()
        raise self.error(f"expected an expression, found {self.next.text!r}")

    def _list(self) -> List:
        place = self._place()
        self.expect("[")
        return List(tuple(self._items("]", self._list_item)), **place)

    def _word(self) -> Node:
        place = self._place()
        word = self.take().text
        if self.next.kind == "=>":
            self.take()
            self.skip_lines()
            return Lambda((word,), self.expression(), **place)
        if self.next.kind == "(":
            return Call(word, self._arguments(), **place)
        return Literal(CONSTANTS[word], **place) if word in CONSTANTS else Name(word, **place)

    def _parenthesised(self) -> Node:
        place = self._place()
        start = self.at
        self.expect("(")
        names = []
        while word := self.accept("word"):
            names.append(word.text)
            self.accept(",")
        if self.accept(")") and self.accept("=>"):
            self.skip_lines()
            return Lambda(tuple(names), self.expression(), **place)
        self.at = start + 1
        self.skip_lines()
        node = self.expression()
        self.skip_lines()
        self.expect(")")
        return node

    def _for(self) -> Node:
        place = self._place()
        self.expect("[")
        self.accept_word("for")
        item, index = self._loop_names()
        if not self.accept_word("in"):
            raise self.error("expected 'in'")
        source = self.expression()
        self.expect(":")
        self.skip_lines()
        body = self.condition_or_object()
        self.skip_lines()
        self.expect("]")
        return For(item, index, source, body, **place)

    def _loop_names(self) -> tuple[str, str]:
        if not self.accept("("):
            return self.expect("word").text, ""
        item = self.expect("word").text
        self.expect(",")
        index = self.expect("word").text
        self.expect(")")
        return item, index

    def _list_item(self) -> Node:
        place = self._place()
        if self.accept("..."):
            return Spread(self.expression(), **place)
        return self.expression()

    def _arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        return tuple(self._items(")", self.expression))

    def _items(self, end: str, read: Any) -> list[Node]:
        """Read what stands between commas or line ends, up to the closing sign."""
        items = []
        self.skip_lines()
        while not self.accept(end):
            items.append(read())
            if not (self.accept(",", "newline") or self.next.kind == end):
                raise self.error(f"expected a new line, a comma or {end!r}")
            self.skip_lines()
        return items

    def _key(self) -> Literal:
        place = self._place()
        return Literal(self.expect("word").text, **place)

    def _word_after(self, word: str) -> bool:
        after = self.tokens[self.at + 1]
        return after.kind == "word" and after.text == word

    def _place(self) -> dict[str, Any]:
        return {"line": self.next.line, "column": self.next.column}
