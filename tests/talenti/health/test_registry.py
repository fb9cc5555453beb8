"""Checks run side by side, within their time, and tell no secrets."""

import threading
import time
from collections.abc import Iterator

import pytest

from talenti.health import registry as module
from talenti.health.registry import Check, Registry, Result, Trouble


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setattr(module, "REPORT_SECONDS", 0.0)
    return Registry()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Hold a check until the test ends."""
    event = threading.Event()
    yield event
    event.set()


def fail() -> str:
    raise Trouble("The disk is gone.")


def explode() -> str:
    raise ValueError("password=secret")


def test_a_check_that_returns_is_ok(registry: Registry) -> None:
    registry.register("work", lambda: "3 waiting", critical=True)
    assert registry.results() == [Result("work", "ok", "3 waiting")]


@pytest.mark.parametrize(("critical", "status"), [(True, "failed"), (False, "degraded")])
def test_trouble_is_told_in_its_own_words(registry: Registry, critical, status: str) -> None:
    registry.register("disk", fail, critical=critical)
    assert registry.results() == [Result("disk", status, "The disk is gone.")]


@pytest.mark.parametrize(("critical", "status"), [(True, "failed"), (False, "degraded")])
def test_an_unexpected_error_keeps_its_text_to_itself(registry, critical, status: str) -> None:
    registry.register("bug", explode, critical=critical)
    assert registry.results() == [Result("bug", status, "The check failed.")]


def test_a_hanging_check_neither_blocks_the_others_nor_piles_up(
    registry: Registry, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    calls: list[str] = []

    def hang() -> str:
        calls.append("hang")
        gate.wait(30)
        return ""

    registry.register("hang", hang, critical=False)
    registry.register("quick", lambda: "", critical=True)
    expected = [Result("hang", "degraded", "The check takes too long."), Result("quick", "ok")]
    assert [registry.results(), registry.results()] == [expected, expected]
    assert calls == ["hang"]


def test_a_check_that_came_to_its_end_late_is_asked_again(
    registry: Registry, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    registry.register("late", lambda: str(gate.wait(30)), critical=True)
    assert registry.results() == [Result("late", "failed", "The check takes too long.")]
    gate.set()
    monkeypatch.setattr(module, "CHECK_SECONDS", 10)
    assert registry.results() == [Result("late", "ok", "True")]


def test_more_checks_can_be_given_for_one_report(registry: Registry) -> None:
    more = [Check("extra", lambda: "", critical=True)]
    assert registry.results(more) == [Result("extra", "ok")]
    assert registry.results() == []


def test_a_report_is_shared_until_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPORT_SECONDS", 3600)
    registry = Registry()
    calls: list[str] = []

    def count() -> str:
        calls.append("call")
        return ""

    registry.register("count", count, critical=True)
    registry.results()
    registry.results()
    assert calls == ["call"]
    registry.forget()
    registry.results()
    assert calls == ["call", "call"]


def test_answer_comes_within_a_second_whatever_hangs(
    registry: Registry, gate: threading.Event
) -> None:
    def hang() -> str:
        gate.wait(timeout=30)
        return ""

    registry.register("hanging", hang, critical=True)
    began = time.monotonic()

    assert [result.status for result in registry.results()] == ["failed"]
    assert time.monotonic() - began < 1.0
