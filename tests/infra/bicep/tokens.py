"""From text to tokens. Strings keep the tokens of what they interpolate."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", "$": "$"}
WORD = re.compile(r"[A-Za-z_]\w*")
NUMBER = re.compile(r"\d+")
SKIPPED = re.compile(r"[ \t\r]+|//[^\n]*|/\*.*?\*/|#disable-\S+[^\n]*", re.DOTALL)
SIGNS = re.compile(r"\.\.\.|=>|==|!=|=~|!~|<=|>=|&&|\|\||\?\?|\.\?|\[\?|[-{}\[\](),.:?!<>=+*/%@|]")
MULTI_LINE = "'''"


class BicepSyntaxError(Exception):
    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column} {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # word, number, string, newline, end, or the sign itself
    text: str
    line: int
    column: int
    parts: "tuple[str | tuple[Token, ...], ...]" = ()


class Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def tokens(self, *, within_string: bool = False) -> Iterator[Token]:
        """Yield tokens up to the end, or up to the brace that closes an interpolation."""
        depth = 0
        while self._skip() < len(self.text):
            sign = self.text[self.at]
            depth += (sign == "{") - (sign == "}")
            if within_string and depth < 0:
                self.at += 1
                break
            yield self._token()
        else:
            if within_string:
                raise self.error("an interpolation is not closed")
        yield self._made("end", "", self.at)

    def error(self, message: str) -> BicepSyntaxError:
        return BicepSyntaxError(message, *self._place(self.at))

    def _skip(self) -> int:
        while found := SKIPPED.match(self.text, self.at):
            self.at = found.end()
        return self.at

    def _token(self) -> Token:
        start = self.at
        if self.text[start] == "\n":
            self.at += 1
            return self._made("newline", "\n", start)
        if self.text.startswith(MULTI_LINE, start):
            return self._multi_line(start)
        if self.text[start] == "'":
            return self._string(start)
        for kind, pattern in (("word", WORD), ("number", NUMBER), ("", SIGNS)):
            if found := pattern.match(self.text, start):
                self.at = found.end()
                return self._made(kind or found.group(), found.group(), start)
        raise self.error(f"unexpected {self.text[start]!r}")

    def _multi_line(self, start: int) -> Token:
        end = self.text.find(MULTI_LINE, start + 3)
        if end < 0:
            raise self.error("a multi-line string is not closed")
        self.at = end + 3
        inside = self.text[start + 3 : end].removeprefix("\r").removeprefix("\n")
        return self._made("string", inside, start, (inside,))

    def _string(self, start: int) -> Token:
        self.at += 1
        parts: list[str | tuple[Token, ...]] = []
        written = ""
        while (sign := self.text[self.at : self.at + 1]) != "'":
            if sign in {"", "\n"}:
                raise self.error("a string is not closed")
            if self.text.startswith("${", self.at):
                self.at += 2
                parts += [written, tuple(self.tokens(within_string=True))]
                written = ""
            else:
                written += self._character(sign)
        self.at += 1
        return self._made("string", self.text[start : self.at], start, (*parts, written))

    def _character(self, sign: str) -> str:
        if sign != "\\":
            self.at += 1
            return sign
        escaped = self.text[self.at + 1 : self.at + 2]
        if escaped not in ESCAPES:
            raise self.error(f"unknown escape \\{escaped}")
        self.at += 2
        return ESCAPES[escaped]

    def _made(
        self, kind: str, text: str, start: int, parts: tuple[str | tuple[Token, ...], ...] = ()
    ) -> Token:
        return Token(kind, text, *self._place(start), parts)

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1
