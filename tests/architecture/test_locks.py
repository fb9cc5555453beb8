"""The lock files name versions and hashes, and no place to fetch them from."""

import re

from tests.architecture.tree import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*(?:\[[a-z0-9,-]+\])?)==([^ \\]+)", re.MULTILINE)
LOCKS = ("requirements.txt", "requirements-run.txt", "requirements-dev.txt")
LOAD = "requirements-load.txt"


def test_locks_name_no_host_and_set_no_option() -> None:
    lines = [(name, line) for name in (*LOCKS, LOAD) for line in _read(name).splitlines()]

    assert [line for line in lines if line[1].startswith("-") or "://" in line[1]] == []


def test_every_pin_has_a_hash() -> None:
    entries = [
        entry for name in (*LOCKS, LOAD) for entry in re.split(r"\n(?=[a-z0-9])", _read(name))
    ]

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_smaller_locks_pin_exactly_what_the_larger_ones_do() -> None:
    production, run, dev = (set(PIN.findall(_read(name))) for name in LOCKS)

    assert production - run == set()
    assert run - dev == set()
    assert production


def test_local_recogniser_and_test_tools_stay_out_of_production() -> None:
    production = {name for name, _ in PIN.findall(_read("requirements.txt"))}

    assert production & {"pocketsphinx", "pytest", "playwright", "mypy", "ruff", "uv"} == set()


def _read(name: str) -> str:
    return (ROOT / name).read_text()
