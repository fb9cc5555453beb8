"""What infra/ deploys in every environment and state, against Azure's rules and the application."""

import pytest

from tests.architecture.tree import ROOT
from tests.infra.application import application
from tests.infra.bicep.apps import containers, variables
from tests.infra.bicep.bodies import oracle
from tests.infra.bicep.check import check_run
from tests.infra.bicep.parser import parse_file
from tests.infra.bicep.syntax import For, Ternary, walk
from tests.infra.scenarios import SCENARIOS, Scenario, run

# Types that are used and that no package describes, each with the reason it is used all the same.
UNCOVERED: dict[str, str] = {}
MODULES = sorted(ROOT.glob("infra/**/*.bicep"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_deployment_has_nothing_azure_or_the_application_would_refuse(scenario: Scenario) -> None:
    deployed = run(scenario.name)

    assert sorted(set(check_run(deployed, application(), set(UNCOVERED)))) == []
    assert deployed.resources


def test_every_resource_and_module_is_deployed_in_some_scenario() -> None:
    declared = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in MODULES
        for name in parse_file(path).deployed()
    }

    assert declared - set().union(*(run(one.name).used for one in SCENARIOS)) == set()


def test_both_branches_of_every_choice_and_every_loop_are_taken_in_some_scenario() -> None:
    there = {
        (path.relative_to(ROOT).as_posix(), node.line, node.column, yes)
        for path in MODULES
        for node in walk(parse_file(path))
        if isinstance(node, Ternary | For)
        for yes in ((True, False) if isinstance(node, Ternary) else (True,))
    }

    assert there - set().union(*(run(one.name).branches for one in SCENARIOS)) == set()


def test_types_without_an_oracle_are_listed_and_no_others() -> None:
    used = {resource.type for one in SCENARIOS for resource in run(one.name).resources}

    assert {kind for kind in used if kind not in oracle()["types"]} == set(UNCOVERED)


def test_every_secret_that_containers_refer_to_can_be_made_by_the_deployment() -> None:
    deployed = run("prod-canary")

    missing = {
        entry["name"]
        for container in containers(deployed)
        for entry in container.body["env"]
        if "secretRef" in entry and entry["name"] not in variables(container, deployed)
    }

    assert missing == set()


@pytest.mark.parametrize("scenario", ["dev-serving", "prod-serving", "prod-canary"])
def test_nothing_that_is_secret_stands_in_the_open(scenario: str) -> None:
    deployed = run(scenario)
    shown = {
        name
        for container in containers(deployed)
        for entry in container.body["env"]
        if "value" in entry
        for name in [entry["name"]]
    }

    assert {name for name in shown if name.endswith(("_KEY", "_SECRET", "_PASSWORD"))} == set()
    assert variables(containers(deployed)[0], deployed)["SECRET_KEY"].startswith("K3y-")
