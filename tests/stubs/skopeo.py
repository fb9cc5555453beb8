"""The stand-in for skopeo: it copies an OCI layout to a registry of the world, digest and all."""

import json
from pathlib import Path
from typing import Any

from tests.stubs.answers import Answer

FLAGS = {"--all", "--preserve-digests", "--quiet"}


def main(world: dict[str, Any], words: list[str]) -> Answer:
    command, *rest = words
    flags, places = {w for w in rest if w[0] == "-"}, [w for w in rest if w[0] != "-"]
    if command != "copy" or flags - FLAGS or len(places) != 2:
        return Answer(2, error=f"skopeo: wrong call: {' '.join(words)}\n")
    layout = Path(places[0].removeprefix("oci:"))
    digest = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    server, _, image = places[1].removeprefix("docker://").partition("/")
    world["registries"][server.removesuffix(".azurecr.io")][image] = digest
    return Answer()
