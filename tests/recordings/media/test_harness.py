"""The child process: what it may use, whose fault its end is, and that it dies with its parent."""

import logging
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recordings.media.child import ORPHANED
from recordings.media.harness import ROOT, Budget, run_child
from talenti.errors import PermanentFailure, RetryLater, TalentiError, Unsuitable

ROGUE = "tests.recordings.media.rogue_verbs."
BUDGET = Budget(cpu_seconds=5, wall_seconds=30, memory_bytes=512 * 2**20, file_bytes=1 << 20)
PATIENT_SECONDS = 20


def ending(verb: str, budget: Budget = BUDGET, **arguments: str) -> tuple[type, str, int | None]:
    with pytest.raises(TalentiError) as ended:
        run_child(ROGUE + verb, arguments, budget)
    error = ended.value
    return type(error), error.code, getattr(error, "status", None)


def test_arguments_and_result_pass_unchanged() -> None:
    told = {"text": "Zoë \U0001f44b \udcff", "number": 1.5, "list": [None, True]}
    assert run_child(ROGUE + "echo", told, BUDGET) == told


def test_child_knows_no_secret_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "secret")
    assert run_child(ROGUE + "surroundings", {}, BUDGET) == {
        "environment": [],
        "django": False,
        "decoder": False,
        "niceness": min(19, os.nice(0) + 10),
        "core": [0, 0],
        "leads_session": True,
    }


ENDINGS = {
    "refuse": (Unsuitable, "empty", 422),
    "crash": (Unsuitable, "undecodable", 422),
    "hoard": (Unsuitable, "too_costly", 422),
    "be_killed": (RetryLater, "retry_later", None),
    "fill_disk": (RetryLater, "retry_later", None),
    "leave": (PermanentFailure, "decoder_failed", None),
    "no_such_verb": (PermanentFailure, "decoder_failed", None),
}


@pytest.mark.parametrize("verb", ENDINGS)
def test_end_of_the_child_is_laid_at_the_right_door(verb: str) -> None:
    assert ending(verb) == ENDINGS[verb]


def test_cpu_time_used_up_is_the_files_fault() -> None:
    hungry = Budget(cpu_seconds=1, wall_seconds=60, memory_bytes=512 * 2**20)
    assert ending("loop", hungry) == (Unsuitable, "too_costly", 422)


def test_clock_run_out_is_the_machines_fault_and_ends_the_child(tmp_path: Path) -> None:
    late = Budget(cpu_seconds=5, wall_seconds=1, memory_bytes=512 * 2**20)
    told = tmp_path / "pid"
    assert ending("hang", late, told=str(told)) == (RetryLater, "retry_later", None)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_child_cannot_fill_the_disk(tmp_path: Path) -> None:
    target = tmp_path / "big"
    assert ending("write_too_much", target=str(target)) == (RetryLater, "retry_later", None)
    assert target.stat().st_size == 1 << 20


def test_errors_text_stays_in_the_child(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(PermanentFailure) as failed:
        run_child(ROGUE + "stumble", {"secret": "Dana's words"}, BUDGET)
    record = caplog.records[-1]
    assert "Dana" not in failed.value.message + str(vars(record))
    assert vars(record)["where"].startswith("ValueError at rogue_verbs.py:")


def test_other_threads_run_while_the_child_does(tmp_path: Path) -> None:
    """A lease is renewed by a thread: waiting for the child must not stop it."""
    ran = threading.Event()
    threading.Thread(target=ran.set).start()
    run_child(ROGUE + "echo", {}, BUDGET)
    assert ran.wait(0)


PARENT = """
import sys
from recordings.media.harness import Budget, run_child
run_child(sys.argv[1] + "hang", {"told": sys.argv[2]}, Budget(60, 600, 1 << 29))
"""


def wait_for_end(handle: int) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(PATIENT_SECONDS * 1000))


def pid_told_in(told: Path, parent: subprocess.Popen) -> int:
    for _ in range(PATIENT_SECONDS * 100):
        if told.exists():
            return int(told.read_text())
        try:
            parent.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the child did not start")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at the parent's death")
def test_child_dies_with_its_parent(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, ROGUE, str(told)], cwd=ROOT)
    try:
        handle = os.pidfd_open(pid_told_in(told, parent))
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert wait_for_end(handle)
    os.close(handle)


def test_child_whose_parent_is_gone_already_does_nothing() -> None:
    bounds = '{"parent": 1, "cpu_seconds": 5, "memory_bytes": 536870912, "file_bytes": 1024}'
    child = subprocess.run(
        [sys.executable, "-m", "recordings.media.child", ROGUE + "echo"],
        input=f'{{"bounds": {bounds}, "arguments": {{}}}}',
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (child.returncode, child.stdout) == (ORPHANED, "")
