"""Every Bicep file of infra/ as it stands, before any parameter has a value."""

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.infra.bicep.check import check_file

FILES = sorted([*ROOT.glob("infra/**/*.bicep"), *ROOT.glob("infra/**/*.bicepparam")])
GUIDE = {
    "main.bicep",
    "modules/app-insights.bicep",
    "modules/cognitive-services.bicep",
    "modules/communication.bicep",
    "modules/container-app.bicep",
    "modules/container-apps-env.bicep",
    "modules/container-registry.bicep",
    "modules/key-vault.bicep",
    "modules/log-analytics.bicep",
    "modules/networking.bicep",
    "modules/storage.bicep",
    "parameters/dev.bicepparam",
    "parameters/dr.bicepparam",
    "parameters/prod.bicepparam",
    "parameters/staging.bicepparam",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_has_nothing_the_compiler_would_refuse(path: Path) -> None:
    assert check_file(ROOT, path) == []


def test_files_of_the_guide_are_all_there() -> None:
    there = {path.relative_to(ROOT / "infra").as_posix() for path in FILES}

    assert GUIDE - there == set()
