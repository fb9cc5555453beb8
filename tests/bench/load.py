"""Load: a fixed number of connections, each asking again as soon as it has its answer.

One thread and bare sockets, because on a small machine a comfortable client would take the CPU that
is measured. Requests are made beforehand, answers are only counted.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE_SECONDS = 20.0


@dataclass(slots=True)
class Outcome:
    """What one round gave; times in seconds."""

    seconds: float
    statuses: Counter[bytes] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """Return how many requests were answered."""
        return len(self.waits)

    @property
    def median_ms(self) -> float:
        """Return how long half of the answers took at most."""
        return 1000 * sorted(self.waits)[len(self.waits) // 2] if self.waits else float("nan")


@dataclass(slots=True)
class _Caller:
    """One connection with its request in flight."""

    line: socket.socket
    asked_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)
    whole: int = 0  # the length of the answer, once its head is there

    def ask(self, request: bytes) -> None:
        self.got.clear()
        self.whole = 0
        self.asked_at = time.perf_counter()
        self.line.sendall(request)

    def hear(self) -> bool:
        """Take what came; return whether the answer is whole. ConnectionError when it was cut."""
        chunk = self.line.recv(262_144)
        if not chunk:
            raise ConnectionError("the server hung up")
        self.got += chunk
        if not self.whole:
            head = self.got.find(b"\r\n\r\n")
            if head < 0:
                return False
            length = LENGTH.search(self.got, 0, head)
            if length is None:
                raise ValueError(f"an answer without a length: {bytes(self.got[:200])!r}")
            self.whole = head + 4 + int(length[1])
        return len(self.got) >= self.whole


def drive(
    address: tuple[str, int], requests: Iterator[bytes], *, connections: int, seconds: float
) -> Outcome:
    """Ask for `seconds`, then let what is in flight end; TimeoutError for a silent server."""
    with selectors.DefaultSelector() as waiting:
        callers = [_Caller(_connect(address)) for _ in range(connections)]
        try:
            for caller in callers:
                waiting.register(caller.line, selectors.EVENT_READ, caller)
            return _run(waiting, callers, requests, seconds)
        finally:
            for caller in callers:
                caller.line.close()


def _connect(address: tuple[str, int]) -> socket.socket:
    line = socket.create_connection(address, timeout=PATIENCE_SECONDS)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _run(
    waiting: selectors.BaseSelector,
    callers: list[_Caller],
    requests: Iterator[bytes],
    seconds: float,
) -> Outcome:
    started = time.perf_counter()
    outcome = Outcome(0.0)
    for caller in callers:
        caller.ask(next(requests))
    busy = len(callers)
    while busy:
        ready = waiting.select(PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError("no answer for a long time")
        for key, _ in ready:
            caller = key.data
            if not caller.hear():
                continue
            now = time.perf_counter()
            outcome.waits.append(now - caller.asked_at)
            outcome.statuses[bytes(caller.got[9:12])] += 1
            if now - started < seconds:
                caller.ask(next(requests))
            else:
                busy -= 1
    outcome.seconds = time.perf_counter() - started
    return outcome


def request(
    method: str, path: str, *, host: str, token: str, body: bytes = b"", keep: bool = True
) -> bytes:
    """Return the bytes of a request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        "Accept: application/json",
        f"Connection: {'keep-alive' if keep else 'close'}",
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
