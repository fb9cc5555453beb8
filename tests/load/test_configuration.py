"""infra/load-test.yaml has the keys of Azure Load Testing, and names what locust and we read."""

import re

import yaml

from tests.architecture.tree import ROOT

CONFIGURATION = ROOT / "infra/load-test.yaml"
SCRIPT = (ROOT / "tests/load/locustfile.py").read_text()
REQUIRED = {"version", "testId", "testType", "testPlan", "engineInstances"}
OPTIONAL = {
    "autoStop",
    "configurationFiles",
    "description",
    "displayName",
    "env",
    "failureCriteria",
    "referenceIdentities",
    "secrets",
}
LOCUST = {"LOCUST_HOST", "LOCUST_USERS", "LOCUST_SPAWN_RATE", "LOCUST_RUN_TIME"}


def test_configuration_has_the_documented_keys() -> None:
    told = yaml.safe_load(CONFIGURATION.read_text())

    assert REQUIRED <= set(told) <= REQUIRED | OPTIONAL
    assert (told["version"], told["testType"]) == ("v0.1", "Locust")
    assert re.fullmatch(r"[a-z0-9_-]{2,50}", told["testId"])
    assert len(told["description"]) <= 100
    assert (CONFIGURATION.parent / told["testPlan"]).resolve().is_file()


def test_every_variable_is_read_by_locust_or_by_the_script() -> None:
    told = yaml.safe_load(CONFIGURATION.read_text())
    names = {entry["name"] for entry in (*told["env"], *told["secrets"])}

    assert names >= LOCUST
    assert [name for name in sorted(names - LOCUST) if f'"{name}"' not in SCRIPT] == []
