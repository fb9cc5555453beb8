"""Delivers events over HTTP: in time, again when they are refused, and badly when asked to."""

import heapq
import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import requests

SECONDS_FOR_AN_ANSWER = 20
ATTEMPTS = 3
RETRY_SECONDS = 0.05


@dataclass(frozen=True)
class Mischief:
    """How badly to deliver: shares from 0 to 1 of all events, drawn with `seed`."""

    seed: int = 0
    doubled: float = 0.0
    dropped: float = 0.0
    late: float = 0.0
    late_seconds: float = 0.05  # at most


@dataclass(frozen=True)
class Post:
    """One delivery. `headers` are made when it leaves.

    `happens` is called once, when its time has come: False means that it never did.
    """

    url: str
    body: bytes
    headers: Callable[[], dict[str, str]]
    lane: str = ""
    happens: Callable[[], bool] = lambda: True
    attempt: int = 1


@dataclass
class Delivered:
    """How a delivery ended: `status` 0 is no answer at all."""

    post: Post
    status: int


@dataclass(order=True)
class _Due:
    at: float
    number: int
    post: Post = field(compare=False)


class Postman:
    """Delivers from threads of its own; what shares a lane leaves in order, one after the other."""

    def __init__(self, *, workers: int = 1) -> None:
        self.attempts = ATTEMPTS
        self.mischief = Mischief()
        self.delivered: list[Delivered] = []
        self._random = random.Random(0)
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._lanes: list[list[_Due]] = [[] for _ in range(workers)]
        self._under_way = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in self._lanes
        ]

    def start(self) -> None:
        """Begin to deliver."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Forget what is waiting and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(SECONDS_FOR_AN_ANSWER)

    def misbehave(self, mischief: Mischief) -> None:
        """Deliver like this from now on."""
        self.mischief, self._random = mischief, random.Random(mischief.seed)

    def forget(self) -> None:
        """Drop what is waiting, and the memory of what was delivered."""
        with self._changed:
            for lane in self._lanes:
                lane.clear()
            self.delivered.clear()
        self.attempts = ATTEMPTS
        self.misbehave(Mischief())

    def send(self, post: Post, after_seconds: float = 0.0) -> None:
        """Deliver it then."""
        post = replace(post, happens=_once(post.happens))
        with self._changed:
            bad, chance = self.mischief, self._random.random
            if chance() < bad.dropped:
                post = replace(post, url="")
            for _ in range(2 if chance() < bad.doubled else 1):
                late = chance() * bad.late_seconds if chance() < bad.late else 0.0
                self._push(post, after_seconds + late)
            self._changed.notify_all()

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is waiting or under way; return whether that came in time."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, seconds)

    def _is_idle(self) -> bool:
        return not self._under_way and not any(self._lanes)

    def _push(self, post: Post, wait: float) -> None:
        lane = self._lanes[hash(post.lane) % len(self._lanes)]
        heapq.heappush(lane, _Due(time.monotonic() + wait, next(self._numbers), post))

    def _work(self, lane: list[_Due]) -> None:
        with requests.Session() as session:
            while (post := self._next(lane)) is not None:
                self._deliver(session, post)

    def _next(self, lane: list[_Due]) -> Post | None:
        """Return what is due first, once it is due; None: no more."""
        with self._changed:
            while not self._closed:
                wait = lane[0].at - time.monotonic() if lane else None
                if wait is not None and wait <= 0:
                    self._under_way += 1
                    return heapq.heappop(lane).post
                self._changed.wait(wait)
        return None

    def _deliver(self, session: requests.Session, post: Post) -> None:
        status = 0
        wanted = post.happens() and bool(post.url)
        if wanted:
            status = _post(session, post)
        with self._changed:
            if wanted:
                self.delivered.append(Delivered(post, status))
            if wanted and not 200 <= status < 300 and post.attempt < self.attempts:
                self._push(replace(post, attempt=post.attempt + 1), RETRY_SECONDS * post.attempt)
            self._under_way -= 1
            self._changed.notify_all()


def _once(happens: Callable[[], bool]) -> Callable[[], bool]:
    """Return the same answer each time, made the first time."""
    made: list[bool] = []

    def answer() -> bool:
        if not made:
            made.append(happens())
        return made[0]

    return answer


def _post(session: requests.Session, post: Post) -> int:
    headers = {"Content-Type": "application/json; charset=utf-8"} | post.headers()
    try:
        return session.post(
            post.url,
            data=post.body,
            headers=headers,
            timeout=SECONDS_FOR_AN_ANSWER,
            allow_redirects=False,
        ).status_code
    except requests.RequestException:
        return 0
