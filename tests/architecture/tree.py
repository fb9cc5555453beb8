"""The repository's files, as the conventions look at them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("talenti", "interviews", "recordings", "scoring")
# What is made here and not kept: environments, caches, data, collected static files.
NOT_KEPT = {".git", ".venv", "__pycache__", "data", "node_modules", "static", ".hypothesis"}
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache")


@cache
def kept_files() -> tuple[Path, ...]:
    """Return every file that belongs to the repository, in a stable order."""
    return tuple(sorted(_walk(ROOT)))


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below the folders (of the root), without migrations."""
    wanted = tuple(ROOT / folder for folder in folders)
    return [
        path
        for path in kept_files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and any(path.is_relative_to(folder) for folder in wanted)
    ]


def imported_modules(path: Path) -> set[str]:
    """Return the dotted names a file imports anywhere, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_KEPT or path.name in CACHES or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
