"""Installs what tests need from npm, each package once per lock file, beside the environment."""

import fcntl
import json
import shutil
import sys
from pathlib import Path

from tests.services.programs import Program, install_missing, run_installer

NODE = Program(("node", "nodejs"), ("nodejs",))
NPM = Program(("npm",), ("npm",))
FILES = (".npmrc", "package.json", "package-lock.json")


def install_package(source: Path, name: str) -> Path:
    """Return node_modules with the package that `source` locks; raises MissingProgram."""
    lock = (source / "package-lock.json").read_text()
    version = json.loads(lock)["packages"][f"node_modules/{name}"]["version"]
    folder = Path(sys.prefix, f"{name}-{version}")
    folder.mkdir(exist_ok=True)
    stamp = folder / "installed.json"
    with (folder / "lock").open("w") as held:  # parallel test processes install it once
        fcntl.flock(held, fcntl.LOCK_EX)
        install_missing([NODE, NPM])
        if not stamp.exists() or stamp.read_text() != lock:
            _npm_ci(source, folder)
            stamp.write_text(lock)
    return folder / "node_modules"


def _npm_ci(source: Path, folder: Path) -> None:
    for name in FILES:
        shutil.copyfile(source / name, folder / name)
    command = [str(NPM.require()), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run_installer(f"npm ci in {source.name}", command, folder=folder)
