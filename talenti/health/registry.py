"""The checks that say whether this process can do its work, each within its own time."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.db import connections

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.8  # a probe that waits a second has its answer, whatever hangs
REPORT_SECONDS = 2.0  # a report is shared for so long: asking more often costs nothing more

CheckFunction = Callable[[], str]


class Trouble(Exception):
    """What is wrong, in a sentence that anyone may read."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. Trouble in a critical one takes the process out of service."""

    name: str
    function: CheckFunction
    critical: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a check went: ok, degraded (goes on working) or failed; never an exception's text."""

    name: str
    status: str
    detail: str = ""
    took_ms: int = field(default=0, compare=False)


@dataclass
class Run:
    """A check under way in its own thread; a hanging one is left behind and not started again."""

    check: Check
    result: Result | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Start at once; a daemon cannot keep the process alive."""
        name = f"health-{self.check.name}"
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        started = time.monotonic()
        try:
            self.result = Result(self.check.name, "ok", self.check.function())
        except Trouble as trouble:
            self.result = trouble_of(self.check, str(trouble))
        except Exception as error:  # noqa: BLE001  # whatever it was, the answer is "not ready"
            logger.warning("Health check %s: %s", self.check.name, type(error).__name__)
            self.result = trouble_of(self.check, "The check failed.")
        finally:
            connections.close_all()
        took_ms = round((time.monotonic() - started) * 1000)
        self.result = replace(self.result, took_ms=took_ms)


def trouble_of(check: Check, detail: str) -> Result:
    """Return the result of a check that found something wrong."""
    return Result(check.name, "failed" if check.critical else "degraded", detail)


class Registry:
    """Named checks and what they last said."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._running: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._last: tuple[float, list[Result]] | None = None

    def register(self, name: str, function: CheckFunction, *, critical: bool) -> None:
        """Add a check: it returns a short detail, or raises Trouble with a safe sentence."""
        self._checks[name] = Check(name, function, critical)

    def results(self, more: Iterable[Check] = ()) -> list[Result]:
        """Return the results of all registered checks and of `more`, at most REPORT_SECONDS old."""
        with self._lock:
            if self._last is None or time.monotonic() - self._last[0] >= REPORT_SECONDS:
                found = self._run([*self._checks.values(), *more])
                self._last = (time.monotonic(), found)
            return self._last[1]

    def forget(self) -> None:
        """Drop the last report."""
        with self._lock:
            self._last = None

    def _run(self, checks: list[Check]) -> list[Result]:
        deadline = time.monotonic() + CHECK_SECONDS
        for check in checks:
            if check.name not in self._running:
                self._running[check.name] = Run(check)
        return [self._collect(check, deadline) for check in checks]

    def _collect(self, check: Check, deadline: float) -> Result:
        run = self._running[check.name]
        run.thread.join(max(0.0, deadline - time.monotonic()))
        if run.thread.is_alive() or run.result is None:
            return trouble_of(check, "The check takes too long.")
        del self._running[check.name]
        return run.result


registry = Registry()
register = registry.register
