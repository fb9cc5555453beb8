"""Functions whose answer depends on where, when and by whom a template is deployed."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.infra.bicep.values import EvaluationError, runtime_value

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-000000000002"
STARTED_AT = {"yyyy": "2026", "MM": "02", "dd": "03", "HH": "04", "mm": "05", "ss": "06"}
CLOUD = {
    "name": "AzureCloud",
    "authentication": {"loginEndpoint": "https://login.microsoftonline.com/"},
    "portal": "https://portal.azure.com",
    "resourceManager": "https://management.azure.com/",
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
}


@dataclass(frozen=True)
class Place:
    """Where a template lands; the variables are those of whoever deploys."""

    resource_group: str
    location: str
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def group_id(self) -> str:
        group = f"/resourceGroups/{self.resource_group}" if self.resource_group else ""
        return f"/subscriptions/{SUBSCRIPTION}{group}"


def answer(name: str, arguments: list[Any], place: Place, folder: Path) -> Any:
    """Return what the function gives; raise EvaluationError if it is not known or fails."""
    if name in {"loadTextContent", "loadJsonContent", "loadFileAsBase64"}:
        return _loaded(name, folder / arguments[0])
    if name == "readEnvironmentVariable":
        return _variable(place, *arguments)
    if name.startswith("list") or name in {"reference", "getSecret"}:
        origin = f"{name}({', '.join(map(str, arguments))})"
        return runtime_value(origin, secure=name != "reference")
    found = ANSWERS.get(name)
    if found is None:
        raise EvaluationError(f"{name}() is not a function")
    return found(place, *arguments)


def resource_id(group_id: str, kind: str, *names: str) -> str:
    """Return the id of a resource: its types and names, one after the other."""
    provider, *types = kind.split("/")
    if len(types) != len(names):
        raise EvaluationError(f"{kind} has {len(types)} names, not {len(names)}: {names}")
    pairs = "/".join(f"{one}/{name}" for one, name in zip(types, names, strict=True))
    return f"{group_id}/providers/{provider}/{pairs}"


def _loaded(name: str, path: Path) -> Any:
    if not path.is_file():
        raise EvaluationError(f"there is no file {path.name}")
    return json.loads(path.read_text()) if name == "loadJsonContent" else path.read_text()


def _variable(place: Place, name: str, default: str | None = None) -> str:
    value = place.variables.get(name, default)
    if value is None:
        raise EvaluationError(f"the variable {name} is not set")
    return value


def _utc_now(_: Place, pattern: str = "yyyyMMddTHHmmssZ") -> str:
    for sign, value in STARTED_AT.items():
        pattern = pattern.replace(sign, value)
    return pattern


def _resource_group(place: Place, *arguments: str) -> dict[str, Any]:
    name = arguments[-1] if arguments else place.resource_group
    return {
        "id": Place(name, "").group_id,
        "name": name,
        "location": place.location,
        "tags": {},
    }


ANSWERS: dict[str, Any] = {
    "deployer": lambda place: {"objectId": TENANT, "tenantId": TENANT},
    "deployment": lambda place: {"name": "main"},
    "environment": lambda place: CLOUD,
    "extensionResourceId": lambda place, base, kind, *names: resource_id(base, kind, *names),
    "newGuid": lambda place: TENANT,
    "resourceGroup": _resource_group,
    "resourceId": lambda place, kind, *names: resource_id(place.group_id, kind, *names),
    "subscription": lambda place, *_: {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
    },
    "subscriptionResourceId": lambda place, kind, *names: resource_id(
        f"/subscriptions/{SUBSCRIPTION}", kind, *names
    ),
    "tenant": lambda place: {"tenantId": TENANT},
    "tenantResourceId": lambda place, kind, *names: resource_id("", kind, *names),
    "utcNow": _utc_now,
}
