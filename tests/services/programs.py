"""Finds the programs behind the services; installs them where that is ours to do (root)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

INSTALL_TIMEOUT_SECONDS = 900


class MissingProgram(RuntimeError):
    """A service cannot be provided; the message says which command would help."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its file names, folders outside PATH to look in, its Debian packages."""

    names: tuple[str, ...]
    packages: tuple[str, ...]
    folders: str = ""  # a glob below /

    def find(self) -> Path | None:
        """Return where the program is, newest version first, or None."""
        folders = sorted(Path("/").glob(self.folders), reverse=True) if self.folders else []
        path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
        found = (shutil.which(name, path=path) for name in self.names)
        return next((Path(place) for place in found if place), None)

    def require(self) -> Path:
        """Return where the program is; raises MissingProgram with the way to get it."""
        place = self.find()
        if place is None:
            raise MissingProgram(_advice([self]))
        return place


POSTGRES = Program(("postgres",), ("postgresql",), "usr/lib/postgresql/*/bin")
REDIS = Program(("redis-server",), ("redis-server",))
CHROMIUM = Program(
    ("chromium", "chromium-browser", "google-chrome"),
    ("chromium", "fonts-dejavu-core", "fonts-noto-core"),
)
EVERY_PROGRAM = (POSTGRES, REDIS, CHROMIUM)


def install_missing(programs: Iterable[Program] = EVERY_PROGRAM) -> None:
    """Install what is not there yet; raises MissingProgram where that cannot be done."""
    missing = [program for program in programs if program.find() is None]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MissingProgram(_advice(missing))
    sys.stdout.write(f"Installing {' '.join(_packages(missing))}\n")
    sys.stdout.flush()
    _apt_get("update", "-q")
    _apt_get("install", "-q", "-y", "--no-install-recommends", *_packages(missing))
    for program in missing:
        program.require()


def _packages(programs: Iterable[Program]) -> list[str]:
    return [package for program in programs for package in program.packages]


def _advice(programs: list[Program]) -> str:
    names = ", ".join(program.names[0] for program in programs)
    return (
        f"The tests need {names}, which cannot be found here. Run:\n"
        f"  sudo apt-get install --no-install-recommends {' '.join(_packages(programs))}"
    )


def _apt_get(*words: str) -> None:
    # RUNLEVEL=1: the packages must not start servers of their own; the tests start theirs.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", *words]
    run_installer(f"apt-get {words[0]}", command, environment=environment)


def run_installer(
    title: str,
    command: list[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run it to its end; raises MissingProgram with the last words of one that fails."""
    outcome = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_TIMEOUT_SECONDS,
        check=False,
    )
    if outcome.returncode:
        raise MissingProgram(f"{title} failed:\n{outcome.stdout[-2000:]}")
