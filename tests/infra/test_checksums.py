"""infra-checksums.txt holds the sum of every file that is deployed, as sha256sum writes it."""

import hashlib

import pytest

from tests.architecture.tree import ROOT, kept_files, relative

SUMS = ROOT / "infra-checksums.txt"
DEPLOYED = {".bicep", ".bicepparam", ".json", ".kql"}


@pytest.mark.skipif(not SUMS.is_file(), reason="infra/scripts write it before a release")
def test_checksums_are_those_of_the_files() -> None:
    lines = [line.split(maxsplit=1) for line in SUMS.read_text().splitlines()]
    listed = {name: digest for digest, name in lines}
    files = [path for path in kept_files() if relative(path).startswith("infra/")]
    sums = {relative(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    assert {name: sums.get(name) for name in listed} == listed
    assert {name for name in sums if name.endswith(tuple(DEPLOYED))} - set(listed) == set()
