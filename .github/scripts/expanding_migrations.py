#!/usr/bin/env python3
"""Check that the migrations between two commits only add: `expanding_migrations.py OLD NEW`.

The old version goes on serving while the new one is tried, and comes back after a failure, so
it has to work on the database that the new one's migrations leave behind. What takes away or
tightens has to say in its file why that is no harm:

    # contracts: unused since v1.4.0     (that release must be part of what serves already)
    # expands: only the choices change   (for what this check cannot judge by itself)

Needs nothing but Python and git. Ends with 1 and a line for each migration that may not go out.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

ADDING = {
    "AddField",
    "AddIndex",
    "AlterModelManagers",
    "AlterModelOptions",
    "CreateModel",
    "RemoveConstraint",
    "RemoveIndex",
    "RenameIndex",
    "RunPython",
}
CONTRACTS = re.compile(r"^# contracts: unused since (v[0-9]+\.[0-9]+\.[0-9]+)$", re.MULTILINE)
EXPANDS = re.compile(r"^# expands: \S.{9,}$", re.MULTILINE)


def main(old: str, new: str) -> int:
    """Return the exit code."""
    found = [*edited(old, new), *taking_away(old, new)]
    for line in found:
        sys.stdout.write(f"{line}\n")
    return 1 if found else 0


def git(*words: str) -> str:
    command = ["git", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def changed(old: str, new: str, kinds: str) -> list[str]:
    """Return the migrations that were changed in one of git's ways between the commits."""
    told = git("diff", "--name-only", "--no-renames", f"--diff-filter={kinds}", old, new)
    return [name for name in told.splitlines() if re.search(r"/migrations/\d+\w*\.py$", name)]


def edited(old: str, new: str) -> Iterator[str]:
    for name in changed(old, new, "MD"):
        yield f"{name}: it was released, and is not changed any more"


def taking_away(old: str, new: str) -> Iterator[str]:
    """Yield what is wrong with the added ones."""
    texts = {name: git("show", f"{new}:{name}") for name in changed(old, new, "A")}
    fresh = {model for name, text in texts.items() for model in created(app_of(name), text)}
    for name, text in texts.items():
        harmful = [why for call in operations(text) if (why := harm(call, app_of(name), fresh))]
        if harmful and not EXPANDS.search(text) and not contracts_in_time(text, old):
            yield f"{name}: {', '.join(harmful)}"


def contracts_in_time(text: str, old: str) -> bool:
    """Say whether what serves already includes the release that stopped using it."""
    found = CONTRACTS.search(text)
    if not found:
        return False
    command = ["git", "merge-base", "--is-ancestor", f"refs/tags/{found[1]}", old]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def harm(call: ast.Call, app: str, fresh: set[tuple[str, str]]) -> str:
    """Return what an operation would break for the old version, or nothing."""
    kind, model = name_of(call.func), text_of(call, "model_name")
    if (app, model.lower()) in fresh:
        return ""
    if kind == "AddField":
        named = [word.value for word in call.keywords if word.arg == "field"]
        field = next(iter(named or call.args[2:3]), None)
        return "" if can_be_left_out(field) else f"AddField {model}: neither null nor db_default"
    return "" if kind in ADDING else f"{kind} {model}".strip()


def can_be_left_out(field: ast.expr | None) -> bool:
    """Say whether rows can be added by code that does not know the column."""
    if not isinstance(field, ast.Call):
        return False
    given = {word.arg: word.value for word in field.keywords}
    null = given.get("null")
    nullable = isinstance(null, ast.Constant) and null.value is True
    return nullable or "db_default" in given or name_of(field.func) == "ManyToManyField"


def operations(text: str) -> list[ast.Call]:
    lists = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign) and [name_of(to) for to in node.targets] == ["operations"]
    ]
    return [
        call for one in lists for call in getattr(one, "elts", []) if isinstance(call, ast.Call)
    ]


def created(app: str, text: str) -> set[tuple[str, str]]:
    calls = [call for call in operations(text) if name_of(call.func) == "CreateModel"]
    return {(app, text_of(call, "name").lower()) for call in calls}


def app_of(name: str) -> str:
    return str(PurePosixPath(name).parent.parent)


def name_of(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def text_of(call: ast.Call, argument: str) -> str:
    """Return a text argument, also where it is the first one without a name."""
    given = [word.value for word in call.keywords if word.arg == argument] or call.args[:1]
    value = given[0] if given else None
    return str(value.value) if isinstance(value, ast.Constant) else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
