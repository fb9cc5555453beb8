"""A clean deployment in miniature, a change to one of its files, and what the rules say then."""

import shutil
from pathlib import Path

from tests.infra.bicep.apps import Application
from tests.infra.bicep.check import check_file, check_run
from tests.infra.bicep.deployment import deploy
from tests.infra.bicep.places import Place
from tests.infra.bicep.tokens import BicepSyntaxError
from tests.infra.bicep.values import Finding

Changes = dict[str, tuple[str, str]]  # file: old, new
CLEAN = Path(__file__).with_name("small")
VARIABLES = {"SECRET_KEY": "a secret of the vault", "IMAGE_DIGEST": "sha256:" + "1f" * 32}
APPLICATION = Application(
    variables=frozenset({"AZURE_STORAGE_CONTAINER", "SECRET_KEY"}),
    api_paths=frozenset({"/health", "/health/ready"}),
    worker_paths=frozenset({"/health"}),
    commands=frozenset({"api", "worker"}),
    queues=frozenset({"dramatiq:default"}),
    api_port=8000,
    health_port=8001,
)


def plant(
    folder: Path, name: str = "", old: str = "", new: str = "", more: Changes | None = None
) -> list[Finding]:
    """Return what is found after `old` has become `new` in the file; `old` has to be there.

    `more` are changes that are made before it.
    """
    root = folder / "small"
    shutil.copytree(CLEAN, root)
    for file, (before, after) in (more or {}).items():
        _replace(root / file, before, after)
    if name:
        _replace(root / name, old, new)
    files = {"main.bicep", "prod.bicepparam", name} if name else _files(root)
    found = [one for file in sorted(files) for one in check_file(root, root / file)]
    return sorted(set(found) | set(_deployed(root)))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*.bicep*")}


def _deployed(root: Path) -> list[Finding]:
    """Return what a deployment meets; a file that cannot be read has its finding already."""
    place = Place("rg-talenti-prod-aue", "australiaeast", VARIABLES)
    try:
        run = deploy(root, root / "prod.bicepparam", place)
    except (BicepSyntaxError, FileNotFoundError):
        return []
    return list(check_run(run, APPLICATION, set()))
