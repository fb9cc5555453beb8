"""What the application reads, answers and listens to, told by the application itself."""

import contextlib
import inspect
import re
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from dramatiq.brokers.redis import RedisBroker

from talenti.health.middleware import HealthMiddleware
from talenti.work.port import handler_for
from tests.architecture.tree import ROOT
from tests.infra.bicep.apps import Application
from tests.talenti.settings.test_names import read_names

# Read by the image's entrypoint, not by the settings.
OF_THE_IMAGE = {"WORKER_MODE"}
# Paths that a template may ask. A worker's readiness is none of them for workers: it answers 503
# while a backlog is long, which no restart cures.
PROBES = ("/health", "/health/live", "/health/ready", "/healthz")
WORKER_PROBES = ("/health", "/health/live", "/healthz")


@cache
def application() -> Application:
    namespace = inspect.signature(RedisBroker).parameters["namespace"].default
    script = (ROOT / "infra/image/entrypoint.sh").read_text()
    exposed = re.search(r"^EXPOSE (\d+) (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert exposed is not None
    assert int(exposed.group(2)) == settings.HEALTH_PORT
    return Application(
        variables=frozenset(read_names() | OF_THE_IMAGE),
        api_paths=frozenset(path for path in PROBES if _api_answers(path)),
        worker_paths=frozenset(path for path in WORKER_PROBES if _worker_answers(path)),
        commands=frozenset(re.findall(r"^  (\w+)\) exec", script, re.MULTILINE)),
        queues=frozenset(f"{namespace}:{queue}" for queue in settings.WORK_QUEUES),
        api_port=int(exposed.group(1)),
        health_port=settings.HEALTH_PORT,
    )


def _api_answers(path: str) -> bool:
    """Whether a GET is answered: by the first middleware, or by a route."""
    if path in HealthMiddleware(lambda _: HttpResponse()).answers:
        return True
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _worker_answers(path: str) -> bool:
    answered: list[int] = []

    class Asked(handler_for(sweeping=False)):  # type: ignore[misc]
        """The worker's own handler without a socket."""

        def __init__(self) -> None:
            self.path = path

        def send_error(self, code: int, *_: Any) -> None:
            answered.append(code)

        def send_response(self, code: int, *_: Any) -> None:
            answered.append(code)
            raise ConnectionError  # the status is all that is asked for

    with contextlib.suppress(ConnectionError):
        Asked().do_GET()
    return answered == [200]
