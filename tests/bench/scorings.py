"""A thousand scorings that each wait 2 s for a model, beside the time that waiting alone takes.

P7 and P9: workers with 4 and with 16 connections for each process do the same work in turn, and the
first of them asks the model by plain actors, too: what those lose is the machine's and the SDK's.
"""

import math
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from tests.bench.goals import Check, at_least, at_most
from tests.bench.kinds import PLAIN_SCORING, SCORING
from tests.bench.servers import ROOT
from tests.bench.workers import Size, Worker, running_worker
from tests.services.postgres_server import PostgresServer, create_database
from tests.services.processes import bind_to_parent, free_port, start_server, stop_server
from tests.services.redis_server import RedisServer

UNITS, MODEL_SECONDS = 1000, 2.0
FEW, MANY = Size(2, 64, pool=4), Size(2, 64, pool=16)
AT_ONCE = FEW.processes * FEW.threads
BOUND_SECONDS = math.ceil(UNITS / AT_ONCE) * MODEL_SECONDS


@dataclass(frozen=True, slots=True)
class Run:
    """One thousand units: seconds for all, CPU milliseconds for one, connections of a process."""

    seconds: float
    cpu_ms: float
    connections: float

    @property
    def share(self) -> float:
        """Return the part of the time in which every thread waited for the model."""
        return BOUND_SECONDS / self.seconds


@dataclass(frozen=True, slots=True)
class Round:
    """Three runs, one after the other."""

    plain: Run
    few: Run
    many: Run


def measure(rounds: int) -> list[Check]:
    """Return the checks of P7 and P9."""
    with ExitStack() as stack:
        postgres = stack.enter_context(PostgresServer(durable=True))
        redis = stack.enter_context(RedisServer())
        address = stack.enter_context(running_model())
        few, many = (
            stack.enter_context(
                _scoring_worker(size, create_database(postgres.url(), name), redis.url(at), address)
            )
            for at, (size, name) in enumerate(((FEW, "few"), (MANY, "many")))
        )
        return checks(
            [
                Round(run(few, PLAIN_SCORING), run(few, SCORING), run(many, SCORING))
                for _ in range(rounds)
            ]
        )


def checks(rounds: list[Round]) -> list[Check]:
    """Return what follows from the runs, medians where there is noise."""
    share = median(it.few.share for it in rounds)
    plain = median(it.plain.share for it in rounds)
    name = f"{UNITS} scorings at {AT_ONCE} threads"
    pools = f"throughput with {FEW.pool} over {MANY.pool} connections"
    return [
        at_least("P7", f"{name}, share of the bound (plain actors: {plain:.2f})", share, 0.9),
        at_most("P7", f"{name}, CPU ms each", median(it.few.cpu_ms for it in rounds), 8),
        at_most("P9", "connections of a process", max(it.few.connections for it in rounds), 8),
        at_least("P9", pools, median(it.many.seconds / it.few.seconds for it in rounds), 0.95),
    ]


def run(worker: Worker, kind: str) -> Run:
    """Queue the units while the worker is held, let it go and wait until all have ended."""
    known = len(worker.journal)
    with worker.held():
        worker.produce(kind, str(UNITS))
        cpu, started = worker.cpu, time.perf_counter()
    with watched_connections(worker) as counts:
        worker.wait_until(known + UNITS)
        seconds = time.perf_counter() - started
    each = 1000 * (worker.cpu - cpu) / UNITS
    return Run(seconds, each, max(counts) / FEW.processes)


@contextmanager
def watched_connections(worker: Worker) -> Iterator[list[int]]:
    """Count the connections to the worker's database four times a second."""
    counts: list[int] = [0]
    over = threading.Event()
    ask = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def watch() -> None:
        with psycopg.connect(worker.variables["DATABASE_URL"], autocommit=True) as connection:
            while not over.wait(0.25):
                counts.append(connection.execute(ask).fetchone()[0])  # type: ignore[index]

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield counts
    finally:
        over.set()
        watcher.join()


@contextmanager
def _scoring_worker(size: Size, database: str, redis: str, model: str) -> Iterator[Worker]:
    variables = {
        "AZURE_OPENAI_ENDPOINT": model,
        "AZURE_OPENAI_API_KEY": "key",
        "AZURE_OPENAI_API_VERSION": "2024-10-21",
        "AZURE_OPENAI_DEPLOYMENT_NAME": "gpt-4o",
    }
    with running_worker(redis, database, size, **variables) as worker:
        worker.produce(SCORING, str(AT_ONCE))  # every process loads the SDK and makes its client
        worker.wait_until(AT_ONCE)
        yield worker


@contextmanager
def running_model() -> Iterator[str]:
    """Start the model in a process of its own and return its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = [str(port), str(MODEL_SECONDS)]
    module = "tests.bench.model"
    command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", module, *words]
    with tempfile.TemporaryDirectory(prefix="talenti-bench-") as folder:
        log = Path(folder) / "model.log"
        process = start_server(bind_to_parent(command), log=log, is_ready=lambda: _answers(address))
        try:
            yield address
        finally:
            stop_server(process)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
