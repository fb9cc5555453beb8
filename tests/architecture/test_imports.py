"""Providers' SDKs stay in their room, and nothing heavy loads before it is needed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import HOUSES, ROOT, imported_modules, python_files, relative

SDKS = {"azure", "openai"}
SDK_ROOM = "talenti/azure/"
# Together over a second of CPU and 40 MB; each loads with the first call that needs it.
HEAVY = ("openai", "azure", "av", "drf_spectacular.openapi", "pocketsphinx", "numpy")
START = """
import sys
import django
django.setup()
from django.urls import get_resolver
assert get_resolver().url_patterns
print(*sorted(sys.modules))
"""


def test_only_one_room_imports_a_providers_sdk() -> None:
    found = {
        relative(path): sorted(used)
        for path in python_files(*HOUSES)
        if (used := {name.partition(".")[0] for name in imported_modules(path)} & SDKS)
    }

    assert {name: used for name, used in found.items() if not name.startswith(SDK_ROOM)} == {}


def test_product_imports_neither_tests_nor_test_tools() -> None:
    tools = {"hypothesis", "playwright", "pytest", "tests"}
    found = {
        relative(path): sorted(used)
        for path in python_files(*HOUSES)
        if (used := {name.partition(".")[0] for name in imported_modules(path)} & tools)
    }

    assert found == {}


def test_start_and_routes_load_nothing_heavy(tmp_path: Path) -> None:
    variables = {"DJANGO_SETTINGS_MODULE": "talenti.settings", "DATA_DIR": str(tmp_path)}
    outcome = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert outcome.stderr == ""
    loaded = outcome.stdout.split()
    assert "talenti.urls" in loaded
    assert [name for name in loaded if name.startswith(tuple(f"{h}." for h in HEAVY))] == []
    assert set(loaded) & set(HEAVY) == set()
