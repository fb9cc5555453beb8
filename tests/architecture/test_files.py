"""Files are short, named after what they hold, and at home on every machine."""

import ast
import re
from pathlib import Path

from tests.architecture.tree import HOUSES, kept_files, python_files, relative

MAX_LINES = 300
LUMBER_ROOMS = {"base", "common", "core", "helper", "helpers", "misc", "shared", "util", "utils"}
# Folders of one person's or one installation's machine.
MACHINE_PATHS = re.compile(r"(?<![\w.})-])/(?:root|work|home/\w+|Users/\w+)/\w")
TEXT = {
    ".cfg",
    ".css",
    ".html",
    ".js",
    ".json",
    ".md",
    ".py",
    ".sh",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}
TEXT_NAMES = {"Dockerfile", "Makefile", "run"}


def test_python_files_have_at_most_300_lines() -> None:
    sizes = {relative(path): _size(path) for path in _all_python()}

    assert {name: size for name, size in sizes.items() if size > MAX_LINES} == {}


def test_no_file_is_a_lumber_room() -> None:
    names = [relative(path) for path in _all_python()]

    found = [name for name in names if LUMBER_ROOMS & set(re.split(r"[/.]", name))]
    assert found == ["talenti/postgres/base.py"]  # Django looks for an engine there


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [
        f"{relative(path)}:{number}"
        for path in kept_files()
        if path.suffix in TEXT or path.name in TEXT_NAMES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]

    assert found == []


def test_migrations_are_named_by_what_they_do() -> None:
    migrations = [path for path in kept_files() if path.parent.name == "migrations"]

    assert [relative(path) for path in migrations if "_auto_" in path.name] == []


def _size(path: Path) -> int:
    """Return the number of lines, in tests without the tables of cases."""
    text = path.read_text()
    tables = _tables(ast.parse(text)) if relative(path).startswith("tests/") else []
    return len(text.splitlines()) - sum(_lines(node) for node in tables)


def _tables(module: ast.Module) -> list[ast.stmt | ast.expr]:
    """Return the values of a module, and the decorators of its tests (parametrize)."""
    values = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    return [*values, *(mark for function in functions for mark in function.decorator_list)]


def _lines(node: ast.stmt | ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _all_python() -> list[Path]:
    return python_files(*HOUSES, "tests")
