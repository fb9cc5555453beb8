"""Starts a server that dies with this process, waits until it answers, stops it for certain."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bind_to_parent(
    command: Sequence[str], *, user: str | None = None, death_signal: str = "KILL"
) -> list[str]:
    """Return the command wrapped so that the kernel ends it with this process, even after kill -9.

    With `user` it runs as that user. Without setpriv (not Linux) only an orderly end stops it.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    identity = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    return [setpriv, *identity, "--pdeathsig", death_signal, "--", *command]


def start_server(
    command: Sequence[str], *, log: Path, is_ready: Callable[[], bool]
) -> subprocess.Popen[bytes]:
    """Start the command and return when it answers; raises RuntimeError with the end of its log.

    It gets a session of its own: Ctrl-C belongs to the test run, which then stops it in order.
    """
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            stop_server(process, signal.SIGKILL)
            raise RuntimeError(f"{command[-1]} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(POLL_SECONDS)
    return process


def stop_server(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """End the process with the signal, and with SIGKILL when it does not follow in time."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


class OwnServer:
    """A server of this run's own, as a context manager: a free port and a folder that goes with it.

    The folder is not below one of pytest's: those are private, and a server may have a user of its
    own.
    """

    stop_signal = signal.SIGTERM

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"talenti-{name}-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again on the same port; returns when it answers."""
        raise NotImplementedError

    def stop(self, how: signal.Signals | None = None) -> None:
        """End it with the signal, by default in its own good order; also one that is stopped."""
        if self._process is not None:
            stop_server(self._process, how or self.stop_signal)
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
