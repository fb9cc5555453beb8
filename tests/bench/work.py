"""Durable actors beside plain Dramatiq actors: the same Redis, the same worker, empty units."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from statistics import median

from tests.bench.goals import Check, at_most
from tests.bench.kinds import DURABLE, PLAIN
from tests.bench.workers import Worker, running_worker
from tests.services.postgres_server import PostgresServer, create_database
from tests.services.redis_server import RedisServer

UNITS, WARM_UP = 1000, 100
PAUSED_UNITS, PAUSE_SECONDS = 100, 0.15
IDLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Bulk:
    """Units that were waiting when the worker was let go; milliseconds for one unit."""

    worker_cpu_ms: float
    worker_wall_ms: float
    queue_cpu_ms: float
    queue_wall_ms: float


@dataclass(frozen=True, slots=True)
class Latency:
    """From queueing to the start of the work, in milliseconds, while nothing else is to be done."""

    p50_ms: float
    p95_ms: float
    idle_cpu_percent: float


def bulk(worker: Worker, kind: str, units: int = UNITS) -> Bulk:
    """Queue the units while the worker is held, let it go, measure until the last one has begun."""
    known = len(worker.journal)
    with worker.held():
        told = worker.produce(kind, str(units))
        cpu, started = worker.cpu, time.perf_counter()
    worker.wait_until(known + units)
    wall = time.perf_counter() - started
    time.sleep(0.3)  # the last ones are still storing their result
    used = worker.cpu - cpu
    queue_cpu, queue_wall = told["cpu_ms"], told["wall_ms"]
    assert isinstance(queue_cpu, float)
    assert isinstance(queue_wall, float)
    return Bulk(1000 * used / units, 1000 * wall / units, queue_cpu, queue_wall)


def latency(worker: Worker, kind: str) -> Latency:
    """Queue single units with pauses between them."""
    time.sleep(0.5)
    cpu = worker.cpu
    time.sleep(IDLE_SECONDS)
    idle = (worker.cpu - cpu) / IDLE_SECONDS
    known = len(worker.journal)
    told = worker.produce(kind, str(PAUSED_UNITS), str(PAUSE_SECONDS))
    worker.wait_until(known + PAUSED_UNITS)
    queued, begun = told["queued"], worker.journal
    assert isinstance(queued, dict)
    waits = sorted(1000 * (begun[unit] - moment) for unit, moment in queued.items())
    return Latency(waits[len(waits) // 2], waits[int(len(waits) * 0.95)], 100 * idle)


def measure(rounds: int) -> tuple[list[list[str]], list[Check]]:
    """Return the lines of a table of costs, and the checks of P8."""
    lines: list[list[str]] = []
    checks: list[Check] = []
    with PostgresServer(durable=True) as postgres, RedisServer() as redis:
        for number, name in enumerate(("PostgreSQL", "SQLite")):
            url = create_database(postgres.url(), "bench") if name == "PostgreSQL" else ""
            with _warm_worker(redis.url(number), url) as worker:
                pairs = [(bulk(worker, PLAIN), bulk(worker, DURABLE)) for _ in range(rounds)]
                plain, durable = zip(*pairs, strict=True)
                lines += [_line(name, "plain", plain), _line(name, "durable", durable)]
                checks += _latency_checks(name, latency(worker, DURABLE))
    return lines, checks


@contextmanager
def _warm_worker(redis_url: str, database_url: str) -> Iterator[Worker]:
    with running_worker(redis_url, database_url) as worker:
        for number, kind in enumerate((PLAIN, DURABLE), start=1):
            worker.produce(kind, str(WARM_UP))
            worker.wait_until(number * WARM_UP)
        yield worker


def _line(database: str, kind: str, runs: tuple[Bulk, ...]) -> list[str]:
    columns = zip(*map(astuple, runs), strict=True)
    return [database, kind, *(f"{median(column):.2f}" for column in columns)]


def _latency_checks(database: str, found: Latency) -> list[Check]:
    start = f"queued to begun, idle, {database} (p50 {found.p50_ms:.0f} ms), p95 ms"
    return [
        at_most("P8", start, found.p95_ms, 100),
        at_most("P8", f"CPU while idle, {database}, % of a core", found.idle_cpu_percent, 5),
    ]
