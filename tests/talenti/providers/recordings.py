"""A recorder that keeps what it is told, in the place of OpenTelemetry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from talenti.telemetry.recorder import SilentSpan


@dataclass
class Kept(SilentSpan):
    """A span with its attributes."""

    name: str
    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)

    def note(self, attributes: dict[str, Any]) -> None:
        self.attributes |= attributes


@dataclass
class Keeper:
    """What was recorded, oldest first."""

    spans: list[Kept] = field(default_factory=list)
    counts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    measured: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def trace_ids(self) -> tuple[str, str]:
        return "", ""

    def trace_parent(self) -> str:
        return ""

    @contextmanager
    def span(self, name: str, kind: str, _parent: str) -> Iterator[Kept]:
        self.spans.append(Kept(name, kind))
        yield self.spans[-1]

    def count(self, name: str, _amount: float, attributes: dict[str, Any]) -> None:
        self.counts.append((name, attributes))

    def measure(self, name: str, value: float, attributes: dict[str, Any]) -> None:
        assert value >= 0
        self.measured.append((name, attributes))
