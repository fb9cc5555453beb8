"""A Redis of one's own on a free port, with everything in memory."""

import signal

import redis

from tests.services.processes import OwnServer, bind_to_parent, start_server
from tests.services.programs import REDIS

DATABASES = 64  # one for each parallel test worker, and plenty


class RedisServer(OwnServer):
    """A context manager; `stop`, `start`, `pause` and `resume` play the bad days of a Redis.

    It keeps its port over a restart and forgets its data, as a Redis without a disk does.
    """

    stop_signal = signal.SIGKILL  # a process that is paused hears no other

    def __init__(self) -> None:
        super().__init__("redis")

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._process = start_server(
            bind_to_parent(self._command()),
            log=self.folder / "redis.log",
            is_ready=self._is_ready,
        )

    def pause(self) -> None:
        """Let connections hang, as on an overloaded host, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _command(self) -> list[str]:
        listen = ["--bind", "127.0.0.1", "--port", str(self.port)]
        memory_only = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return [str(REDIS.require()), *listen, *memory_only, "--databases", str(DATABASES)]

    def _is_ready(self) -> bool:
        with redis.Redis.from_url(self.url(), socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("this Redis is not running")
        self._process.send_signal(number)
