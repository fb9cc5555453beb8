"""Early loading: what the first call would wait for, in the processes that make calls."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from talenti import engines
from talenti.azure import openai as gate
from talenti.azure.openai import close_clients, provider, warm_up
from tests.emulators.openai import OpenAiEmulator

ROOT = Path(__file__).parents[2]
THREADS = 16
# What gunicorn and Dramatiq call in a new process; the thread is waited for by its name.
AFTER_FORK = """
import sys, threading
import talenti.wsgi
from talenti import gunicorn_conf
from talenti.work.processes import ProcessMiddleware
assert "openai" not in sys.modules
{begin}
for thread in threading.enumerate():
    if thread.name == "warming":
        thread.join(60)
from talenti.azure.openai import _clients
print("openai" in sys.modules, len(_clients))
"""
GUNICORN = "gunicorn_conf.post_fork(None, None)"
WORKER = "ProcessMiddleware().after_process_boot(None)"
AZURE = {"AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:9", "AZURE_OPENAI_API_KEY": "key"}


def loaded_by(begin: str, folder: Path, variables: dict[str, str]) -> str:
    """Return whether the SDK is loaded in such a process, and how many clients it has."""
    known = {"DJANGO_SETTINGS_MODULE": "talenti.settings", "DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AFTER_FORK.format(begin=begin)],
        cwd=ROOT,
        env=os.environ | known | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("begin", [GUNICORN, WORKER])
def test_new_process_loads_the_sdk_before_its_first_call(begin: str, tmp_path: Path) -> None:
    assert loaded_by(begin, tmp_path, AZURE) == "True 1"


def test_offline_installation_loads_no_sdk(tmp_path: Path) -> None:
    assert loaded_by(GUNICORN, tmp_path, {}) == "False 0"


def test_what_cannot_be_loaded_is_logged_and_the_rest_is_loaded(
    settings: Any, caplog: pytest.LogCaptureFixture, azure_openai: OpenAiEmulator
) -> None:
    close_clients()
    settings.ENGINES = {"transcriber": "no.such.Engine", "assessor": "azure"}

    with caplog.at_level(logging.WARNING):
        engines.start_warming().join(30)

    said = [record.getMessage() for record in caplog.records]
    assert said == ["not loaded early name=transcriber cause=ModuleNotFoundError"]
    assert len(gate._clients) == 1


def test_first_calls_of_many_threads_share_one_client(
    azure_openai: OpenAiEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up()  # the SDK itself is not what they compete for
    close_clients()
    built: list[object] = []
    build = gate._build
    monkeypatch.setattr(gate, "_build", lambda asked: built.append(asked) or build(asked))
    together = threading.Barrier(THREADS)

    def begin() -> None:
        together.wait(10)
        warm_up()

    threads = [threading.Thread(target=begin) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert built == [provider()]
