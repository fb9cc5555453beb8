"""infra/infra-checksums.txt holds the sum of every other file of infra/, as sha256sum writes it."""

import hashlib

import pytest

from tests.architecture.tree import ROOT, kept_files

INFRA = ROOT / "infra"
SUMS = INFRA / "infra-checksums.txt"


@pytest.mark.skipif(not SUMS.is_file(), reason="infra/scripts/checksums.sh writes it")
def test_checksums_are_those_of_all_files_of_infra() -> None:
    lines = [line.split(maxsplit=1) for line in SUMS.read_text().splitlines()]
    files = [path for path in kept_files() if path.is_relative_to(INFRA) and path != SUMS]

    assert {name: digest for digest, name in lines} == {
        path.relative_to(INFRA).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
