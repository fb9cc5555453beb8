"""The one thing that rooms know of telemetry: it costs nothing while none is configured.

Attributes are ids, kinds, states and counts: never a name, an address or a word that was said.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from typing import Protocol

Attribute = str | int | float | bool
Measured = tuple[float, dict[str, Attribute]]
Gauge = Callable[[], Iterable[Measured]]

INTERVIEWS_COMPLETED = "interviews_completed"
SCORING_DURATION_MS = "scoring_duration_ms"
REQUEST, WORK, PART, CALL = "server", "consumer", "internal", "client"  # kinds of spans


class Span(Protocol):
    """What is under way."""

    def note(self, attributes: dict[str, Attribute]) -> None:
        """Add attributes."""

    def rename(self, name: str) -> None:
        """Give it the name that is known only in the end."""

    def fail(self) -> None:
        """Mark it as failed."""


class Recorder(Protocol):
    """Where spans and measurements go."""

    def trace_ids(self) -> tuple[str, str]:
        """Return trace and span id in hex; empty outside a span."""

    def trace_parent(self) -> str:
        """Return the W3C traceparent of the current span; empty outside a span."""

    def span(self, name: str, kind: str, parent: str) -> AbstractContextManager[Span]:
        """Record the block as a span, below `parent` (a traceparent) if that is not empty."""

    def count(self, name: str, amount: float, attributes: dict[str, Attribute]) -> None:
        """Add to a counter."""

    def measure(self, name: str, value: float, attributes: dict[str, Attribute]) -> None:
        """Add a value to a histogram."""


class SilentSpan:
    """Nothing is under way."""

    def note(self, _attributes: dict[str, Attribute]) -> None:
        """Forget it."""

    def rename(self, _name: str) -> None:
        """Forget it."""

    def fail(self) -> None:
        """Forget it."""


class Silent:
    """The recorder of a process without telemetry."""

    def trace_ids(self) -> tuple[str, str]:
        """Return nothing."""
        return "", ""

    def trace_parent(self) -> str:
        """Return nothing."""
        return ""

    def span(self, _name: str, _kind: str, _parent: str) -> AbstractContextManager[Span]:
        """Record nothing."""
        return nullcontext(SilentSpan())

    def count(self, _name: str, _amount: float, _attributes: dict[str, Attribute]) -> None:
        """Record nothing."""

    def measure(self, _name: str, _value: float, _attributes: dict[str, Attribute]) -> None:
        """Record nothing."""


_recorder: Recorder = Silent()
gauges: dict[str, Gauge] = {}


def use(recorder: Recorder) -> None:
    """Record with this one from now on."""
    global _recorder
    _recorder = recorder


def trace_ids() -> tuple[str, str]:
    """Return trace and span id in hex; empty outside a span."""
    return _recorder.trace_ids()


def trace_parent() -> str:
    """Return what a piece of work keeps to be seen in the trace that caused it."""
    return _recorder.trace_parent()


def span(name: str, *, kind: str = PART, parent: str = "") -> AbstractContextManager[Span]:
    """Record the block as a span."""
    return _recorder.span(name, kind, parent)


def count(name: str, amount: float = 1, **attributes: Attribute) -> None:
    """Add to a counter."""
    _recorder.count(name, amount, attributes)


def measure(name: str, value: float, **attributes: Attribute) -> None:
    """Add a value to a histogram."""
    _recorder.measure(name, value, attributes)


def count_paid(tokens: int, cost: Decimal, *, role: str, engine: str, organisation: str) -> None:
    """Count what a provider was paid for; `cost` in US dollars, nothing where it is free."""
    if tokens:
        whose: dict[str, Attribute] = {"role": role, "engine": engine, "organisation": organisation}
        _recorder.count("provider_tokens", tokens, whose)
        _recorder.count("provider_cost", float(cost), whose)


def register_gauge(name: str, read: Gauge) -> None:
    """Let `read` be asked once a minute, in the process that watches the work (the sweeper)."""
    gauges[name] = read
