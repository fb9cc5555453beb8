"""Write table.json from the packages that are installed: python -m tests.infra.oracle [path]."""

import importlib.util
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.infra.oracle.models import Models, Table
from tests.infra.oracle.sources import SOURCES

TABLE = Path(__file__).with_name("table.json")


def make_table() -> dict[str, Any]:
    """Return the versions of the packages, the types with their API versions, and the models."""
    models: Table = {}
    types = {}
    for kind, (package, model) in sorted(SOURCES.items()):
        found = Models(package, models)
        key = found.collect(getattr(found.module, model))
        types[kind] = {"api_version": api_version(package, kind), "model": key}
    packages = sorted({package.partition(".")[0] for package, _ in SOURCES.values()})
    versions = {f"azure-mgmt-{name}": version(f"azure-mgmt-{name}") for name in packages}
    return {"packages": versions, "types": types, "models": dict(sorted(models.items()))}


def api_version(package: str, kind: str) -> str:
    """Return the version that the package sends when it puts a resource of this type."""
    spec = importlib.util.find_spec(f"azure.mgmt.{package}")
    assert spec is not None
    assert spec.origin is not None
    found = {
        written
        for path in Path(spec.origin).parent.glob("operations/*.py")
        for part in path.read_text().split("\ndef build_")[1:]
        if 'method="PUT"' in part and (written := _version(part, kind))
    }
    if len(found) != 1:
        message = f"{package} puts {kind} with versions {sorted(found)}"
        raise ValueError(message)
    return found.pop()


def _version(builder: str, kind: str) -> str:
    url = re.search(r'"\S*/providers/(Microsoft\.\w+/[^"]*)"', builder)
    sent = re.search(r'"api-version", "([^"]+)"', builder)
    if not url or not sent:
        return ""
    provider, *segments = url.group(1).split("/")
    return sent.group(1) if "/".join([provider, *segments[::2]]).lower() == kind.lower() else ""


def write_table(path: Path) -> None:
    """Write one line for each model, so that a change shows what changed."""
    table = make_table()
    lines = [f'"packages": {json.dumps(table["packages"], indent=1)}']
    for part in ("types", "models"):
        rows = [f"{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in table[part].items()]
        lines.append(f'"{part}": {{\n' + ",\n".join(rows) + "\n}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write_table(Path(sys.argv[1]) if sys.argv[1:] else TABLE)
