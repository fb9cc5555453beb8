"""A worker's and a sweeper's health is the age of what waits, and not that a process lives."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.utils import timezone

from talenti.work import port, sweep
from talenti.work.gauges import read_dead, read_depth, read_oldest_due
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.services.processes import free_port
from tests.talenti.work import kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(settings: Any) -> Iterator[Any]:
    """Ask the sweeper's port: status and body."""
    settings.HEALTH_PORT = free_port()
    server = port.start(sweeping=True)
    assert server is not None

    def get(path: str) -> tuple[int, dict[str, Any]]:
        address = f"http://127.0.0.1:{settings.HEALTH_PORT}{path}"
        try:
            with urlopen(address, timeout=5) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}") if error.code == 503 else {}

    yield get
    server.shutdown()
    server.server_close()


def wait_since(people: People, age: timedelta) -> None:
    kinds.put(kinds.SLOW, people.home)
    WorkItem.objects.update(next_run_at=timezone.now() - age)


def test_process_says_that_it_lives(ask: Any) -> None:
    assert ask("/health") == (200, {"status": "ok"})
    assert ask("/elsewhere") == (404, {})


def test_ages_are_told(people: People, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_since(people, timedelta(seconds=30))
    monkeypatch.setattr(sweep, "_last_tick", time.monotonic() - 4)

    status, body = ask("/health/ready")

    assert (status, body["status"]) == (200, "ready")
    assert 30 <= body["oldest_due_seconds"] < 40
    assert 4 <= body["last_sweep_seconds"] < 14


def test_work_that_waits_too_long_is_bad_health(people: People, ask: Any) -> None:
    wait_since(people, timedelta(minutes=6))

    status, body = ask("/health/ready")

    assert (status, body["status"]) == (503, "late")


def test_sweeper_that_stands_still_is_bad_health(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_last_tick", time.monotonic() - 61)

    assert ask("/health/ready")[0] == 503


def test_a_round_without_a_fault_counts_as_a_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_last_tick", time.monotonic() - 61)
    sweep.tick(reconciling=False)
    assert sweep.seconds_since_tick() < 10

    monkeypatch.setattr(sweep, "_last_tick", time.monotonic() - 61)
    monkeypatch.setattr(sweep, "ring_due", lambda: 1 / 0)
    sweep.tick(reconciling=False)
    assert sweep.seconds_since_tick() >= 61


def test_worker_tells_of_work_only(people: People) -> None:
    assert set(port.report(sweeping=False)) == {"status", "oldest_due_seconds"}


def test_port_that_is_taken_is_no_reason_to_stop(ask: Any) -> None:
    assert port.start(sweeping=True) is None


def test_no_port_no_health(settings: Any) -> None:
    settings.HEALTH_PORT = 0

    assert port.start(sweeping=True) is None


def test_gauges_read_the_queue(people: People) -> None:
    wait_since(people, timedelta(seconds=30))
    kinds.put(kinds.SLOW, people.home)
    dead = WorkItem.objects.order_by("-created_at").values_list("pk", flat=True)[:1]
    WorkItem.objects.filter(pk__in=list(dead)).update(
        state=State.DEAD, finished_at=timezone.now(), cause="error"
    )

    ((age, _),) = read_oldest_due()
    assert 30 <= age < 40
    assert list(read_depth()) == [(1, {"queue": "default", "state": "queued"})]
    assert list(read_dead()) == [(1, {"kind": kinds.SLOW})]
