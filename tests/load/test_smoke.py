"""The load of tests/load on a real server for seconds: that it works, not how fast it is."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.services.processes import bind_to_parent, free_port, start_server, stop_server

LOCUST = ROOT / ".venv" / "load" / "bin" / "locust"
# A phone that is wholly set, so that there is a door for its events; the line is simulated.
PHONE = {
    "CALLROOM": "offline",
    "AZURE_ACS_CONNECTION_STRING": "endpoint=https://acs.invalid/;accesskey=a2V5",
    "AZURE_ACS_RESOURCE_ID": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    "AZURE_ACS_CALLER_NUMBER": "+61280001234",
    "AZURE_EVENTGRID_TENANT_ID": "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "AZURE_EVENTGRID_AUDIENCE": "1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
    "AZURE_EVENTGRID_SECRET": "s" * 40,
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Serve the demo; return the port and the folder of its data."""
    subprocess.run(["make", ".venv/load/locked.stamp"], cwd=ROOT, check=True, timeout=300)
    folder, port = tmp_path_factory.mktemp("load"), free_port()
    variables = [
        "ENVIRONMENT=dev",
        f"DATA_DIR={folder}",
        *(f"{name}={value}" for name, value in PHONE.items()),
        f"PORT={port}",
        "DATABASE_URL=",
        "REDIS_URL=",
    ]
    command = ["env", *variables, sys.executable, str(ROOT / "manage.py"), "serve"]
    process = start_server(
        bind_to_parent(command), log=folder / "server.log", is_ready=lambda: answers(port)
    )
    yield port, folder
    stop_server(process)


def answers(port: int) -> bool:
    """Return whether the server there is ready."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5).close()
    except OSError:
        return False
    return True


def load(host: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Let three people go on for three seconds."""
    bounds = ["--users", "3", "--spawn-rate", "3", "--run-time", "3s", "--stop-timeout", "20"]
    return subprocess.run(
        [LOCUST, "-f", ROOT / "tests/load/locustfile.py", "--headless", "--host", host, *bounds],
        env=os.environ | {"LOAD_MAIL_FOLDER": str(folder / "mail")} | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_recruiters_and_candidates_meet_no_error(server: tuple[int, Path]) -> None:
    port, folder = server

    done = load(f"http://127.0.0.1:{port}", folder, LOAD_P95_MS="20000")

    assert done.returncode == 0, done.stderr
    assert " 0 failed, p95 " in done.stderr
    for path in ("/api/v1/interviews", "/api/v1/session/consent", "storage: upload"):
        assert path in done.stderr + done.stdout


def test_callbacks_of_calls_meet_no_error(server: tuple[int, Path], tmp_path: Path) -> None:
    port, folder = server
    calls = tmp_path / "calls.json"
    variables = {"DATA_DIR": str(folder), "DATABASE_URL": "", "ENVIRONMENT": "dev"}
    with calls.open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "tests.load.callbacks", "5"],
            cwd=ROOT,
            env=os.environ | PHONE | variables,
            stdout=file,
            check=True,
            timeout=120,
        )

    done = load(
        f"http://127.0.0.1:{port}",
        folder,
        LOAD_CALLS=str(calls),
        LOAD_CALLBACKS="3",
        LOAD_P95_MS="20000",
    )

    assert done.returncode == 0, done.stderr
    assert "/webhooks/acs/[call]/[secret]" in done.stderr + done.stdout


def test_slow_answers_and_refused_sign_ins_end_with_1(server: tuple[int, Path]) -> None:
    port, folder = server
    host = f"http://127.0.0.1:{port}"

    assert load(host, folder, LOAD_P95_MS="0").returncode == 1
    assert load(host, folder, LOAD_PASSWORD="wrong", LOAD_P95_MS="20000").returncode == 1


def test_hosts_that_were_not_named_are_not_loaded(server: tuple[int, Path]) -> None:
    done = load("https://talenti.invalid", server[1])

    assert done.returncode != 0
    assert "talenti.invalid is not this machine" in done.stderr
