"""What a process with telemetry sends, over the real SDKs: all that is needed, and no secret."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.ingestion import Ingestion
from tests.talenti.telemetry.planted import OWN, PLANTED, SAID

ROOT = Path(__file__).parents[3]
ADDED = "POST /api/v1/organisations/<uuid:pk>/members"
MAILED = "accounts.send_password_mail"


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ingestion, str]]:
    """Everything that one process sent, and what it wrote to its log."""
    with Ingestion() as ingestion:
        variables = {
            "DJANGO_SETTINGS_MODULE": "talenti.settings",
            "DATA_DIR": str(tmp_path_factory.mktemp("speaker")),
            "DATABASE_URL": "",
            "SECRET_KEY": OWN,
            "APPLICATIONINSIGHTS_CONNECTION_STRING": ingestion.connection_string,
            "OTEL_EXPORTER_OTLP_ENDPOINT": ingestion.url,
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.talenti.telemetry.speaker"],
            cwd=ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        yield ingestion, done.stdout + done.stderr


def operation(envelope: dict[str, Any]) -> str:
    return str(envelope["tags"]["ai.operation.id"])


def test_request_and_the_work_it_caused_are_one_trace(heard: tuple[Ingestion, str]) -> None:
    requests = {one["data"]["baseData"]["name"]: one for one in heard[0].of_type("RequestData")}

    assert {ADDED, MAILED} <= set(requests)
    assert operation(requests[ADDED]) == operation(requests[MAILED])
    assert (
        requests[MAILED]["tags"]["ai.operation.parentId"]
        == requests[ADDED]["data"]["baseData"]["id"]
    )
    assert requests[ADDED]["data"]["baseData"]["responseCode"] == "201"


def test_queries_are_seen_in_the_trace_of_their_request(heard: tuple[Ingestion, str]) -> None:
    (request,) = [
        one for one in heard[0].of_type("RequestData") if one["data"]["baseData"]["name"] == ADDED
    ]
    calls = heard[0].of_type("RemoteDependencyData")
    names = [
        one["data"]["baseData"]["name"] for one in calls if operation(one) == operation(request)
    ]

    assert {"SELECT", "INSERT"} <= set(names)


def test_role_is_the_service_name(heard: tuple[Ingestion, str]) -> None:
    assert {one["tags"]["ai.cloud.role"] for one in heard[0].envelopes()} == {"talenti-api"}


def test_log_lines_carry_the_id_of_their_trace(heard: tuple[Ingestion, str]) -> None:
    spans = heard[0].of_type("RemoteDependencyData")
    planting = next(one for one in spans if one["data"]["baseData"]["name"] == "planting")
    lines = heard[0].of_type("MessageData")
    planted = [one for one in lines if one["data"]["baseData"]["message"].startswith("line ")]

    assert {operation(one) for one in planted} == {operation(planting)}
    parents = {one["tags"]["ai.operation.parentId"] for one in planted}
    assert parents == {planting["data"]["baseData"]["id"]}
    assert len(planted) == len(PLANTED)


def test_exceptions_arrive_with_kind_and_place(heard: tuple[Ingestion, str]) -> None:
    (envelope,) = heard[0].of_type("ExceptionData")
    (exception,) = envelope["data"]["baseData"]["exceptions"]

    assert exception["typeName"] == "ValueError"
    assert exception["parsedStack"][0]["method"] == "fail"
    assert set(envelope["data"]["baseData"]["properties"]) >= {"logger", "request_id"}


def test_metrics_arrive_under_the_guides_names(heard: tuple[Ingestion, str]) -> None:
    metrics = {
        point["name"]
        for one in heard[0].of_type("MetricData")
        for point in one["data"]["baseData"]["metrics"]
    }
    wanted = {
        "interviews_completed",
        "scoring_duration_ms",
        "work_duration_ms",
        "work_oldest_due_seconds",
    }

    assert wanted - metrics == set()
    assert {("talenti.api", name) for name in wanted} - heard[0].otlp_metrics() == set()


def test_traces_arrive_over_otlp_too(heard: tuple[Ingestion, str]) -> None:
    assert {ADDED, MAILED, "planting"} <= set(heard[0].otlp_spans())


@pytest.mark.parametrize(
    "secret",
    [secret for _, secret in PLANTED]
    + [SAID[1], "planted.nina@candidate.example", "Nina Planted", "203.0.113.77"],
)
def test_no_secret_and_no_personal_data_leave(heard: tuple[Ingestion, str], secret: str) -> None:
    sent = b"\n".join(body for _, body in heard[0].bodies)

    assert secret.encode() not in sent


@pytest.mark.parametrize("secret", [secret for _, secret in PLANTED])
def test_no_secret_stands_in_the_log(heard: tuple[Ingestion, str], secret: str) -> None:
    written = heard[1]

    assert re.search(r"line \d+: ", written)
    assert secret not in written
