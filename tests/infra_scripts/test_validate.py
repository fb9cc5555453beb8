"""validate.sh compiles, compares and changes nothing; checksums.sh sees every change of a file."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.infra_scripts.conftest import DIGEST, Subscription
from tests.stubs.fixtures import ROOT

LIST = "infra/infra-checksums.txt"


def test_everything_is_compiled_without_a_login(subscription: Subscription) -> None:
    subscription.done("validate")

    calls = subscription.stubs.calls()
    assert [call for call in calls if not call.startswith("bicep ")] == []
    assert "bicep lint --file infra/main.bicep" in calls
    assert [call.split()[3] for call in calls if call.startswith("bicep build-params")] == [
        f"infra/parameters/{name}.bicepparam" for name in ("dev", "dr", "prod", "staging")
    ]


def test_comparison_knows_what_serves(deployed: Subscription) -> None:
    deployed.world["answers"] = [{"command": "deployment group what-if", "out": {"changes": []}}]

    printed = deployed.done("validate", "--env", "dev")

    assert f"serves {DIGEST}" in printed
    assert "deployment group validate" in " ".join(deployed.stubs.calls())
    assert deployed.changes() == []


def test_whoever_may_only_read_may_compare(deployed: Subscription) -> None:
    deployed.world["answers"] = [{"command": "deployment group what-if", "out": {"changes": []}}]

    deployed.done("validate", "--env", "dev")

    asked = [one for one in deployed.stubs.calls() if one.startswith("deployment group ")]
    assert len(asked) == 2
    assert [one for one in asked if "--validation-level ProviderNoRbac" not in one] == []


def test_group_that_is_not_there_cannot_be_compared(subscription: Subscription) -> None:
    assert "rg-talenti-dev-aue is not there" in subscription.refused("validate", "--env", "dev")


def test_error_of_the_compiler_is_one_of_the_script(subscription: Subscription) -> None:
    subscription.world["answers"] = [{"command": "bicep lint", "error": "Error BCP138"}]

    assert "STOPPED at: language" in subscription.refused("validate")


def test_checksums_are_up_to_date() -> None:
    """If this fails: make checksums."""
    lines = (ROOT / LIST).read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    paths = [path for path in (ROOT / "infra").rglob("*") if path.is_file() and path != ROOT / LIST]
    sums = {
        path.relative_to(ROOT / "infra").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }

    assert listed == sums


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the script reads."""
    for name in ("infra", ".github/scripts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def verify(copy: Path, word: str = "verify") -> tuple[int, str]:
    command = [str(copy / "infra/scripts/checksums.sh"), word]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return outcome.returncode, outcome.stdout + outcome.stderr


def test_guide_verifies_the_list_by_its_own_command(copy: Path) -> None:
    words = ["sha256sum", "--quiet", "-c", "infra-checksums.txt"]

    assert subprocess.run(words, cwd=copy / "infra", timeout=30, check=False).returncode == 0


@pytest.mark.parametrize("change", ["changed", "missing", "unlisted"])
def test_every_difference_is_found_and_can_be_renewed(copy: Path, change: str) -> None:
    file = copy / "infra" / "main.bicep"
    if change == "changed":
        file.write_text(file.read_text() + "\n")
    elif change == "missing":
        file.unlink()
    else:
        (copy / "infra" / "more.bicep").write_text("")

    code, said = verify(copy)
    assert code == 1
    assert "make checksums" in said

    assert verify(copy, "write")[0] == 0
    assert verify(copy)[0] == 0
