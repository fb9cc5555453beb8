"""Names as each type of resource wants them: lengths, characters, and places that exist.

Rules are those of Microsoft's page "Naming rules and restrictions for Azure resources".
"""

import re
from collections import Counter
from collections.abc import Iterator

from tests.infra.bicep.results import ResourceValue, Run
from tests.infra.bicep.values import Finding, is_runtime

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WORDS = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,{0}}}[A-Za-z0-9_])?"
HYPHENS = r"[A-Za-z0-9](?:[A-Za-z0-9-]{{{0},{1}}}[A-Za-z0-9])"
APP = r"[a-z](?!.*--)[a-z0-9-]{0,30}[a-z0-9]"
TEXT = r"[^*#&+:<>?@%{}\\/|]{0,259}[^*#&+:<>?@%{}\\/| .]"
DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}"
RULES: dict[str, str] = {
    "Microsoft.App/containerApps": APP,
    "Microsoft.App/jobs": APP,
    "Microsoft.App/managedEnvironments": r"[a-z](?!.*--)[a-z0-9-]{0,58}[a-z0-9]",
    "Microsoft.App/managedEnvironments/certificates": WORDS.format(258),
    "Microsoft.App/managedEnvironments/daprComponents": APP,
    "Microsoft.App/managedEnvironments/managedCertificates": WORDS.format(258),
    "Microsoft.Authorization/roleAssignments": GUID,
    "Microsoft.Authorization/roleDefinitions": GUID,
    "Microsoft.Cache/redisEnterprise": r"(?!.*--)[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]",
    "Microsoft.Cache/redisEnterprise/databases": "default",
    "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments": r"[A-Za-z0-9-]{1,60}",
    "Microsoft.CognitiveServices/accounts": HYPHENS.format(0, 62),
    "Microsoft.CognitiveServices/accounts/deployments": r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}",
    "Microsoft.CognitiveServices/accounts/raiPolicies": r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}",
    "Microsoft.Communication/communicationServices": r"[A-Za-z0-9-]{1,63}",
    "Microsoft.Communication/communicationServices/smtpUsernames": r"[A-Za-z0-9-]{1,63}",
    "Microsoft.Communication/emailServices": r"[A-Za-z0-9-]{1,63}",
    "Microsoft.Communication/emailServices/domains": rf"AzureManagedDomain|{DOMAIN}",
    "Microsoft.Communication/emailServices/domains/senderUsernames": r"[A-Za-z0-9._-]{1,63}",
    "Microsoft.Consumption/budgets": r"[A-Za-z0-9_-]{1,63}",
    "Microsoft.ContainerRegistry/registries": r"[A-Za-z0-9]{5,50}",
    "Microsoft.ContainerRegistry/registries/replications": r"[A-Za-z0-9]{5,50}",
    "Microsoft.DBforPostgreSQL/flexibleServers": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "Microsoft.DBforPostgreSQL/flexibleServers/administrators": GUID,
    "Microsoft.DBforPostgreSQL/flexibleServers/configurations": r"[a-z0-9_.]{1,128}",
    "Microsoft.DBforPostgreSQL/flexibleServers/databases": r"[A-Za-z_][A-Za-z0-9_-]{0,62}",
    "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules": r"[A-Za-z0-9_-]{1,128}",
    "Microsoft.EventGrid/eventSubscriptions": r"[A-Za-z0-9-]{3,64}",
    "Microsoft.EventGrid/systemTopics": r"[A-Za-z0-9-]{3,50}",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": r"[A-Za-z0-9-]{3,64}",
    "Microsoft.Insights/actionGroups": TEXT,
    "Microsoft.Insights/activityLogAlerts": TEXT,
    "Microsoft.Insights/components": r"[^%&\\?/]{0,259}[^%&\\?/ .]",
    "Microsoft.Insights/metricAlerts": TEXT,
    "Microsoft.Insights/scheduledQueryRules": TEXT,
    "Microsoft.Insights/webtests": r"[^%&\\?/<>]{0,259}[^%&\\?/<> .]",
    "Microsoft.Insights/workbooks": GUID,
    "Microsoft.KeyVault/vaults": r"[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    "Microsoft.KeyVault/vaults/secrets": r"[A-Za-z0-9-]{1,127}",
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": (
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}"
    ),
    "Microsoft.Network/natGateways": WORDS.format(78),
    "Microsoft.Network/networkSecurityGroups": WORDS.format(78),
    "Microsoft.Network/privateDnsZones": DOMAIN,
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": WORDS.format(78),
    "Microsoft.Network/privateEndpoints": rf"(?=.{{2,64}}$){WORDS.format(62)}",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": WORDS.format(78),
    "Microsoft.Network/publicIPAddresses": WORDS.format(78),
    "Microsoft.Network/virtualNetworks": rf"(?=.{{2,64}}$){WORDS.format(62)}",
    "Microsoft.Network/virtualNetworks/subnets": WORDS.format(78),
    "Microsoft.OperationalInsights/queryPacks": HYPHENS.format(2, 61),
    "Microsoft.OperationalInsights/queryPacks/queries": GUID,
    "Microsoft.OperationalInsights/workspaces": HYPHENS.format(2, 61),
    "Microsoft.OperationalInsights/workspaces/savedSearches": r"[A-Za-z0-9-]{1,63}",
    "Microsoft.Storage/storageAccounts": r"[a-z0-9]{3,24}",
    "Microsoft.Storage/storageAccounts/blobServices": "default",
    "Microsoft.Storage/storageAccounts/blobServices/containers": (
        r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
    ),
    "Microsoft.Storage/storageAccounts/managementPolicies": "default",
    "Microsoft.Storage/storageAccounts/queueServices": "default",
    "Microsoft.Storage/storageAccounts/queueServices/queues": (
        r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
    ),
}
DEPLOYMENT = r"[A-Za-z0-9_.()-]{1,64}"
# They have no region of their own.
GLOBAL = {
    "Microsoft.Communication/communicationServices",
    "Microsoft.Communication/emailServices",
    "Microsoft.Communication/emailServices/domains",
    "Microsoft.Insights/actionGroups",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/activityLogAlerts",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
}
# A topic of what a resource tells is where that resource is.
FOLLOWING = {"Microsoft.EventGrid/systemTopics"}
REGIONS = set(
    re.findall(
        r"\w+",
        """
    australiacentral australiaeast australiasoutheast brazilsouth canadacentral canadaeast
    centralindia centralus eastasia eastus eastus2 francecentral germanywestcentral indonesiacentral
    israelcentral italynorth japaneast japanwest koreacentral malaysiawest mexicocentral
    newzealandnorth northcentralus northeurope norwayeast polandcentral qatarcentral
    southafricanorth southcentralus southeastasia southindia spaincentral swedencentral
    switzerlandnorth uaenorth uksouth ukwest westcentralus westeurope westus westus2 westus3
    """,
    )
)


def check_names(run: Run) -> Iterator[Finding]:
    for resource in run.resources:
        yield from _name(resource)
        yield from _location(resource)
    yield from _twice(run)
    for module in run.modules:
        if not re.fullmatch(DEPLOYMENT, module.name):
            message = f"{module.name!r} cannot be the name of a deployment"
            yield Finding(module.template.shown, module.declaration.line, "names", message)


def _name(resource: ResourceValue) -> Iterator[Finding]:
    name = resource.name.rpartition("/")[2]
    rule = RULES.get(resource.type)
    if rule is None:
        yield resource.finding("names", "there is no rule for names of this type")
    elif not is_runtime(name) and not re.fullmatch(rule, name):
        yield resource.finding("names", f"{name!r} ({len(name)}) is not {rule}")


def _location(resource: ResourceValue) -> Iterator[Finding]:
    location = resource.body.get("location")
    if not isinstance(location, str) or is_runtime(location):
        return
    wanted = {"global"} if resource.type in GLOBAL else REGIONS
    if resource.type in FOLLOWING:
        wanted = {"global"} | REGIONS
    if location.lower() not in wanted:
        yield resource.finding("regions", f"it cannot be in {location!r}")


def _twice(run: Run) -> Iterator[Finding]:
    """Two resources or two deployments of one name would overwrite each other."""
    made = [one for one in run.resources if not one.existing]
    counts = Counter(one.id.lower() for one in made)
    for resource in made:
        if counts[resource.id.lower()] > 1:
            yield resource.finding("names", "it is made twice")
    deployments = Counter((m.template.place.group_id, m.name) for m in run.modules)
    for module in run.modules:
        if deployments[module.template.place.group_id, module.name] > 1:
            message = f"two deployments are named {module.name!r}"
            yield Finding(module.template.shown, module.declaration.line, "names", message)
