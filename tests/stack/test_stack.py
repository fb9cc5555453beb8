"""The whole stack on one machine goes from a recording to a report, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import psycopg
import pytest

from tests.services.processes import free_port

pytestmark = pytest.mark.slow
TIMEOUT_SECONDS, ENDING_SECONDS = 600, 40


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user can enter; pytest's are private."""
    with tempfile.TemporaryDirectory(prefix="talenti-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start the stack as `make run-stack` does; its files come to lie in the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.stack", *words],
        env=os.environ | {"TMPDIR": str(folder), "PORT": str(free_port())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_demo_goes_through_the_azure_engines_to_a_report_while_a_worker_dies(
    open_folder: Path,
) -> None:
    with start(open_folder, "--once") as stack:
        assert stack.stdout is not None
        begun = list(takewhile(lambda line: "transcribe: 16," not in line, stack.stdout))
        for pid in children_of_worker(open_folder, "media"):
            os.kill(pid, signal.SIGKILL)
        told = "".join([*begun, stack.stdout.read()])
        assert stack.wait(timeout=TIMEOUT_SECONDS) == 0, told
    assert told.count("worker-media ended and starts again.") == 1
    assert "Completed, Scored" in told
    assert "AI suggestion by gpt-4o on Azure OpenAI." in told
    assert "[00:0" in told  # a quote with its place in the sound
    assert list(open_folder.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stack_takes_everything_along(open_folder: Path, how: signal.Signals) -> None:
    with start(open_folder) as stack:
        assert stack.stdout is not None
        lines = iter(stack.stdout.readline, "")
        url = next(line.split()[1] for line in lines if line.startswith("DATABASE_URL"))
        os.kill(stack.pid, how)
        assert stack.wait(timeout=60) != 0
    wait_for_none_in(open_folder)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2).close()


def wait_for_none_in(folder: Path) -> None:
    """Return when nothing runs there any more; what is told to end may first finish its work."""
    until = time.monotonic() + ENDING_SECONDS
    while found := processes_in(folder):
        assert time.monotonic() < until, found
        time.sleep(0.1)


def children_of_worker(folder: Path, queue: str) -> list[int]:
    """Return the processes that a queue's worker has forked; none of them is the worker itself."""
    found = {
        pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        for pid, command in processes_in(folder).items()
        if command.endswith(f"--queues {queue} --fork-function talenti.work.port:serve_worker")
    }
    return [pid for pid, parent in found.items() if parent in found]


def processes_in(folder: Path) -> dict[int, str]:
    """Return the command lines of what runs with its files there, by process id."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environment = (place / "environ").read_bytes()
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if bytes(folder) in environment and command:
            found[int(place.name)] = command.decode().rstrip("\0").replace("\0", " ")
    return found
