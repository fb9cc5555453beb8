"""The processes of a deployment, by the commands of docs/processes.md."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.services.processes import bind_to_parent, free_port, start_server, stop_server
from tests.stack.variables import ROOT

MANAGE = ROOT / "manage.py"
GUNICORN = ("-m", "gunicorn", "-c", "python:talenti.gunicorn_conf")


class Program:
    """One process with its children; it ends with this process, and can be started again.

    It has our own variables, and `more`.
    """

    def __init__(
        self,
        name: str,
        words: list[str],
        port: int,
        log: Path,
        *,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self.address = f"http://127.0.0.1:{port}"
        variables = {**(more or {}), "HEALTH_PORT": str(port)}
        told = [f"{name}={value}" for name, value in variables.items()]
        self._words = ["env", *told, sys.executable, *words]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process id of its first process; 0 while it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Return once it answers; raises RuntimeError with the end of its log."""
        command = bind_to_parent(self._words, death_signal="TERM")
        self._process = start_server(command, log=self.log, is_ready=self._is_ready)

    def stop(self) -> None:
        """End it in order, and then whatever of it is left."""
        if self._process is None:
            return
        stop_server(self._process)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None

    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
        except OSError:
            return False
        return True


class LineProgram(Program):
    """The telephone line: it has no health to tell of, and answers strangers with a refusal."""

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(self.address, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def programs(folder: Path, port: int, line_port: int) -> list[Program]:
    """Return the line, the api, a worker for each queue, and the sweeper, not started yet."""
    line = ["-m", "tests.stack.line", str(line_port)]
    api = [*GUNICORN, "--bind", f"127.0.0.1:{port}", "talenti.wsgi"]
    worker = [str(MANAGE), "worker", "--queues"]
    sweeper = [str(MANAGE), "sweep", "--loop"]
    return [
        LineProgram("line", line, line_port, folder / "line.log"),
        Program("api", api, port, folder / "api.log"),
        Program("worker-default", [*worker, "default"], free_port(), folder / "worker-default.log"),
        Program("worker-media", [*worker, "media"], free_port(), folder / "worker-media.log"),
        Program("worker-calls", [*worker, "calls"], free_port(), folder / "worker-calls.log"),
        Program("sweeper", sweeper, free_port(), folder / "sweeper.log"),
    ]
