"""The stand-in for the Azure CLI.

A planned answer comes first (`answers` in the world: `command`, `out` or `error`, and if wanted
`when`, a table of flags, and `times`, how often), then the small world of Container Apps and
registries, then, for commands that change something, silence.
"""

import json
from typing import Any

import jmespath  # type: ignore[import-untyped]

from tests.stubs import container_apps, registries, subscriptions
from tests.stubs.answers import Answer
from tests.stubs.az_commands import Call, Misused, parse

HANDLERS = container_apps.HANDLERS | registries.HANDLERS | subscriptions.HANDLERS
QUIET = (
    *(" add", " build", " build-params", " create", " delete", " import", " install", " lint"),
    *(" login", " purge", " recover", " register", " restore", " set", " set-record", " update"),
    *(" upgrade", " validate"),
)


def main(world: dict[str, Any], words: list[str]) -> Answer:
    """Return the exit code 2 for a wrong call, 1 for what Azure refuses, as the real one."""
    try:
        call = parse(words)
        found = answer(world, call)
    except Misused as misused:
        return Answer(2, error=f"ERROR: {misused}\n")
    except container_apps.Refused as refused:
        return Answer(1, error=f"ERROR: {refused}\n")
    if query := call.value("--query"):
        found = jmespath.search(query, found)
    return Answer(out=shown(found, call.value("--output", "json")))


def answer(state: dict[str, Any], call: Call) -> Any:
    """Return what the command prints, before --query; raises Refused."""
    for plan in state["answers"]:
        wanted = plan.get("when", {}).items()
        known = plan["command"] == call.command and plan.get("times", 1) > 0
        if known and all(call.value(flag) == value for flag, value in wanted):
            return _planned(plan)
    if call.command in HANDLERS:
        return HANDLERS[call.command](state, call)
    if f" {call.command}".endswith(QUIET):
        return None
    raise container_apps.Refused(f"no answer is planned for: {call.command}")


def _planned(plan: dict[str, Any]) -> Any:
    if "times" in plan:
        plan["times"] -= 1
    if "error" in plan:
        raise container_apps.Refused(plan["error"])
    return plan["out"]


def shown(found: Any, output: str) -> str:
    """Return a result as the real one prints it."""
    if found is None or output == "none":
        return ""
    if output == "tsv":
        rows = found if isinstance(found, list) else [found]
        return "".join(f"{_line(row)}\n" for row in rows)
    return f"{json.dumps(found, indent=2)}\n"


def _line(row: Any) -> str:
    values = row if isinstance(row, list) else [*row.values()] if isinstance(row, dict) else [row]
    return "\t".join(_cell(value) for value in values)


def _cell(value: Any) -> str:
    return (
        "None" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
