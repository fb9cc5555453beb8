"""Bad days of real processes: killed workers, a flushed and a dead Redis; nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.db import connection

from talenti.models import HistoryEntry
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.services.processes import bind_to_parent
from tests.services.redis_server import RedisServer
from tests.talenti.work import kinds

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
KINDS = "tests.talenti.work.kinds"
SWEEP = (
    "import talenti.work.boot, tests.talenti.work.kinds;"
    "from django.core.management import call_command; call_command('sweep', loop=True)"
)
WORKER = ["-m", "dramatiq", "talenti.work.boot", KINDS, "--processes", "1", "--threads", "4"]


def database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    login = (
        f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    )
    return f"postgres://{login}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@contextmanager
def running(
    arguments: list[str],
    redis_url: str,
    folder: Path,
    variables: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python on the test's own database in its own process group; kill -9 it in the end."""
    known = {"DATABASE_URL": database_url(), "REDIS_URL": redis_url}
    environment = os.environ | known | dict(variables or {})
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            bind_to_parent([sys.executable, *arguments]),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    except AssertionError:
        sys.stderr.write((folder / "log").read_text(errors="replace")[-4000:])  # why it did nothing
        raise
    finally:
        kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(timeout=10)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, list(
            WorkItem.objects.values_list("state", "attempt", "cause")
        )
        time.sleep(0.05)


def done() -> int:
    return WorkItem.objects.filter(state=State.DONE).count()


def assert_each_done_once(count: int) -> None:
    results = HistoryEntry.objects.filter(verb="result").values_list("root_id", flat=True)
    assert WorkItem.objects.filter(state=State.DONE).count() == count
    assert len(results) == len(set(results)) == count


def test_killed_worker_and_flushed_redis_lose_and_double_nothing(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    for _ in range(60):
        kinds.put(kinds.SLOW, people.home)
    url = redis_server.url()
    with running(["-c", SWEEP], url, tmp_path):
        with running(WORKER, url, tmp_path):
            until(lambda: done() >= 5)
        assert done() < 60  # killed in the middle
        with redis.Redis.from_url(url) as client:
            client.flushall()
        with running(WORKER, url, tmp_path):
            until(lambda: done() == 60)
    assert_each_done_once(60)


def test_work_goes_on_after_redis_was_gone(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    url = redis_server.url()
    with running(["-c", SWEEP], url, tmp_path), running(WORKER, url, tmp_path):
        for _ in range(10):
            kinds.put(kinds.SLOW, people.home)
        until(lambda: done() >= 1)
        redis_server.stop()
        for _ in range(10):
            kinds.put(kinds.SLOW, people.home)
        redis_server.start()
        until(lambda: done() == 20)
    assert_each_done_once(20)
