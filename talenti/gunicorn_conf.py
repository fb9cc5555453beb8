"""gunicorn for the api, where Redis and workers do the work: `make run` needs none of this.

gunicorn -c python:talenti.gunicorn_conf talenti.wsgi
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")

from django.conf import settings

from talenti import engines, env
from talenti.telemetry import starting

bind = f"0.0.0.0:{env.number('PORT', 8000, least=1, most=65535)}"
worker_class = "gthread"
workers = env.number("WEB_CONCURRENCY", 2, least=1, most=64)
threads = env.number("WEB_THREADS", 8, least=1, most=256)
preload_app = True  # half the memory; wsgi closes every connection before the fork
# A slow leak ends with its process; the jitter keeps workers from ending together.
max_requests, max_requests_jitter = 10_000, 1_000
timeout = 60  # without a sign of life; no request takes so long
graceful_timeout = 25  # the platform kills after 30
keepalive = 75  # longer than the ingress keeps idle connections
backlog = 512
# Nothing in it can be guessed: gunicorn makes files without a name there.
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # nosec B108
worker_tmp_dir = SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None  # noqa: PTH112
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"  # who asks is read by talenti.api.client_address
limit_request_line, limit_request_fields, limit_request_field_size = 8190, 100, 16_384
logger_class = "talenti.access_log.ScrubbedLogger"
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
loglevel = "info"
logconfig_dict: dict[str, Any] = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],
        "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
        "gunicorn.access": {"handlers": [], "propagate": True, "level": "INFO"},
    },
}


def post_fork(_server: Any, _worker: Any) -> None:
    """Begin what has threads."""
    starting.start()
    engines.start_warming()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Send what waits to be sent."""
    starting.stop()
