"""Runs a file of settings anew, with variables of its own."""

import runpy
from types import ModuleType
from typing import Any

import pytest


def run_anew(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, **variables: str
) -> dict[str, Any]:
    """Return what the file sets in an environment with these variables too."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(module.__file__))
