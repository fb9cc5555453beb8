"""Registries and what Log Analytics knows, as far as our scripts ask for them."""

import hashlib
from pathlib import Path
from typing import Any

from tests.stubs.az_commands import Call
from tests.stubs.container_apps import Handler, Refused, State


def registry_of(state: State, name: str) -> dict[str, str]:
    """Return tags with their digests; raises Refused."""
    found: dict[str, str] | None = state["registries"].get(name)
    if found is None:
        raise Refused(f"(ResourceNotFound) The registry '{name}' was not found")
    return found


def show_image(state: State, call: Call) -> State:
    images = registry_of(state, call.value("--name"))
    repository, _, tag = call.value("--image").replace("@", ":@").partition(":")
    digest = tag.removeprefix("@") if tag.startswith("@") else images.get(f"{repository}:{tag}")
    if digest is None or digest not in images.values():
        raise Refused(f"(MANIFEST_UNKNOWN) manifest tagged by {tag} is not found")
    return {"name": tag, "digest": digest}


def import_image(state: State, call: Call) -> None:
    """Copy a manifest with its digest, as the service does."""
    images = registry_of(state, call.value("--name"))
    server, _, rest = call.value("--source").partition("/")
    source = registry_of(state, server.removesuffix(".azurecr.io"))
    digest = rest.partition("@")[2]
    if digest not in source.values():
        raise Refused(f"(ImageNotFound) {rest} is not found")
    target = call.value("--image")
    if target in images and "--force" not in call.flags:
        raise Refused(f"(Conflict) Tag {target} already exists in target registry")
    images[target] = digest


def build_image(state: State, call: Call) -> None:
    """Give the tag a digest of its own; the source has to be there."""
    source = Path(call.value("@"))
    if not (source / "Dockerfile").is_file() or call.value("--file") != f"{source}/Dockerfile":
        raise Refused("(BadSource) there is no Dockerfile")
    digest = hashlib.sha256(call.value("--image").encode()).hexdigest()
    registry_of(state, call.value("--registry"))[call.value("--image")] = f"sha256:{digest}"


def query_logs(state: State, call: Call) -> list[dict[str, Any]]:
    """Return the rows that are known at this second of the world's clock."""
    if call.value("--workspace") not in state["workspaces"].values():
        raise Refused("(WorkspaceNotFound) query by the workspace's customer id")
    known = [entry for entry in state["requests"] if entry["from"] <= state["clock"]]
    return [row | {"TableName": "PrimaryResult"} for row in known[-1]["rows"]] if known else []


def show_workspace(state: State, call: Call) -> State:
    name = call.value("--workspace-name")
    if name not in state["workspaces"]:
        raise Refused(f"(ResourceNotFound) {name} was not found")
    return {"name": name, "customerId": state["workspaces"][name]}


HANDLERS: dict[str, Handler] = {
    "acr repository show": show_image,
    "acr build": build_image,
    "acr import": import_image,
    "acr login": lambda state, call: bool(registry_of(state, call.value("--name"))) and None,
    "monitor log-analytics query": query_logs,
    "monitor log-analytics workspace show": show_workspace,
    "extension add": lambda _state, _call: None,
}
