"""The one thing that rooms know of telemetry: it costs nothing while none is configured.

Attributes are ids, kinds, states and counts: never a name, an address or a word that was said.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

Attribute = str | int | float | bool
Measured = tuple[float, dict[str, Attribute]]
Gauge = Callable[[], Iterable[Measured]]

INTERVIEWS_COMPLETED = "interviews_completed"
SCORING_DURATION_MS = "scoring_duration_ms"


class Recorder(Protocol):
    """Where spans and measurements go."""

    def trace_ids(self) -> tuple[str, str]:
        """Return trace and span id in hex; empty outside a span."""

    def trace_parent(self) -> str:
        """Return the W3C traceparent of the current span; empty outside a span."""

    def span(
        self, name: str, parent: str, attributes: dict[str, Attribute]
    ) -> AbstractContextManager[object]:
        """Record the block as a span, below `parent` (a traceparent) if that is not empty."""

    def count(self, name: str, amount: int, attributes: dict[str, Attribute]) -> None:
        """Add to a counter."""

    def measure(self, name: str, value: float, attributes: dict[str, Attribute]) -> None:
        """Add a value to a histogram."""


class Silent:
    """The recorder of a process without telemetry."""

    def trace_ids(self) -> tuple[str, str]:
        """Return nothing."""
        return "", ""

    def trace_parent(self) -> str:
        """Return nothing."""
        return ""

    def span(
        self, _name: str, _parent: str, _attributes: dict[str, Attribute]
    ) -> AbstractContextManager[object]:
        """Record nothing."""
        return nullcontext()

    def count(self, _name: str, _amount: int, _attributes: dict[str, Attribute]) -> None:
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


def span(name: str, *, parent: str = "", **attributes: Attribute) -> AbstractContextManager[object]:
    """Record the block as a span."""
    return _recorder.span(name, parent, attributes)


def count(name: str, amount: int = 1, **attributes: Attribute) -> None:
    """Add to a counter."""
    _recorder.count(name, amount, attributes)


def measure(name: str, value: float, **attributes: Attribute) -> None:
    """Add a value to a histogram."""
    _recorder.measure(name, value, attributes)


def register_gauge(name: str, read: Gauge) -> None:
    """Let `read` be asked once a minute, in processes with telemetry."""
    gauges[name] = read
