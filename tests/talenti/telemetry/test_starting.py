"""Telemetry costs nothing where it is not configured, and never keeps a process from its work."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from talenti.telemetry import starting

ROOT = Path(__file__).parents[3]
UNUSED = """
import sys
import talenti.wsgi
from talenti.telemetry import starting
starting.start(watching=True)
starting.stop()
print([name for name in sys.modules if name.split(".")[0] in ("opentelemetry", "opencensus")])
"""
NOBODY = """
import time, logging
import talenti.wsgi
from talenti.telemetry import recorder, starting
began = time.monotonic()
starting.start()
with recorder.span("one"):
    logging.getLogger("talenti").warning("said")
starting.stop()
print(time.monotonic() - began < 20)
"""


def run(code: str, folder: Path, **variables: str) -> str:
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    known = {"DJANGO_SETTINGS_MODULE": "talenti.settings", "DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env=bare | known | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_nothing_is_loaded_unless_it_is_configured(tmp_path: Path) -> None:
    assert run(UNUSED, tmp_path) == "[]"


def test_endpoint_that_is_down_costs_seconds_and_no_error(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    connection = (
        f"InstrumentationKey={'1' * 8}-1111-1111-1111-{'1' * 12};IngestionEndpoint={nobody}/"
    )
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": nobody,
        "APPLICATIONINSIGHTS_CONNECTION_STRING": connection,
    }

    assert run(NOBODY, tmp_path, **variables) == "True"


@override_settings(APPLICATIONINSIGHTS_CONNECTION_STRING="nonsense")
def test_telemetry_that_cannot_start_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(starting, "SDK", "talenti.telemetry.no_such_room")

    with caplog.at_level(logging.ERROR):
        starting.start()

    assert [record.message for record in caplog.records] == ["telemetry did not start"]
    starting.stop()
