"""What a decoder might do wrong, as verbs of the child process."""

import ctypes
import os
import resource
import select
import sys
from pathlib import Path
from typing import Any

from recordings.media.refusals import Refusal


def echo(arguments: dict[str, Any]) -> dict[str, Any]:
    return arguments


def surroundings(_arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell what the child can see and may use."""
    return {
        "environment": sorted(set(os.environ) - {"LC_CTYPE"}),  # Python sets this one itself
        "django": "django" in sys.modules,
        "decoder": "av" in sys.modules,
        "niceness": os.nice(0),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "leads_session": os.getsid(0) == os.getpid(),
    }


def loop(_arguments: dict[str, Any]) -> dict[str, Any]:
    while True:
        pass


def hang(arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell the own process id in a file, then wait for ever."""
    told = Path(arguments["told"])
    told.with_suffix(".new").write_text(str(os.getpid()))
    told.with_suffix(".new").rename(told)
    select.select([], [], [])
    return {}


def hoard(_arguments: dict[str, Any]) -> dict[str, Any]:
    return {"bytes": len(bytearray(1 << 40))}


def crash(_arguments: dict[str, Any]) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def be_killed(_arguments: dict[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), 9)
    return {}


def leave(_arguments: dict[str, Any]) -> dict[str, Any]:
    os._exit(0)


def refuse(_arguments: dict[str, Any]) -> dict[str, Any]:
    raise Refusal("empty")


def stumble(arguments: dict[str, Any]) -> dict[str, Any]:
    raise ValueError(arguments["secret"])


def fill_disk(_arguments: dict[str, Any]) -> dict[str, Any]:
    raise OSError(28, "No space left on device", "/private/path")


def write_too_much(arguments: dict[str, Any]) -> dict[str, Any]:
    with Path(arguments["target"]).open("wb") as file:
        file.write(bytes(64 << 20))
    return {}
