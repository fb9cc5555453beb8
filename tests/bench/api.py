"""The API beside two baselines: the same calls in turn, and the ratios of each round."""

import itertools
import json
import random
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench import data
from tests.bench.load import Outcome, drive, request
from tests.bench.servers import (
    GunicornServer,
    Shape,
    UvicornServer,
    WebServer,
    tree_cpu,
    tree_memory,
)
from tests.services.postgres_server import PostgresServer, create_database

LIST = "/api/v1/interviews"
WARM_UP_SECONDS = 0.4
SLACK = 1.3  # ratios of a busy machine move; a goal is missed only beyond this
RAW, OLDER, OURS = "raw", "older", "ours"


@dataclass(frozen=True, slots=True)
class Goal:
    """How far from a baseline a call may be."""

    number: str
    cpu_at_most: float
    rate_at_least: float


@dataclass(frozen=True, slots=True)
class Case:
    """One call at one number of connections, and its goal beside each baseline."""

    name: str
    connections: int
    goals: Mapping[str, Goal]


@dataclass(frozen=True, slots=True)
class Round:
    """What one application did in one round."""

    rate: float
    cpu_ms: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Result:
    """Every round of one case, a baseline's and ours in pairs."""

    case: Case
    shape: Shape
    baseline: str
    theirs: tuple[Round, ...]
    ours: tuple[Round, ...]

    @property
    def goal(self) -> Goal:
        """Return what is wanted of this case beside this baseline."""
        return self.case.goals[self.baseline]

    @property
    def cpu_ratios(self) -> list[float]:
        """Return our CPU for a call over the baseline's in each round, the smallest first."""
        return sorted(ours.cpu_ms / theirs.cpu_ms for ours, theirs in self._pairs)

    @property
    def rate_ratios(self) -> list[float]:
        """Return our calls per second over the baseline's in each round, the smallest first."""
        return sorted(ours.rate / theirs.rate for ours, theirs in self._pairs)

    @property
    def _pairs(self) -> list[tuple[Round, Round]]:
        return list(zip(self.ours, self.theirs, strict=True))

    @property
    def reached(self) -> bool:
        """Return whether the goal itself is reached."""
        return self._within(1.0)

    @property
    def tolerable(self) -> bool:
        """Return whether it is missed by no more than the slack."""
        return self._within(SLACK)

    def _within(self, slack: float) -> bool:
        slim = median(self.cpu_ratios) <= self.goal.cpu_at_most * slack
        return slim and median(self.rate_ratios) >= self.goal.rate_at_least / slack


READ_BESIDE_OLDER, WRITE_BESIDE_OLDER = Goal("P4", 0.35, 2.5), Goal("P4", 0.5, 1.6)
CASES = (
    Case("list of 50", 16, {RAW: Goal("P1", 2.5, 0.45), OLDER: READ_BESIDE_OLDER}),
    Case("detail", 16, {RAW: Goal("P2", 3.0, 0.45), OLDER: READ_BESIDE_OLDER}),
    Case("detail", 1, {RAW: Goal("P2", 3.0, 0.65)}),
    Case("create", 16, {RAW: Goal("P3", 3.0, 0.4), OLDER: WRITE_BESIDE_OLDER}),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A running server with what its callers need."""

    server: WebServer
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
    servers: dict[str, WebServer] = {
        RAW: GunicornServer("tests.bench.raw_wsgi:application", shape, variables),
        OLDER: UvicornServer("tests.bench.older_stack:application", shape, variables),
        OURS: GunicornServer("talenti.wsgi:application", shape, variables),
    }
    with ExitStack() as running:
        subjects = {
            name: Subject(running.enter_context(server), contents, token)
            for name, server in servers.items()
        }
        check_same_answers(subjects)
        found = [
            result
            for case in CASES
            for result in _measure_case(case, shape, subjects, rounds=rounds, seconds=seconds)
        ]
        memory = ", ".join(
            f"{name} {tree_memory(server.pid):.0f}" for name, server in servers.items()
        )
        print(f"{shape}: PSS afterwards in MB: {memory}", flush=True)  # noqa: T201
    return found


def _measure_case(
    case: Case, shape: Shape, subjects: Mapping[str, Subject], *, rounds: int, seconds: float
) -> list[Result]:
    """Let all take turns, each round in the opposite order of the one before."""
    done: dict[str, list[Round]] = {name: [] for name in subjects}
    order = list(subjects)
    for _ in range(rounds):
        for name in order:
            done[name].append(_one_turn(case, subjects[name], seconds))
        order.reverse()
    return [
        Result(case, shape, baseline, tuple(done[baseline]), tuple(done[OURS]))
        for baseline in case.goals
    ]


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


def check_same_answers(subjects: Mapping[str, Subject]) -> None:
    """Raise AssertionError unless all answer the same: otherwise nothing would be compared."""
    raw = subjects[RAW]
    assert len(raw.fetch(LIST)["results"]) == 50
    created = _timeless(raw.fetch(LIST, raw.creation(5)))
    details = [f"{LIST}/{raw.contents.interviews[number]}" for number in range(6)]  # every status
    for name in (OLDER, OURS):
        other = subjects[name]
        assert other.fetch(LIST) == raw.fetch(LIST), name
        assert [other.fetch(path) for path in details] == [raw.fetch(path) for path in details]
        assert _timeless(other.fetch(LIST, other.creation(5))) == created


def _timeless(created: dict[str, Any]) -> dict[str, Any]:
    return created | {"id": None, "created_at": None}
