"""Starts the child process that touches hostile bytes, waits for it, and says whose fault it was.

| what happened | what is raised |
|---|---|
| the child refused the file | Unsuitable with its code and status |
| it used up its CPU time, or crashed on the bytes | Unsuitable 422 |
| the clock ran out, it was killed, the machine failed (disk, memory of others) | RetryLater |
| it could not start, or broke in our own code | PermanentFailure decoder_failed |

CPU time is the file's own cost; the wall clock also measures how busy the machine is. That is why
the first is the file's fault and the second is not.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from recordings.media.refusals import Refusal
from talenti.errors import PermanentFailure, RetryLater, Unsuitable

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
REPLY_BYTES = 32 * 2**20  # the longest reply that is read
CHILD = "recordings.media.child"
CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}


@dataclass(frozen=True, slots=True)
class Budget:
    """What one child may use. `file_bytes` bounds each file that it writes."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int
    file_bytes: int = REPLY_BYTES


def run_child(verb: str, arguments: Mapping[str, Any], budget: Budget) -> dict[str, Any]:
    """Return the result of the function with the dotted path `verb`, called in a child process.

    Arguments and result are JSON. Raises Unsuitable, RetryLater or PermanentFailure (see above).
    """
    with tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as reply:
        request.write(_request(arguments, budget))
        request.seek(0)
        status = _run(verb, request, reply, budget.wall_seconds)
        reply.seek(0)
        return _judge(verb, status, reply.read(REPLY_BYTES))


def _request(arguments: Mapping[str, Any], budget: Budget) -> bytes:
    bounds = {
        "parent": os.getpid(),
        "cpu_seconds": budget.cpu_seconds,
        "memory_bytes": budget.memory_bytes,
        "file_bytes": budget.file_bytes,
    }
    return json.dumps({"bounds": bounds, "arguments": arguments}).encode()


def _run(verb: str, stdin: IO[bytes], stdout: IO[bytes], seconds: float) -> int:
    """Return the exit status, negative for a signal.

    The environment is empty (no keys in there), the limits are set by the child itself (code
    between fork and exec is unsafe beside threads), and Ctrl-C reaches only us, who then kill it.
    """
    child = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-B", "-s", "-m", CHILD, verb],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={},
        start_new_session=True,
    )
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired as late:
        log.warning("media child ran out of time", extra={"verb": verb, "seconds": seconds})
        raise RetryLater("The media process ran out of time on this machine.") from late
    finally:
        child.kill()
        child.wait()


def _judge(verb: str, status: int, reply: bytes) -> dict[str, Any]:
    if status < 0:
        raise _of_signal(verb, -status)
    told = _read(reply)
    if "result" in told:
        result: dict[str, Any] = told["result"]
        return result
    if "refused" in told:
        raise unsuitable(told["refused"]["code"], **told["refused"]["values"])
    raise _of_failure(verb, status, told.get("failed", {}))


def _read(reply: bytes) -> dict[str, Any]:
    try:
        told = json.loads(reply)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _of_signal(verb: str, number: int) -> Exception:
    log.warning("media child ended by a signal", extra={"verb": verb, "signal": number})
    if number in CRASHES:
        return unsuitable("undecodable")
    if number == signal.SIGXCPU:
        return unsuitable("too_costly")
    return RetryLater("The media process was stopped before it had finished.")


def unsuitable(code: str, **values: int) -> Unsuitable:
    """Return the error for a refusal; its sentence is ours, whatever the child says."""
    refusal = Refusal(code, **values)
    return Unsuitable(refusal.message, code=code, status=refusal.status)


def _of_failure(verb: str, status: int, failed: Mapping[str, Any]) -> Exception:
    where = failed.get("where", "no reply")
    log.error("media child failed", extra={"verb": verb, "status": status, "where": where})
    if failed.get("kind") == "machine":
        return RetryLater("The media process could not read or write a file.")
    return PermanentFailure("The media process failed.", code="decoder_failed")
