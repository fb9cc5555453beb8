"""Worse days of real processes: a killed child, a stalled Redis; nothing is lost or doubled."""

import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
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
START_SECONDS = 20  # of a worker on a busy machine
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


def delay(people: People, *, seconds: float) -> None:
    moment = timezone.now() + timedelta(seconds=seconds)
    home = people.home.pk
    enqueue(kinds.COUNT, organisation_id=home, subject_id=uuid.uuid4(), at=moment)


def running_now() -> int:
    return WorkItem.objects.filter(state=State.RUNNING).count()


@pytest.fixture
def fail_now() -> Iterator[Path]:
    """The file that lets units of SECOND fail."""
    file = settings.DATA_DIR / kinds.FAIL_NOW
    yield file
    file.unlink(missing_ok=True)


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


def test_work_of_a_killed_child_is_done_again_within_its_lease_and_one_sweep(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    for _ in range(4):
        kinds.put(kinds.HANG, people.home)
    url = redis_server.url()
    with running(["-c", SWEEP], url, tmp_path):
        with running(WORKER, url, tmp_path) as worker:
            until(lambda: running_now() == 4)
            WorkItem.objects.update(rings=5)  # as after a long wait, when rings are rare
            os.kill(children(worker)[-1], signal.SIGKILL)
            killed = time.monotonic()
            assert worker.wait(timeout=30) != 0
        with running(WORKER, url, tmp_path):
            until(lambda: done() == 4)
    bound = kinds.HANG_LEASE_SECONDS + settings.SWEEP_SECONDS + START_SECONDS
    assert time.monotonic() - killed < bound
    assert_each_done_once(4)


def test_work_that_fails_while_redis_is_down_is_not_lost(
    people: People, redis_server: RedisServer, tmp_path: Path, fail_now: Path
) -> None:
    url = redis_server.url()
    with running(["-c", SWEEP], url, tmp_path), running(WORKER, url, tmp_path) as worker:
        for _ in range(3):
            kinds.put(kinds.SECOND, people.home)
        until(lambda: running_now() == 3)
        redis_server.stop()
        fail_now.touch()
        until(lambda: WorkItem.objects.filter(state=State.QUEUED, cause="error").count() == 3)
        redis_server.start()  # and it has forgotten everything
        until(lambda: done() == 3)
        assert worker.poll() is None
    assert_each_done_once(3)


@pytest.mark.slow
def test_delayed_work_outlives_a_long_outage_of_redis_beside_the_same_worker(
    people: People, redis_server: RedisServer, tmp_path: Path
) -> None:
    url, passing = redis_server.url(), threading.Event()
    with running(["-c", SWEEP], url, tmp_path), running(WORKER, url, tmp_path) as worker:
        put(2, people)
        until(lambda: done() == 2)
        for _ in range(20):
            delay(people, seconds=GONE_SECONDS / 2)
        redis_server.stop()
        passing.wait(GONE_SECONDS)
        assert done() == 2
        redis_server.start()
        until(lambda: done() == 22)
        assert worker.poll() is None
    assert_each_done_once(22)


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
