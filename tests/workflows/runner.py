"""Runs the shell steps of a job as GitHub's runner would, as far as our workflows need it.

Steps that use an action from elsewhere are passed over; actions of this repository are entered.
Expressions are looked up, not computed: a step whose condition is none of CONDITIONS is an error.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.stubs.fixtures import ROOT, Stubs

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
CONDITIONS: dict[str, Callable[[bool], bool]] = {
    "": lambda failed: not failed,
    "failure() || cancelled()": lambda failed: failed,
    "always()": lambda _failed: True,
}


def read(path: str) -> dict[str, Any]:
    """Return a YAML file of the repository; its key `on` is read as True by YAML 1.1."""
    found: dict[str, Any] = yaml.safe_load((ROOT / path).read_text())
    return found


def workflow(name: str) -> dict[str, Any]:
    return read(f".github/workflows/{name}.yml")


@dataclass
class Job:
    """One run of a job: what expressions may look up, and what its steps said."""

    stubs: Stubs
    context: dict[str, str]
    environment: dict[str, str]
    log: str = ""
    failed: bool = False
    ran: list[str] = field(default_factory=list)

    def run(self, steps: list[dict[str, Any]]) -> None:
        """Do the steps in order; after a failure only those that ask for it."""
        for step in steps:
            if self._due(step):
                self._enter(step)

    def value(self, text: object) -> str:
        """Return a text with its expressions replaced; raises KeyError for an unknown one."""
        return EXPRESSION.sub(lambda found: self.context[found[1]], _as_text(text))

    @property
    def summary(self) -> str:
        path = self.stubs.folder / "summary"
        return path.read_text() if path.exists() else ""

    def _due(self, step: Mapping[str, Any]) -> bool:
        condition = EXPRESSION.sub(r"\1", str(step.get("if", "")))
        return CONDITIONS[condition](self.failed)

    def _enter(self, step: dict[str, Any]) -> None:
        uses = step.get("uses", "")
        if uses.startswith("./"):
            self._action(uses, step)
        elif not uses:
            self._shell(step)

    def _action(self, uses: str, step: dict[str, Any]) -> None:
        action = read(f"{uses.removeprefix('./')}/action.yml")
        given = {name: self.value(value) for name, value in step.get("with", {}).items()}
        unknown = given.keys() - action["inputs"].keys()
        assert unknown == set(), f"{uses} knows no {unknown}"
        inputs = {
            f"inputs.{name}": given.get(name, _as_text(known.get("default", "")))
            for name, known in action["inputs"].items()
            if name in given or not known.get("required")
        }
        inner = Job(self.stubs, self.context | inputs, self.environment)
        inner.context["github.action_path"] = str(ROOT / uses)
        inner.run(action["runs"]["steps"])
        self.log += inner.log
        self.failed |= inner.failed
        self.ran += inner.ran
        for name, output in action.get("outputs", {}).items():
            key = f"steps.{step.get('id', '')}.outputs.{name}"
            self.context[key] = inner.value(output["value"]) if not inner.failed else ""

    def _shell(self, step: dict[str, Any]) -> None:
        told = self.stubs.folder / "output"
        told.write_text("")
        files = {
            "GITHUB_OUTPUT": str(told),
            "GITHUB_STEP_SUMMARY": str(self.stubs.folder / "summary"),
            "GITHUB_ACTION_PATH": self.context.get("github.action_path", ""),
            "GITHUB_REPOSITORY": "acme/talenti",
            "RUNNER_TEMP": str(self.stubs.folder),
        }
        own = {name: self.value(value) for name, value in step.get("env", {}).items()}
        outcome = self.stubs.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.value(step["run"])],
            **(self.environment | files | own),
        )
        self.ran.append(step["name"])
        self.log += outcome.stdout
        self.failed |= outcome.returncode != 0
        self._keep_outputs(step.get("id", ""), told)

    def _keep_outputs(self, step: str, told: Path) -> None:
        for line in told.read_text().splitlines():
            name, _, value = line.partition("=")
            self.context[f"steps.{step}.outputs.{name}"] = value


def run_job(stubs: Stubs, name: str, job: str, context: dict[str, str]) -> Job:
    """Run a job of a workflow; `context` holds what its expressions look up."""
    told = workflow(name)
    run = Job(stubs, context | {"runner.temp": str(stubs.folder)}, {})
    environment = told.get("env", {}) | told["jobs"][job].get("env", {})
    run.environment = {key: run.value(value) for key, value in environment.items()}
    run.context |= {f"env.{key}": value for key, value in run.environment.items()}
    run.run(told["jobs"][job]["steps"])
    return run


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
