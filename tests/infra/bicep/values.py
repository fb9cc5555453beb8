"""Values of an evaluation: plain Python, and text that only a deployment will know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PLACEHOLDER = re.compile(r"⟦[^⟧]*⟧")


class Opaque(str):
    """Text with parts that a run of the template decides, or that nobody may read.

    A part `⟦<resource id>#<path>⟧` is a property that Azure answers with after deployment.
    """

    __slots__ = ("runtime", "secure")
    runtime: bool
    secure: bool

    def __new__(cls, text: str, *, runtime: bool = False, secure: bool = False) -> "Opaque":
        made = super().__new__(cls, text)
        made.runtime, made.secure = runtime, secure
        return made


def runtime_value(origin: str, *, secure: bool = False) -> Opaque:
    return Opaque(f"⟦{origin}⟧", runtime=True, secure=secure)


def like(text: str, *sources: Any) -> str:
    """Return the text, as runtime or secure as what it was made of."""
    opaque = [source for source in sources if isinstance(source, Opaque)]
    if not opaque:
        return text
    runtime = any(one.runtime for one in opaque)
    return Opaque(text, runtime=runtime, secure=any(one.secure for one in opaque))


def is_runtime(value: Any) -> bool:
    return any(text.runtime for text in opaque_texts(value))


def is_secure(value: Any) -> bool:
    return any(text.secure for text in opaque_texts(value))


def secured(value: Any) -> Any:
    """Return the value of a secure parameter or output: nobody may read what it holds."""
    if isinstance(value, str) and value:
        return Opaque(value, runtime=is_runtime(value), secure=True)
    if isinstance(value, dict):
        return {key: secured(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [secured(inner) for inner in value]
    return value


def opaque_texts(value: Any) -> Iterator[Opaque]:
    if isinstance(value, Opaque):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from opaque_texts(key)
            yield from opaque_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from opaque_texts(inner)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong, and where."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} [{self.rule}] {self.message}"


class EvaluationError(Exception):
    """What would fail in a deployment with these parameters."""
