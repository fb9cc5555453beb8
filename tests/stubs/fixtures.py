"""The fixture `stubs`: a PATH on which our scripts find the stand-ins first."""

import os
import socketserver
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.stubs import az, curl, skopeo, sleep
from tests.stubs.answers import Answer

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS: dict[str, Callable[[dict[str, Any], list[str]], Answer]] = {
    "az": az.main,
    "curl": curl.main,
    "skopeo": skopeo.main,
    "sleep": sleep.main,
}
# Sends its words to the test's process and prints what comes back: code, length of the error, both.
CARRIER = """#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/{port}
printf '%s\\0' "$#" {name} "$@" >&3
read -r code length <&3
IFS= read -r -N "$length" error <&3
printf '%s' "$error" >&2
cat <&3
exit "$code"
"""
EMPTY: dict[str, Any] = {
    "answers": [],
    "apps": {},
    "clock": 0,
    "http": {},
    "jobs": {},
    "posted": [],
    "registries": {},
    "requests": [],
    "workspaces": {},
}
Outcome = subprocess.CompletedProcess[str]


@dataclass
class Stubs:
    """The stand-ins of one test and their world."""

    folder: Path
    world: dict[str, Any] = field(default_factory=lambda: deepcopy(EMPTY))
    recorded: list[list[str]] = field(default_factory=list)

    def make(self, **world: Any) -> None:
        """Begin a world; what is not said is empty."""
        self.world = deepcopy(EMPTY | world)

    def put(self, program: str, script: str) -> None:
        """Put a program in front of the real one."""
        path = self.folder / "bin" / program
        path.write_text(script)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def calls(self, program: str = "az") -> list[str]:
        """Return the calls of one program, each as one line."""
        return [" ".join(words) for name, *words in self.recorded if name == program]

    def call(self, name: str, words: list[str]) -> Answer:
        """Note the call and answer it."""
        self.recorded.append([name, *words])
        return PROGRAMS[name](self.world, words)

    def run(self, command: list[str], **variables: str) -> Outcome:
        """Run a script, which sees nothing of this machine's variables, and return how it ended."""
        own = {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            command,
            cwd=ROOT,
            env=own | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def stubs(tmp_path: Path) -> Iterator[Stubs]:
    """An empty world, and every stand-in in front of the real programs."""
    folder = tmp_path / "stubs"
    (folder / "bin").mkdir(parents=True)
    found = Stubs(folder)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            words = self._words()
            answer = found.call(words[0], words[1:])
            head = f"{answer.code} {len(answer.error)}\n"
            self.wfile.write(f"{head}{answer.error}{answer.out}".encode())

        def _words(self) -> list[str]:
            first, *words = (self._word() for _ in range(2))
            return [*words, *(self._word() for _ in range(int(first)))]

        def _word(self) -> str:
            read = iter(lambda: self.rfile.read(1), b"\0")
            return b"".join(read).decode()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        for name in PROGRAMS:
            found.put(name, CARRIER.format(port=server.server_address[1], name=name))
        yield found
        server.shutdown()
