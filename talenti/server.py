"""gunicorn, configured and started from inside Python: one process serves and does the work."""

from typing import Any

from django.conf import settings
from django.db import connections
from gunicorn.app.base import BaseApplication

from talenti import engines
from talenti.telemetry import starting
from talenti.work import inprocess

THREADS = 16


class Server(BaseApplication):  # type: ignore[misc]
    """One gthread process; worker and sweeper start after the fork: threads do not fork."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._beside: inprocess.InProcess | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn would read from its file."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def _options(self) -> dict[str, Any]:
        return {
            "bind": self._address,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": 15,
            "timeout": 120,
            "control_socket_disable": True,
            "logger_class": "talenti.access_log.ScrubbedLogger",
            "loglevel": "warning",
            "pre_fork": lambda _server, _worker: connections.close_all(),
            "post_fork": lambda _server, _worker: self._start_work(),
            "worker_exit": lambda _server, _worker: self._stop_work(),
        }

    def load(self) -> Any:
        """Return the WSGI application."""
        from talenti.wsgi import application  # noqa: PLC0415 - built once settings are complete

        return application

    def _start_work(self) -> None:
        starting.start(watching=not settings.REDIS_URL)
        if not settings.REDIS_URL:  # with Redis the work is done by `manage.py worker`
            self._beside = inprocess.start(sole=True)
        engines.start_warming()

    def _stop_work(self) -> None:
        if self._beside is not None:
            self._beside.stop()
        starting.stop()
