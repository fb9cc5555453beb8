"""Telemetry of forked processes: gunicorn with two workers, and a Dramatiq worker on Redis."""

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from interviews.states import Channel
from talenti.api.tokens import issue_access
from talenti.work.models import OPEN_STATES, WorkItem
from tests.emulators.ingestion import Ingestion
from tests.people import People
from tests.rows import make_interview
from tests.scoring.rows import make_scored
from tests.services.processes import free_port
from tests.talenti.telemetry.test_arrival import operation
from tests.talenti.work.test_processes import running, until

pytestmark = pytest.mark.django_db(transaction=True)
API = ["-m", "gunicorn", "-c", "python:talenti.gunicorn_conf", "talenti.wsgi"]
WORKER = ["manage.py", "worker", "--processes", "1", "--threads", "2", "--queues", "default"]
SCORED, SCORING = "POST /api/v1/interviews/<uuid:pk>/score", "scoring.score"
MAILED = "accounts.send_password_mail"
PLANTED = ("planted-folder", "planted.nina@candidate.example", "Nina Planted", "eyJ")


class Api:
    """The API over HTTP, as the owner of an organisation."""

    def __init__(self, people: People) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self._token = issue_access(people.olive.pk)

    def post(self, path: str, body: dict[str, Any] | None = None) -> int:
        """Return the status."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        content = json.dumps(body or {}).encode()
        url = f"{self.address}/api/v1/{path}"
        request = urllib.request.Request(url, content, headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
        except OSError:
            return False
        return True


@contextmanager
def told_to_stop(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End it in order after the block: that is when metrics are sent."""
    yield
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


@pytest.fixture
def heard(people: People, redis_url: str, tmp_path: Path) -> Iterator[Ingestion]:
    """Everything that the processes sent of three requests and of the work that two caused."""
    scored, recorded = make_scored(people.home), make_interview(people.home, channel=Channel.UPLOAD)
    api = Api(people)
    (tmp_path / "planted-folder").touch()  # where mail cannot be written
    with Ingestion() as ingestion:
        variables = {
            "APPLICATIONINSIGHTS_CONNECTION_STRING": ingestion.connection_string,
            "OTEL_EXPORTER_OTLP_ENDPOINT": ingestion.url,
            "EMAIL_FILE_PATH": str(tmp_path / "planted-folder"),
            "PORT": api.address.rpartition(":")[2],
            "WEB_CONCURRENCY": "2",
            "HEALTH_PORT": "0",
        }
        served = running(API, redis_url, tmp_path, variables | {"OTEL_SERVICE_NAME": "api"})
        worked = running(WORKER, redis_url, tmp_path, variables | {"OTEL_SERVICE_NAME": "worker"})
        with served as server, worked as worker, told_to_stop(server), told_to_stop(worker):
            until(api.answers)
            member = {"email": PLANTED[1], "full_name": PLANTED[2], "role": "viewer"}
            assert api.post(f"organisations/{people.home.pk}/members", member) == 201
            assert api.post(f"interviews/{recorded.pk}/complete") == 200
            assert api.post(f"interviews/{scored.pk}/score") == 202
            until(lambda: not left_to_do())
        yield ingestion


def left_to_do() -> bool:
    """Whether scoring is open, or the mail was never tried."""
    items = WorkItem.objects.filter(state__in=OPEN_STATES)
    return items.filter(kind=SCORING).exists() or items.filter(kind=MAILED, cause="").exists()


def test_forked_processes_tell_of_one_trace_their_metrics_and_logs(heard: Ingestion) -> None:
    spans = {one["data"]["baseData"]["name"]: one for one in heard.of_type("RequestData")}
    assert operation(spans[SCORING]) == operation(spans[SCORED])
    above = spans[SCORING]["tags"]["ai.operation.parentId"]
    assert above == spans[SCORED]["data"]["baseData"]["id"]
    assert (role(spans[SCORED]), role(spans[SCORING])) == ("api", "worker")
    assert {SCORED, SCORING, MAILED} <= set(heard.otlp_spans())

    points = {
        (role(one), point["name"])
        for one in heard.of_type("MetricData")
        for point in one["data"]["baseData"]["metrics"]
    }
    assert {("api", "interviews_completed"), ("worker", "scoring_duration_ms")} <= points
    names = {("talenti.api", "interviews_completed"), ("talenti.api", "scoring_duration_ms")}
    assert names <= heard.otlp_metrics()

    lines = [one for one in heard.of_type("MessageData") if role(one) == "api"]
    ended = [one for one in lines if said(one).startswith("Worker exiting")]
    assert len({one["tags"]["ai.cloud.roleInstance"] for one in ended}) == 2  # both forks
    (failure,) = heard.of_type("ExceptionData")
    assert (role(failure), operation(failure)) == ("worker", operation(spans[MAILED]))

    sent = b"\n".join(body for _, body in heard.bodies)
    assert [secret for secret in PLANTED if secret.encode() in sent] == []


def role(envelope: dict[str, Any]) -> str:
    return str(envelope["tags"]["ai.cloud.role"])


def said(envelope: dict[str, Any]) -> str:
    return str(envelope["data"]["baseData"]["message"])
