"""PostgreSQL crashes and comes back: 503 meanwhile, no half rows, no lost or doubled work."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.services.postgres_server import PostgresServer, create_database
from tests.services.processes import bind_to_parent, free_port, start_server
from tests.services.redis_server import RedisServer
from tests.stack.programs import MANAGE, Program, programs
from tests.stack.variables import ROOT
from tests.talenti.work.test_processes import SWEEP, WORKER, kill_group

pytestmark = pytest.mark.slow
CLIENTS = 4
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 60
UNITS, DOWN_SECONDS = 60, 8  # longer than a lease
PREPARE = """
from talenti.api.tokens import issue_access
from tests.people import make_people
from tests.rows import make_guide, make_job
people = make_people(); job = make_job(people.home); make_guide(job)
print(job.pk, issue_access(people.alice.pk))
"""
QUEUE = f"""
from tests.people import make_people
from tests.talenti.work import kinds
people = make_people()
for _ in range({UNITS}): kinds.put(kinds.SLOW, people.home)
"""
RESULTS = "SELECT root_id FROM talenti_historyentry WHERE verb = 'result'"
TABLES = {
    "candidates": "SELECT name FROM interviews_candidate",
    "interviews": "SELECT c.name FROM interviews_interview i"
    " JOIN interviews_candidate c ON c.id = i.candidate_id",
    "history": "SELECT c.name FROM talenti_historyentry h JOIN interviews_interview i"
    " ON i.id = h.subject_id JOIN interviews_candidate c ON c.id = i.candidate_id"
    " WHERE h.subject = 'interview' AND h.verb = 'created'",
}


@dataclass
class Posting:
    """Clients that create interviews until told to stop; what they were answered."""

    url: str
    job: str
    token: str
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def post(self, client: int) -> None:
        """Post one candidate after the other."""
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self.token}"
            for number in count():
                name = f"Candidate {client}-{number}"
                self._create(session, name)
                if self.stopping.wait(PAUSE_SECONDS):
                    return

    def _create(self, session: requests.Session, name: str) -> None:
        person = {"name": name, "email": f"{name.split()[1]}@candidate.example"}
        body: dict[str, Any] = {"job": self.job, "candidate": person, "channel": "browser"}
        answer = session.post(f"{self.url}/api/v1/interviews", json=body, timeout=30)
        told = answer.headers
        if answer.status_code == 201:
            self.created.append(name)
        self.answers.append((answer.status_code, told["Content-Type"], told.get("Retry-After", "")))

    def wait_for(self, status: int, times: int) -> None:
        """Return once so many more answers had this status."""
        before, until = self._had(status), PATIENCE_SECONDS * 20
        while self._had(status) < before + times:
            assert until, Counter(self.answers)
            until -= 1
            threading.Event().wait(0.05)

    def _had(self, status: int) -> int:
        return sum(answer[0] == status for answer in self.answers)


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server that keeps what it has confirmed, also in a crash."""
    with PostgresServer(durable=True) as server:
        yield server


@pytest.fixture
def database(
    postgres: PostgresServer, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of a migrated database, which is the one of every process started from here."""
    url = create_database(postgres.url(), "restarted")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_server.url())
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "talenti.settings")
    migrate = [sys.executable, str(MANAGE), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True, timeout=300)
    return url


@pytest.fixture
def api(database: str, tmp_path: Path) -> Iterator[Program]:
    """The api as it is deployed."""
    server = programs(tmp_path, free_port(), free_port())[1]
    server.start()
    yield server
    server.stop()


def names(url: str) -> dict[str, list[str]]:
    """Return whose rows are in each table."""
    with psycopg.connect(url) as connection:
        return {
            table: sorted(name for (name,) in connection.execute(query).fetchall())
            for table, query in TABLES.items()
        }


def run_python(code: str) -> str:
    """Run the code with the product loaded and return what it prints."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def test_clients_hear_503_while_postgres_is_down_and_no_row_is_half(
    postgres: PostgresServer, database: str, api: Program
) -> None:
    job, token = run_python(PREPARE).split()
    posting = Posting(api.address, job, token)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(posting.post, number) for number in range(CLIENTS)]
        try:
            posting.wait_for(201, 20)
            postgres.stop(signal.SIGQUIT)
            posting.wait_for(503, CLIENTS)
            postgres.start()
            posting.wait_for(201, 20)
        finally:
            posting.stopping.set()
    assert [client.result() for client in clients] == [None] * CLIENTS
    assert set(posting.answers) == {
        (201, "application/json", ""),
        (503, "application/problem+json", "5"),
    }
    rows = names(database)
    assert rows["candidates"] == rows["interviews"] == rows["history"]
    assert len(set(rows["candidates"])) == len(rows["candidates"])
    assert set(posting.created) <= set(rows["candidates"])


@contextmanager
def started(words: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Python in the background; kill it with its children in the end."""
    command = bind_to_parent([sys.executable, *words])
    process = start_server(command, log=log, is_ready=lambda: True)
    try:
        yield process
    finally:
        kill_group(process)


def results(url: str) -> Counter[str]:
    """Return how many results each unit of work has."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(RESULTS).fetchall()
    return Counter(str(unit) for (unit,) in rows)


def wait_for_results(url: str, units: int) -> None:
    """Return once so many units have a result."""
    until = time.monotonic() + PATIENCE_SECONDS
    while len(found := results(url)) < units:
        assert time.monotonic() < until, len(found)
        time.sleep(0.1)


def test_same_worker_and_sweeper_go_on_after_postgres_crashed(
    postgres: PostgresServer, database: str, tmp_path: Path
) -> None:
    run_python(QUEUE)
    with (
        started(["-c", SWEEP], tmp_path / "sweeper.log") as sweeper,
        started(WORKER, tmp_path / "worker.log") as worker,
    ):
        wait_for_results(database, 5)
        postgres.stop(signal.SIGQUIT)
        time.sleep(DOWN_SECONDS)
        postgres.start()
        wait_for_results(database, UNITS)
        assert (worker.poll(), sweeper.poll()) == (None, None)
    assert set(results(database).values()) == {1}
