"""The API beside the raw baseline: the same calls in turn, and the ratio of each round."""

import itertools
import json
import random
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench import data
from tests.bench.load import Outcome, drive, request
from tests.bench.servers import GunicornServer, Shape, tree_cpu, tree_memory
from tests.services.postgres_server import PostgresServer, create_database

LIST = "/api/v1/interviews"
WARM_UP_SECONDS = 0.4
SLACK = 1.3  # ratios of a busy machine move; a goal is missed only beyond this


@dataclass(frozen=True, slots=True)
class Goal:
    """How far from the baseline a call may be."""

    cpu_at_most: float
    rate_at_least: float


@dataclass(frozen=True, slots=True)
class Case:
    """One call at one number of connections."""

    number: str
    name: str
    connections: int
    goal: Goal


@dataclass(frozen=True, slots=True)
class Round:
    """What one application did in one round."""

    rate: float
    cpu_ms: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Result:
    """Every round of one case, the baseline's and ours in pairs."""

    case: Case
    shape: Shape
    raw: tuple[Round, ...]
    ours: tuple[Round, ...]

    @property
    def cpu_ratio(self) -> float:
        """Return our CPU for a call over the baseline's: the median of the rounds' ratios."""
        return median(
            mine.cpu_ms / raw.cpu_ms for mine, raw in zip(self.ours, self.raw, strict=True)
        )

    @property
    def rate_ratio(self) -> float:
        """Return our calls per second over the baseline's."""
        return median(mine.rate / raw.rate for mine, raw in zip(self.ours, self.raw, strict=True))

    @property
    def reached(self) -> bool:
        """Return whether the goal itself is reached."""
        return self._within(1.0)

    @property
    def tolerable(self) -> bool:
        """Return whether it is missed by no more than the slack."""
        return self._within(SLACK)

    def _within(self, slack: float) -> bool:
        goal = self.case.goal
        slim = self.cpu_ratio <= goal.cpu_at_most * slack
        return slim and self.rate_ratio >= goal.rate_at_least / slack


CASES = (
    Case("P1", "list of 50", 16, Goal(2.5, 0.45)),
    Case("P2", "detail", 16, Goal(3.0, 0.45)),
    Case("P2", "detail", 1, Goal(3.0, 0.65)),
    Case("P3", "create", 16, Goal(3.0, 0.4)),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A running server with what its callers need."""

    server: GunicornServer
    contents: data.Contents
    token: str

    def requests(self, name: str) -> Iterator[bytes]:
        """Return endless requests of a case, the same ones in every round."""
        if name == "create":
            return itertools.cycle([self._post(number) for number in _chosen()])
        if name == "detail":
            return itertools.cycle([self._get(self._detail(number)) for number in _chosen()])
        return itertools.repeat(self._get(LIST))

    def fetch(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return one answer; the address of the server is taken out of it."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        encoded = None if body is None else json.dumps(body).encode()
        address = f"http://{self.server.host}{path}"
        asked = urllib.request.Request(address, encoded, headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read().decode().replace(self.server.host, "host"))

    def creation(self, number: int) -> dict[str, str]:
        """Return the body of a new interview."""
        job = self.contents.tenant.jobs[number % data.JOBS]
        candidate = self.contents.candidates[number]
        return {"job": str(job), "candidate": str(candidate), "channel": "browser"}

    def _detail(self, number: int) -> str:
        return f"{LIST}/{self.contents.interviews[number]}"

    def _get(self, path: str) -> bytes:
        return request("GET", path, host=self.server.host, token=self.token)

    def _post(self, number: int) -> bytes:
        body = json.dumps(self.creation(number)).encode()
        return request("POST", LIST, host=self.server.host, token=self.token, body=body)


def _chosen() -> list[int]:
    return random.Random(7).sample(range(data.INTERVIEWS), 500)


def compare(shapes: list[Shape], *, rounds: int, seconds: float) -> list[Result]:
    """Measure every case in every shape; raises AssertionError when the answers differ."""
    found: list[Result] = []
    with PostgresServer(durable=True) as postgres, tempfile.TemporaryDirectory() as folder:
        variables = {
            "DATABASE_URL": create_database(postgres.url(), "bench"),
            "DATA_DIR": folder,
            "ENVIRONMENT": "test",
            "JWT_SECRET": data.SECRET,
            "RATE_LIMIT_REQUESTS": "0",  # the baseline counts nothing either
        }
        data.migrate(variables)
        contents = data.fill(variables["DATABASE_URL"])
        for shape in shapes:
            found += _measure(shape, variables, contents, rounds=rounds, seconds=seconds)
    return found


def _measure(
    shape: Shape,
    variables: dict[str, str],
    contents: data.Contents,
    *,
    rounds: int,
    seconds: float,
) -> list[Result]:
    token = data.access_token(contents.tenant.recruiter)
    raw_server = GunicornServer("tests.bench.raw_wsgi:application", shape, variables)
    own_server = GunicornServer("talenti.wsgi:application", shape, variables)
    with raw_server, own_server:
        raw = Subject(raw_server, contents, token)
        ours = Subject(own_server, contents, token)
        check_same_answers(raw, ours)
        found = []
        for case in CASES:
            pairs = [
                _one_round(case, raw, ours, seconds=seconds, turned=bool(number % 2))
                for number in range(rounds)
            ]
            firsts, seconds_ = zip(*pairs, strict=True)
            found.append(Result(case, shape, firsts, seconds_))
        memory = f"{tree_memory(raw_server.pid):.0f} and {tree_memory(own_server.pid):.0f} MB"
        print(f"{shape}: PSS afterwards, raw and ours: {memory}", flush=True)  # noqa: T201
    return found


def _one_round(
    case: Case, raw: Subject, ours: Subject, *, seconds: float, turned: bool
) -> tuple[Round, Round]:
    order = (ours, raw) if turned else (raw, ours)
    done = [_one_turn(case, subject, seconds) for subject in order]
    return (done[1], done[0]) if turned else (done[0], done[1])


def _one_turn(case: Case, subject: Subject, seconds: float) -> Round:
    requests = subject.requests(case.name)
    ask: Callable[[float], Outcome] = lambda time: drive(  # noqa: E731
        subject.server.address, requests, connections=case.connections, seconds=time
    )
    ask(WARM_UP_SECONDS)
    before = tree_cpu(subject.server.pid)
    outcome = ask(seconds)
    cpu = tree_cpu(subject.server.pid) - before
    expected = b"201" if case.name == "create" else b"200"
    assert set(outcome.statuses) == {expected}, f"{case.name}: {outcome.statuses}"
    return Round(
        rate=outcome.answers / outcome.seconds,
        cpu_ms=1000 * cpu / outcome.answers,
        median_ms=outcome.median_ms,
    )


def check_same_answers(raw: Subject, ours: Subject) -> None:
    """Raise AssertionError unless both answer the same: otherwise nothing would be compared."""
    first = raw.fetch(LIST)
    assert len(first["results"]) == 50
    assert ours.fetch(LIST) == first
    for number in range(6):  # one of each status
        path = f"{LIST}/{raw.contents.interviews[number]}"
        assert ours.fetch(path) == raw.fetch(path)
    mine, other = (_timeless(it.fetch(LIST, it.creation(5))) for it in (ours, raw))
    assert mine == other


def _timeless(created: dict[str, Any]) -> dict[str, Any]:
    return created | {"id": None, "created_at": None}
