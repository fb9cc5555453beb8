"""A worker under test: started as in production, counted and ended with all its processes."""

import contextlib
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

from tests.bench.data import SECRET, migrate
from tests.bench.servers import ROOT, tree_cpu
from tests.services.processes import bind_to_parent, stop_server

PATIENCE_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Size:
    """How a worker is divided, and the database connections that each process may have."""

    processes: int = 1
    threads: int = 8
    pool: int = 4


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker with its journal of units."""

    process: "subprocess.Popen[bytes]"
    variables: dict[str, str]

    @property
    def journal(self) -> dict[str, float]:
        """Return when each unit was noted."""
        path = Path(self.variables["DATA_DIR"]) / "journal"
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        return {unit: float(moment) for unit, moment in map(str.split, lines)}

    @property
    def cpu(self) -> float:
        """Return the CPU seconds that all its processes have used."""
        return tree_cpu(self.process.pid)

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

    def wait_until(self, noted: int) -> None:
        """Return once so many units are noted; TimeoutError when they are not."""
        until = time.monotonic() + PATIENCE_SECONDS
        while len(self.journal) < noted:
            if time.monotonic() > until or self.process.poll() is not None:
                raise TimeoutError(f"{len(self.journal)} of {noted} units were noted")
            time.sleep(0.02)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing be done in the block."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def running_worker(
    redis_url: str, database_url: str, size: Size | None = None, **more: str
) -> Iterator[Worker]:
    """Start a worker on an empty database (SQLite without an address); `more` are variables."""
    size = size or Size()
    with tempfile.TemporaryDirectory(prefix="talenti-bench-") as folder:
        variables = {
            "DATA_DIR": folder,
            "DATABASE_URL": database_url or f"sqlite:///{folder}/bench.sqlite3",
            "DATABASE_POOL": str(size.pool),
            "ENVIRONMENT": "test",
            "JWT_SECRET": SECRET,
            "REDIS_URL": redis_url,
            "dramatiq_queue_prefetch": str(size.threads),
            "dramatiq_worker_timeout": "100",
            "PYTHONPATH": str(ROOT),
            **more,
        }
        migrate(variables)
        process = _start(variables, size)
        try:
            yield Worker(process, variables)
        finally:
            _end(process)


def _start(variables: dict[str, str], size: Size) -> "subprocess.Popen[bytes]":
    divided = ["--processes", str(size.processes), "--threads", str(size.threads)]
    words = [*divided, "--queues", "default"]
    command = [sys.executable, "-m", "dramatiq", "tests.bench.actors", *words]
    with (Path(variables["DATA_DIR"]) / "worker.log").open("ab") as log:
        return subprocess.Popen(
            bind_to_parent(command),
            cwd=ROOT,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the master, and with it every process of its group."""
    stop_server(process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
