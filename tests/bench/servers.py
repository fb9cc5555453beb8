"""The servers under test, started alike, and the CPU that their processes used."""

import os
import sys
import tempfile
import urllib.request
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.processes import bind_to_parent, free_port, start_server, stop_server

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a server is divided; the same for everything that is compared."""

    workers: int
    threads: int

    def __str__(self) -> str:
        return f"{self.workers} x {self.threads} threads"


def tree_cpu(pid: int) -> float:
    """Return the CPU seconds that a process and its living descendants have used so far."""
    user, system = _fields(pid)[11:13]
    return (int(user) + int(system)) / TICKS + sum(tree_cpu(child) for child in _children(pid))


def tree_memory(pid: int) -> float:
    """Return the proportional memory (PSS) of a process and its descendants in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(tree_memory(child) for child in _children(pid))


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


class WebServer(AbstractContextManager["WebServer"]):
    """An application under a server of its own on a free port of the loopback."""

    def __init__(self, application: str, shape: Shape, variables: dict[str, str]) -> None:
        self.application = application
        self.address = ("127.0.0.1", free_port())
        self._shape = shape
        self._variables = variables
        self._folder = tempfile.TemporaryDirectory(prefix="talenti-bench-")

    @property
    def host(self) -> str:
        """Return what clients write into `Host`."""
        return f"{self.address[0]}:{self.address[1]}"

    @property
    def pid(self) -> int:
        """Return the master's process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        log = Path(self._folder.name) / "server.log"
        self._process = start_server(self._command(), log=log, is_ready=self._is_ready)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop_server(self._process)
        self._folder.cleanup()

    def _command(self) -> list[str]:
        variables = [f"{name}={value}" for name, value in self._variables.items()]
        path = f"PYTHONPATH={ROOT}"
        return bind_to_parent(["env", *variables, path, sys.executable, "-m", *self._words()])

    def _words(self) -> list[str]:
        """Return the server's module and its arguments."""
        raise NotImplementedError

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"http://{self.host}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


class GunicornServer(WebServer):
    """A WSGI application under gunicorn's gthread worker."""

    def _words(self) -> list[str]:
        divided = ["--workers", str(self._shape.workers), "--threads", str(self._shape.threads)]
        words = ["--worker-class", "gthread", "--bind", self.host, "--no-control-socket"]
        return ["gunicorn", self.application, *divided, *words, "--log-level", "warning"]


class UvicornServer(WebServer):
    """An ASGI application under uvicorn, which has an event loop and asks threads of its own."""

    def _words(self) -> list[str]:
        host, port = self.address
        words = ["--host", host, "--port", str(port), "--workers", str(self._shape.workers)]
        return ["uvicorn", self.application, *words, "--log-level", "warning", "--no-access-log"]
