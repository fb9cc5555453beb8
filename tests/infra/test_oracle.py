"""The table of Azure's types: what it was made from, and that it can be made again."""

import re
import subprocess
import venv
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.infra.bicep.bodies import TABLE, oracle
from tests.infra.oracle.sources import SOURCES

LOCK = TABLE.with_name("requirements.txt")


def test_table_describes_every_type_of_its_sources() -> None:
    assert sorted(oracle()["types"]) == sorted(SOURCES)


def test_table_is_of_the_versions_that_are_locked() -> None:
    locked = dict(re.findall(r"^(azure-mgmt-[a-z]+)==(\S+)", LOCK.read_text(), re.MULTILINE))

    assert oracle()["packages"] == {k: v for k, v in locked.items() if k != "azure-mgmt-core"}


def test_no_version_of_an_interface_is_a_preview() -> None:
    versions = {kind: one["api_version"] for kind, one in oracle()["types"].items()}

    assert {k: v for k, v in versions.items() if not re.fullmatch(r"\d{4}-\d\d-\d\d", v)} == {}


def test_every_model_that_is_named_is_there() -> None:
    named = set(re.findall(r'"model": "([^"]+)"', TABLE.read_text()))

    assert named - set(oracle()["models"]) == set()


@pytest.mark.slow
def test_table_is_what_the_locked_packages_say(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    _run(str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK))

    _run(str(python), "-m", "tests.infra.oracle", str(tmp_path / "table.json"))

    assert (tmp_path / "table.json").read_text() == TABLE.read_text()


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, timeout=300, capture_output=True)
