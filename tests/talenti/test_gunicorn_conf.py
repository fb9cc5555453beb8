"""The api runs under gunicorn as its configuration says: real processes, a real signal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

from tests.services.processes import bind_to_parent, free_port

ROOT = Path(__file__).parents[2]


def get(url: str, process: subprocess.Popen[bytes]) -> dict[str, str]:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None
        try:
            with urlopen(
                Request(url, headers={"X-Request-ID": "planted-id-1"}), timeout=5
            ) as found:
                answer: dict[str, str] = json.load(found)
                return answer
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_api_serves_and_ends_gracefully(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    variables = {"DATA_DIR": str(tmp_path), "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:talenti.gunicorn_conf"]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            bind_to_parent([*command, "talenti.wsgi"]),
            cwd=ROOT,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
        try:
            assert get(f"http://127.0.0.1:{port}/health?q=planted", process)["status"] == "ok"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()

    lines = log.read_text()
    assert "GET /health 200" in lines
    assert "planted" not in lines
    assert "Traceback" not in lines
