"""Secrets: they go from secure parameters into the vault and nowhere that is kept or shown."""

import re
from collections.abc import Iterator
from typing import Any

from tests.infra.bicep.deployment import Template
from tests.infra.bicep.results import ResourceValue, Run
from tests.infra.bicep.scopes import free_names, reached
from tests.infra.bicep.syntax import Call, File, Member, Node, Param
from tests.infra.bicep.values import Finding, is_runtime, is_secure

TELLING = re.compile(r"(?i)(connectionstring|instrumentationkey|sharedkey|accesskey|password)$")
# Where a resource may hold a secret: type and the path below its body.
MAY_HOLD = {
    ("Microsoft.App/managedEnvironments", "sharedKey"),
    ("Microsoft.DBforPostgreSQL/flexibleServers", "administratorLoginPassword"),
    # Its address tells who sends; Azure never shows it.
    ("Microsoft.EventGrid/systemTopics/eventSubscriptions", "endpointUrl"),
    ("Microsoft.KeyVault/vaults/secrets", "value"),
}


def check_outputs(path: str, file: File) -> Iterator[Finding]:
    """No output tells a secret: outputs are kept and shown with every deployment."""
    for output in file.outputs().values():
        if found := _secret_within(output.value, file):
            message = f"the output {output.name} tells {found}"
            yield Finding(path, output.line, "outputs-should-not-contain-secrets", message)


def _secret_within(node: Node, file: File) -> str:
    params = file.params()
    for one in reached(node, file):
        if isinstance(one, Call) and one.name.startswith("list"):
            return f"{one.name}()"
        if isinstance(one, Member) and TELLING.search(one.name):
            return one.name
        for name in free_names(one):
            param = params.get(name.name)
            if isinstance(param, Param) and param.decorator("secure"):
                return f"the secure parameter {name.name}"
    return ""


def check_flows(run: Run) -> Iterator[Finding]:
    """Yield parameters that show a secret, and resources that keep one in the open."""
    for template in run.templates:
        yield from _given(template)
    for resource in run.resources:
        yield from _kept(resource)


def _given(template: Template) -> Iterator[Finding]:
    params = template.file.params()
    for name, value in template.given.items():
        param = params.get(name)
        if param and not param.decorator("secure") and is_secure(value):
            message = f"the parameter {name} is given a secret and is not secure"
            yield Finding(template.shown, param.line, "secrets", message)


def _kept(resource: ResourceValue) -> Iterator[Finding]:
    for where in _secret_places(resource.body, ""):
        if (resource.type, where.rpartition(".")[2]) not in MAY_HOLD:
            yield resource.finding("secrets", f"{where.lstrip('.')} holds a secret")
    if is_secure(resource.name):
        yield resource.finding("secrets", "its name holds a secret")
    value = (resource.body.get("properties") or {}).get("value")
    if resource.type == "Microsoft.KeyVault/vaults/secrets" and not _hidden(value):
        yield resource.finding("secrets", "the template shows what it keeps: it is no secret")


def _hidden(value: Any) -> bool:
    return is_secure(value) or is_runtime(value)


def _secret_places(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secret_places(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _secret_places(inner, where)
    elif is_secure(value):
        yield where


def secret_named(run: Run, vault_uri: str, name: str) -> ResourceValue | None:
    """Return the secret of the vault with this name, if the deployment makes it."""
    vault = vault_uri.removeprefix("⟦").partition("#")[0]
    wanted = f"{vault}/secrets/{name}"
    return next((one for one in run.resources if one.id == wanted and not one.existing), None)
