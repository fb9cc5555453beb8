"""Worse days of real processes: a killed child, a stalled Redis; nothing is lost or doubled."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from talenti.work.models import State, WorkItem
from tests.people import People
from tests.services.redis_server import RedisServer
from tests.talenti.work import kinds
from tests.talenti.work.test_processes import (
    KINDS,
    SWEEP,
    WORKER,
    assert_each_done_once,
    done,
    running,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)
TWO_CHILDREN = ["-m", "dramatiq", "talenti.work.boot", KINDS, "--processes", "2", "--threads", "2"]
STALL_SECONDS, GONE_SECONDS = 15, 12  # longer than our timeout; longer than the client's retries


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """Return the ids of its child processes, oldest first."""
    return [
        int(pid)
        for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    ]


def put(count: int, people: People) -> None:
    for _ in range(count):
        kinds.put(kinds.SLOW, people.home)


def test_worker_ends_with_one_killed_child_and_the_next_one_does_the_rest(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    put(30, people)
    url = redis_server.url()
    with running(["-c", SWEEP], url, tmp_path):
        with running(TWO_CHILDREN, url, tmp_path) as worker:
            until(lambda: done() >= 3)
            os.kill(children(worker)[-1], signal.SIGKILL)
            assert worker.wait(timeout=30) != 0  # so that whoever started it starts it again
        assert WorkItem.objects.exclude(state=State.DONE).exists()
        with running(TWO_CHILDREN, url, tmp_path):
            until(lambda: done() == 30)
    assert_each_done_once(30)


@pytest.mark.slow
def test_same_worker_goes_on_after_redis_stalled_and_then_was_gone(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    url, passing = redis_server.url(), threading.Event()
    with running(["-c", SWEEP], url, tmp_path), running(WORKER, url, tmp_path) as worker:
        put(20, people)
        until(lambda: done() >= 1)
        redis_server.pause()
        put(10, people)
        passing.wait(STALL_SECONDS)
        redis_server.stop()
        put(10, people)
        passing.wait(GONE_SECONDS)
        redis_server.start()
        until(lambda: done() == 40)
        put(10, people)
        until(lambda: done() == 50)
        assert worker.poll() is None
    assert_each_done_once(50)
