"""Values that Azure's packages only call text, and that Azure reads all the same."""

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.infra.bicep.results import Run
from tests.infra.bicep.values import Finding, is_runtime

Check = Callable[[dict[str, Any], Run], Iterator[str]]
MINUTES = {f"PT{n}M": n for n in (1, 5, 10, 15, 30, 45)} | {f"PT{n}H": n * 60 for n in range(1, 7)}
MINUTES |= {"P1D": 1440, "P2D": 2880}
PORT = re.compile(r"\*|\d{1,5}(-\d{1,5})?")
SERVICE_TAGS = {"*", "AzureLoadBalancer", "Internet", "VirtualNetwork"}
# What an endpoint leads to: the sub-resource, and the zone that its public name is looked up in.
TARGETS = {
    "Microsoft.Cache/redisEnterprise": ("redisEnterprise", "privatelink.redis.azure.net"),
    "Microsoft.CognitiveServices/accounts": ("account", "privatelink.openai.azure.com"),
    "Microsoft.ContainerRegistry/registries": ("registry", "privatelink.azurecr.io"),
    "Microsoft.DBforPostgreSQL/flexibleServers": (
        "postgresqlServer",
        "privatelink.postgres.database.azure.com",
    ),
    "Microsoft.KeyVault/vaults": ("vault", "privatelink.vaultcore.azure.net"),
    "Microsoft.Storage/storageAccounts": ("blob", "privatelink.blob.core.windows.net"),
}
KINDS = {"CognitiveServices", "OpenAI"}


def check_texts(run: Run) -> Iterator[Finding]:
    for resource in run.resources:
        check = CHECKS.get(resource.type)
        if check is None or resource.existing:
            continue
        for message in check(resource.body | {"id": resource.id}, run):
            yield resource.finding("texts", message)


def _group(body: dict[str, Any], _: Run) -> Iterator[str]:
    for rule in body["properties"].get("securityRules") or []:
        properties = rule["properties"]
        for name, value in properties.items():
            values = value if isinstance(value, list) else [value]
            known = _is_port if "Port" in name else _is_prefix if "Prefix" in name else None
            for one in values if known else []:
                if known and not known(one):
                    yield f"{rule['name']}: {one!r} is no {name}"


def _is_port(text: str) -> bool:
    return PORT.fullmatch(text) is not None


def _is_prefix(text: str) -> bool:
    return text in SERVICE_TAGS or _is_network(text)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _endpoint(body: dict[str, Any], run: Run) -> Iterator[str]:
    for connection in body["properties"].get("privateLinkServiceConnections") or []:
        target = connection["properties"]["privateLinkServiceId"]
        kind = _type_of(target)
        group, zone = TARGETS.get(kind, ("", ""))
        if connection["properties"]["groupIds"] != [group]:
            yield f"an endpoint of {kind} is of the group {group!r}"
        if not any(led.endswith(f"/privateDnsZones/{zone}") for led in _zones(body, run)):
            yield f"names of {kind} are looked up in {zone!r}"


def _type_of(resource_id: str) -> str:
    """Return the type of a resource without a parent."""
    return "/".join(resource_id.partition("/providers/")[2].split("/")[:2])


def _zones(body: dict[str, Any], run: Run) -> list[str]:
    return [
        config["properties"]["privateDnsZoneId"]
        for one in run.resources
        if one.id.startswith(f"{body['id']}/privateDnsZoneGroups/")
        for config in one.body["properties"]["privateDnsZoneConfigs"]
    ]


def _running(body: dict[str, Any], run: Run) -> Iterator[str]:
    environment = body["properties"].get("environmentId")
    profile = body["properties"].get("workloadProfileName")
    there = next((one for one in run.resources if one.id == environment), None)
    if there is None:
        yield f"its environment {environment} is not made here"
    elif profile is not None:
        profiles = [one["name"] for one in there.body["properties"].get("workloadProfiles") or []]
        if profile not in profiles:
            yield f"its environment has no profile {profile!r}, but {profiles}"
    for rule in (body["properties"]["template"].get("scale") or {}).get("rules") or []:
        yield from _scaler(rule.get("custom") or {})


def _scaler(custom: dict[str, Any]) -> Iterator[str]:
    metadata = custom.get("metadata") or {}
    known = {
        "enableTLS": "true|false",
        "listLength": r"\d+",
        "type": "Utilization|AverageValue",
        "value": r"\d+",
    }
    for name, pattern in known.items():
        if name in metadata and not re.fullmatch(pattern, metadata[name]):
            yield f"{name} of the scaler is {metadata[name]!r}"
    for entry in custom.get("auth") or []:
        if entry.get("triggerParameter") not in {"password", "username"}:
            yield f"the scaler takes no {entry.get('triggerParameter')!r}"


def _alert(body: dict[str, Any], _: Run) -> Iterator[str]:
    properties = body["properties"]
    window, often = properties.get("windowSize"), properties.get("evaluationFrequency")
    if window not in MINUTES or often not in MINUTES:
        yield f"{window} or {often} is no time that alerts know"
    elif MINUTES[window] < MINUTES[often]:
        yield f"what happens between its windows of {window} is never seen, every {often}"
    for criterion in properties.get("criteria", {}).get("allOf") or []:
        named = [criterion.get("metricMeasureColumn")]
        named += [dimension["name"] for dimension in criterion.get("dimensions") or []]
        for column in filter(None, named if "query" in criterion else []):
            if not re.search(rf"\b{column}\b", criterion["query"]):
                yield f"its query gives no {column}"


def _topic(body: dict[str, Any], _: Run) -> Iterator[str]:
    source, told = body["properties"].get("source", ""), body["properties"].get("topicType", "")
    if not is_runtime(source) and told.lower() != _type_of(source).replace("/", ".").lower():
        yield f"a source of {_type_of(source)} does not tell of {told}"


def _account(body: dict[str, Any], _: Run) -> Iterator[str]:
    if body.get("kind") not in KINDS:
        yield f"{body.get('kind')!r} is no kind of account"
    if body["properties"].get("disableLocalAuth") is not True:
        yield "it takes keys, and identities are enough"


def _addresses(body: dict[str, Any], _: Run) -> Iterator[str]:
    for name in ("startIpAddress", "endIpAddress"):
        if not _is_network(body["properties"].get(name, "")):
            yield f"{body['properties'].get(name)!r} is no address"


CHECKS: dict[str, Check] = {
    "Microsoft.App/containerApps": _running,
    "Microsoft.App/jobs": _running,
    "Microsoft.CognitiveServices/accounts": _account,
    "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules": _addresses,
    "Microsoft.EventGrid/systemTopics": _topic,
    "Microsoft.Insights/metricAlerts": _alert,
    "Microsoft.Insights/scheduledQueryRules": _alert,
    "Microsoft.Network/networkSecurityGroups": _group,
    "Microsoft.Network/privateEndpoints": _endpoint,
}
