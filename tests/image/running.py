"""A process of the image, as the platform would start it: the entry point and one word."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.image.building import Image
from tests.services.processes import bind_to_parent

ENTRY = "/app/infra/image/entrypoint.sh"
USER = 10001
START_SECONDS = 90.0
STOP_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Running:
    """A started container; `pid` is its first process, which the platform would signal."""

    process: subprocess.Popen[str]
    pid: int

    def stop(self) -> int:
        """Send it SIGTERM as the platform does, and return its exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def started(
    image: Image, container: str, word: str, variables: dict[str, str], log: Path
) -> Iterator[Running]:
    """Run one command of the image until the block ends."""
    words = image.words_to_run(container, [ENTRY, word], variables)
    with log.open("w") as sink:
        process = subprocess.Popen(
            bind_to_parent(words),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            text=True,
            start_new_session=True,
        )
    try:
        yield Running(process, _first_process(process, log))
    finally:
        _kill_session(process)


def fetch(url: str) -> tuple[int, dict[str, str], str]:
    """Return status, headers (lower case) and body."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, _headers(answer), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, _headers(error), error.read().decode()


def wait_until_alive(port: int, log: Path) -> str:
    """Return the body of /health once it answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            status, _, body = fetch(f"http://127.0.0.1:{port}/health")
        except OSError:
            time.sleep(0.2)
            continue
        assert status == 200, body
        return body
    raise AssertionError(f"nothing on port {port}:\n{log.read_text()[-3000:]}")


def _headers(answer: object) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}  # type: ignore[attr-defined]


def _first_process(process: subprocess.Popen[str], log: Path) -> int:
    """Return the id of the process that runs in the container: the oldest one inside."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        members = [pid for pid in _session_of(process.pid) if _is_inside(pid)]
        if members:
            return min(members)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the container did not start:\n{log.read_text()[-3000:]}")


def _session_of(leader: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append(int(stat.parent.name))
    return found


def _is_inside(pid: int) -> bool:
    """Say whether it is the image's user's, and not buildah's own process that waits for it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False
    own = command.startswith("buildah")
    return not own and re.search(rf"^Uid:\t{USER}\b", status, re.MULTILINE) is not None


def _kill_session(process: subprocess.Popen[str]) -> None:
    for pid in _session_of(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(STOP_SECONDS)
