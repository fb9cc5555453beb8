"""Durable actors beside plain Dramatiq actors: the same Redis, the same worker, empty units."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.data import SECRET, migrate
from tests.bench.servers import ROOT, tree_cpu
from tests.services.postgres_server import PostgresServer, create_database
from tests.services.processes import bind_to_parent, stop_server
from tests.services.redis_server import RedisServer

UNITS, WARM_UP, ROUNDS = 1000, 100, 3
PAUSED_UNITS, PAUSE_SECONDS = 40, 0.15
PATIENCE_SECONDS = 60
IDLE_SECONDS = 3.0
PLAIN, DURABLE = "bench.plain", "bench.durable"


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


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker with its journal of begun units."""

    process: "subprocess.Popen[bytes]"
    variables: dict[str, str]

    @property
    def journal(self) -> dict[str, float]:
        """Return when each unit began."""
        path = Path(self.variables["DATA_DIR"]) / "journal"
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        return {unit: float(moment) for unit, moment in map(str.split, lines)}

    def produce(self, *words: str) -> dict[str, object]:
        """Queue units and return what the producer says."""
        command = [sys.executable, "-m", "tests.bench.producer", *words]
        outcome = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | self.variables,
            stdout=subprocess.PIPE,
            check=True,
            timeout=PATIENCE_SECONDS,
        )
        told: dict[str, object] = json.loads(outcome.stdout)
        return told

    def wait_until(self, begun: int) -> None:
        """Return once so many units have begun; TimeoutError when they do not."""
        until = time.monotonic() + PATIENCE_SECONDS
        while len(self.journal) < begun:
            if time.monotonic() > until or self.process.poll() is not None:
                raise TimeoutError(f"{len(self.journal)} of {begun} units began")
            time.sleep(0.02)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of the worker."""
        os.killpg(self.process.pid, number)


def bulk(worker: Worker, kind: str, units: int = UNITS) -> Bulk:
    """Stop the worker, queue the units, let it go and measure until the last one has begun."""
    known = len(worker.journal)
    worker.signal(signal.SIGSTOP)
    try:
        told = worker.produce(kind, str(units))
    finally:
        cpu, started = tree_cpu(worker.process.pid), time.perf_counter()
        worker.signal(signal.SIGCONT)
    worker.wait_until(known + units)
    wall = time.perf_counter() - started
    time.sleep(0.3)  # the last ones are still storing their result
    used = tree_cpu(worker.process.pid) - cpu
    queue_cpu, queue_wall = told["cpu_ms"], told["wall_ms"]
    assert isinstance(queue_cpu, float)
    assert isinstance(queue_wall, float)
    return Bulk(1000 * used / units, 1000 * wall / units, queue_cpu, queue_wall)


def latency(worker: Worker, kind: str) -> Latency:
    """Queue single units with pauses between them."""
    time.sleep(0.5)
    cpu = tree_cpu(worker.process.pid)
    time.sleep(IDLE_SECONDS)
    idle = (tree_cpu(worker.process.pid) - cpu) / IDLE_SECONDS
    known = len(worker.journal)
    told = worker.produce(kind, str(PAUSED_UNITS), str(PAUSE_SECONDS))
    worker.wait_until(known + PAUSED_UNITS)
    queued, begun = told["queued"], worker.journal
    assert isinstance(queued, dict)
    waits = sorted(1000 * (begun[unit] - moment) for unit, moment in queued.items())
    return Latency(waits[len(waits) // 2], waits[int(len(waits) * 0.95)], 100 * idle)


@contextmanager
def running_worker(
    redis_url: str, database_url: str, *, processes: int = 1, threads: int = 8
) -> Iterator[Worker]:
    """Start a worker on an empty database and wait until it has done its first units."""
    with tempfile.TemporaryDirectory(prefix="talenti-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/bench.sqlite3"
        variables = {
            "DATA_DIR": folder,
            "DATABASE_URL": url,
            "ENVIRONMENT": "test",
            "JWT_SECRET": SECRET,
            "REDIS_URL": redis_url,
            "dramatiq_queue_prefetch": str(threads),
            "dramatiq_worker_timeout": "100",
            "PYTHONPATH": str(ROOT),
        }
        migrate(variables)
        words = ["--processes", str(processes), "--threads", str(threads), "--queues", "default"]
        command = [sys.executable, "-m", "dramatiq", "tests.bench.actors", *words]
        with (Path(folder) / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                bind_to_parent(command),
                cwd=ROOT,
                env=os.environ | variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        worker = Worker(process, variables)
        try:
            for kind in (PLAIN, DURABLE):
                known = len(worker.journal)
                worker.produce(kind, str(WARM_UP))
                worker.wait_until(known + WARM_UP)
            yield worker
        finally:
            stop_server(process, signal.SIGTERM)


def measure() -> tuple[list[list[str]], list[list[str]]]:
    """Return the lines of two tables: bulk and latency."""
    many: list[list[str]] = []
    single: list[list[str]] = []
    with PostgresServer(durable=True) as postgres, RedisServer() as redis:
        for number, name in enumerate(("PostgreSQL", "SQLite")):
            url = create_database(postgres.url(), "bench") if name == "PostgreSQL" else ""
            with running_worker(redis.url(number), url) as worker:
                pairs = [(bulk(worker, PLAIN), bulk(worker, DURABLE)) for _ in range(ROUNDS)]
                many += [_bulk_line(name, kind, [p[at] for p in pairs]) for at, kind in KINDS]
                single += [_latency_line(name, latency(worker, kind)) for kind in (DURABLE,)]
    return many, single


KINDS = ((0, "plain"), (1, "durable"))


def _bulk_line(database: str, kind: str, rounds: list[Bulk]) -> list[str]:
    def middle(name: str) -> str:
        return f"{median(getattr(done, name) for done in rounds):.2f}"

    names = ("worker_cpu_ms", "worker_wall_ms", "queue_cpu_ms", "queue_wall_ms")
    return [database, kind, *(middle(name) for name in names)]


def _latency_line(database: str, found: Latency) -> list[str]:
    values = (found.p50_ms, found.p95_ms, found.idle_cpu_percent)
    return [database, *(f"{value:.1f}" for value in values)]
