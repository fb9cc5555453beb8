"""The process that touches hostile bytes: one request in on stdin, one reply out on stdout.

`python -m recordings.media.child recordings.media.verbs.inspect`: the argument is the dotted path
of the function that answers. The process binds itself before it imports any decoder, never imports
Django, and knows no secret: its environment is empty.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recordings.media.refusals import Refusal

PR_SET_PDEATHSIG = 1
NICENESS = 10
OPEN_FILES = 64
ORPHANED = 86  # exit status


def confine(bounds: Mapping[str, int]) -> None:
    """Take the limits on, and make sure that this process does not outlive its parent."""
    _bound(resource.RLIMIT_CPU, bounds["cpu_seconds"], bounds["cpu_seconds"] + 5)
    _bound(resource.RLIMIT_AS, bounds["memory_bytes"])
    _bound(resource.RLIMIT_FSIZE, bounds["file_bytes"])
    _bound(resource.RLIMIT_NOFILE, OPEN_FILES)
    _bound(resource.RLIMIT_CORE, 0)  # a core file would hold a candidate's voice
    os.nice(NICENESS)
    die_with_parent(bounds["parent"])


def _bound(what: int, soft: int, hard: int | None = None) -> None:
    _, ceiling = resource.getrlimit(what)
    wanted = (soft, soft if hard is None else hard)
    if ceiling != resource.RLIM_INFINITY:
        wanted = (min(wanted[0], ceiling), min(wanted[1], ceiling))
    resource.setrlimit(what, wanted)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process with its parent (Linux), and leave if that is gone.

    The signal follows the parent's thread, which waits for this process and so outlives it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(ORPHANED)


def serve(verb: str) -> None:
    """Answer the one request on stdin with `result`, `refused` or `failed` on stdout."""
    request = json.load(sys.stdin)
    confine(request["bounds"])
    json.dump(_answer(verb, request["arguments"]), sys.stdout)


def _answer(verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    module, _, name = verb.rpartition(".")
    try:
        return {"result": getattr(importlib.import_module(module), name)(arguments)}
    except Refusal as refusal:
        return {"refused": _told(refusal)}
    except MemoryError:
        return {"refused": _told(Refusal("too_costly"))}
    except OSError as error:
        return {"failed": {"kind": "machine", "where": _where(error), "errno": error.errno}}
    except Exception as error:  # noqa: BLE001  (told to the parent, which raises it)
        return {"failed": {"kind": "fault", "where": _where(error), "errno": None}}


def _told(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "values": refusal.values}


def _where(error: BaseException) -> str:
    """Name the error's class and place; its text could hold what the file says."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


if __name__ == "__main__":
    serve(sys.argv[1])
