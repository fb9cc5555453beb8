"""What Azure refuses or takes as it is written, though every property and type is right."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.infra.bicep.results import ResourceValue, Run
from tests.infra.bicep.values import Finding

CRON = r"[\d*/,-]+(?: [\d*/,A-Za-z-]+){4}"
MEMORY = re.compile(r"(\d+(?:\.\d+)?)Gi")
Check = Callable[[ResourceValue, dict[str, Any], Run], Iterator[str]]


def check_posture(run: Run) -> Iterator[Finding]:
    for resource in run.resources:
        if resource.existing:
            continue
        for check in CHECKS.get(resource.type, ()):
            for message in check(resource, resource.body.get("properties") or {}, run):
                yield resource.finding("posture", message)
        for identity in (resource.body.get("identity") or {}).get("userAssignedIdentities") or {}:
            if not any(one.id == identity for one in run.resources):
                yield resource.finding("posture", f"its identity {identity} is not made here")


def _environment(_: ResourceValue, properties: dict[str, Any], run: Run) -> Iterator[str]:
    network = properties.get("vnetConfiguration") or {}
    subnet = network.get("infrastructureSubnetId")
    if properties.get("zoneRedundant") and not subnet:
        yield "zoneRedundant needs an infrastructureSubnetId"
    if subnet:
        yield from _delegated(subnet, "Microsoft.App/environments", run)


def _delegated(subnet: str, service: str, run: Run) -> Iterator[str]:
    found = subnets(run).get(subnet)
    if found is None:
        yield f"its subnet {subnet} is not made here"
        return
    services = [one["properties"]["serviceName"] for one in found.get("delegations") or []]
    if services != [service]:
        yield f"its subnet is delegated to {services}, not to {service}"


def subnets(run: Run) -> dict[str, dict[str, Any]]:
    """Return the properties of every subnet by its id: of its own, or within a network."""
    found = {}
    for one in run.resources:
        if one.type == "Microsoft.Network/virtualNetworks/subnets":
            found[one.id] = one.body.get("properties") or {}
        if one.type == "Microsoft.Network/virtualNetworks":
            for inner in (one.body.get("properties") or {}).get("subnets") or []:
                found[f"{one.id}/subnets/{inner['name']}"] = inner["properties"]
    return found


def _dapr(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    for scope in properties.get("scopes") or []:
        if "*" in scope:
            yield f"the scope {scope} is the name of one app, not a pattern"


def _vault(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    if properties.get("enablePurgeProtection") is not True:
        yield "enablePurgeProtection can only be true; with secrets of a service it has to be"
    if properties.get("enableSoftDelete") is False:
        yield "soft delete cannot be turned off"
    if properties.get("enableRbacAuthorization") is not True:
        yield "roles decide who reads, not access policies"
    if not 7 <= properties.get("softDeleteRetentionInDays", 90) <= 90:
        yield "softDeleteRetentionInDays is from 7 to 90"


def _registry(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    if properties.get("adminUserEnabled") is not False:
        yield "the admin user is a password that everybody shares"


def _registry_tier(resource: ResourceValue, properties: dict[str, Any], _: Run) -> Iterator[str]:
    tier = (resource.body.get("sku") or {}).get("name")
    if tier != "Premium" and properties.get("zoneRedundancy") == "Enabled":
        yield f"zones need the tier Premium, not {tier}"


def _storage(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    wanted = {
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
    }
    for name, value in wanted.items():
        if properties.get(name) != value:
            yield f"{name} has to be {value}"


def _container(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    if properties.get("publicAccess") != "None":
        yield "its publicAccess has to be None"


def _blob_cors(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    for rule in (properties.get("cors") or {}).get("corsRules") or []:
        if any("*" in origin for origin in rule["allowedOrigins"]):
            yield "its CORS lets every site in"


def _app(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    ingress = properties["configuration"].get("ingress")
    rules = (properties["template"].get("scale") or {}).get("rules") or []
    if not ingress and any("http" in rule for rule in rules):
        yield "it scales on requests and has no ingress that could bring any"
    if ingress:
        yield from _ingress(ingress)
    yield from _replicas(properties["template"].get("scale") or {})


def _ingress(ingress: dict[str, Any]) -> Iterator[str]:
    cors = ingress.get("corsPolicy") or {}
    if cors.get("allowCredentials") and "*" in cors.get("allowedOrigins", []):
        yield "its CORS lets every site in with credentials"
    if cors:
        yield "its CORS doubles the headers of the application's"
    if ingress.get("allowInsecure"):
        yield "its ingress takes requests without TLS"
    weights = [entry.get("weight", 0) for entry in ingress.get("traffic") or []]
    if weights and sum(weights) != 100:
        yield f"its weights {weights} do not add up to 100"


def _replicas(scale: dict[str, Any]) -> Iterator[str]:
    least, most = scale.get("minReplicas", 0), scale.get("maxReplicas", 10)
    if not 0 <= least <= most or not 1 <= most <= 1000:
        yield f"it cannot have {least} to {most} replicas"


def _containers(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    containers = properties["template"]["containers"]
    for container in containers:
        if container["image"].endswith(":latest"):
            yield f"the image of {container['name']} changes by itself: name a digest"
    cores = sum(container["resources"]["cpu"] for container in containers)
    memory = [MEMORY.fullmatch(container["resources"]["memory"]) for container in containers]
    whole = sum(float(found.group(1)) for found in memory if found)
    if cores % 0.25 or whole != cores * 2 or not 0.25 <= cores <= 4 or None in memory:
        yield f"Consumption has no {cores} cores with {whole} Gi: 2 Gi for each core, by quarters"


def _job(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    configuration = properties["configuration"]
    wanted = f"{configuration['triggerType'].lower()}TriggerConfig"
    if not configuration.get(wanted):
        yield f"a job of this trigger wants a {wanted}"
    cron = (configuration.get("scheduleTriggerConfig") or {}).get("cronExpression")
    if cron is not None and not re.fullmatch(CRON, cron):
        yield f"{cron!r} is no cron expression of five fields"


def _server(resource: ResourceValue, properties: dict[str, Any], _: Run) -> Iterator[str]:
    tier = (resource.body.get("sku") or {}).get("tier")
    standby = (properties.get("highAvailability") or {}).get("mode", "Disabled")
    if tier == "Burstable" and standby != "Disabled":
        yield f"the tier {tier} has no standby ({standby})"
    copied = properties.get("createMode", "Default") != "Default"
    if copied and not properties.get("sourceServerResourceId"):
        yield "a copy wants the server it is made of"


def _redis(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    wanted = {"clientProtocol": "Encrypted", "evictionPolicy": "NoEviction"}
    for name, value in wanted.items():
        if properties.get(name) != value:
            yield f"{name} has to be {value}: messages wait in it"
    if properties.get("clusteringPolicy") == "OSSCluster":
        yield "the broker's scripts touch several keys at once, which a cluster refuses"


def _endpoint(resource: ResourceValue, _: dict[str, Any], run: Run) -> Iterator[str]:
    groups = [one for one in run.resources if one.id.startswith(f"{resource.id}/privateDnsZone")]
    zones = {
        config["properties"]["privateDnsZoneId"]
        for group in groups
        for config in group.body["properties"]["privateDnsZoneConfigs"]
    }
    if not zones:
        yield "no DNS zone leads to it"
    for zone in sorted(zones):
        if not any(one.id.startswith(f"{zone}/virtualNetworkLinks/") for one in run.resources):
            yield f"no network sees its zone {zone.rpartition('/')[2]}"


def _group(resource: ResourceValue, _: dict[str, Any], run: Run) -> Iterator[str]:
    attached = [one.get("networkSecurityGroup") or {} for one in subnets(run).values()]
    if resource.id not in [one.get("id") for one in attached]:
        yield "it is attached to no subnet"


def _assignment(_: ResourceValue, properties: dict[str, Any], __: Run) -> Iterator[str]:
    if not properties.get("principalType"):
        yield "without principalType a fresh identity is not found yet"


CHECKS: dict[str, tuple[Check, ...]] = {
    "Microsoft.App/containerApps": (_app, _containers),
    "Microsoft.App/jobs": (_containers, _job),
    "Microsoft.App/managedEnvironments": (_environment,),
    "Microsoft.App/managedEnvironments/daprComponents": (_dapr,),
    "Microsoft.Authorization/roleAssignments": (_assignment,),
    "Microsoft.Cache/redisEnterprise/databases": (_redis,),
    "Microsoft.ContainerRegistry/registries": (_registry, _registry_tier),
    "Microsoft.DBforPostgreSQL/flexibleServers": (_server,),
    "Microsoft.KeyVault/vaults": (_vault,),
    "Microsoft.Network/networkSecurityGroups": (_group,),
    "Microsoft.Network/privateEndpoints": (_endpoint,),
    "Microsoft.Storage/storageAccounts": (_storage,),
    "Microsoft.Storage/storageAccounts/blobServices": (_blob_cors,),
    "Microsoft.Storage/storageAccounts/blobServices/containers": (_container,),
}
