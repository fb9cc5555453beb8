"""What Azure would refuse or leave open: each error, planted alone, is found by its rule.

The first of each group are the deployment guide's own.
"""

from pathlib import Path

import pytest

from tests.infra.planting import plant

MAIN, APPS, VAULT = "main.bicep", "modules/apps.bicep", "modules/key-vault.bicep"
ROLES, STORAGE, PARAMETERS = "modules/roles.bicep", "modules/storage.bicep", "prod.bicepparam"
REGISTRY, IDENTITY, NETWORK = (
    "modules/registry.bicep",
    "modules/identity.bicep",
    "modules/network.bicep",
)
ENVIRONMENT = "modules/apps-environment.bicep"
CORS = "ingress: {\n        corsPolicy: { allowedOrigins: ['*'], allowCredentials: true }\n"
DAPR = """
resource store 'Microsoft.App/managedEnvironments/daprComponents@2026-07-01' = {
  parent: appsEnvironment
  name: 'statestore'
  properties: { componentType: 'state.redis', version: 'v1', scopes: ['ca-api-*'] }
}
"""
ENDPOINT = """
resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: 'pe-vault'
  location: location
  properties: { subnet: { id: network.properties.subnets[0].id } }
}
"""
ZONE = """
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}

resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone.id } }]
  }
}
"""
JOB = """
resource job 'Microsoft.App/jobs@2026-07-01' = {
  name: 'caj-sweep'
  location: location
  properties: {
    environmentId: environmentId
    configuration: {
      triggerType: 'Schedule'
      replicaTimeout: 60
      scheduleTriggerConfig: { cronExpression: 'CRON' }
    }
    template: {
      containers: [
        { name: 'api', image: image, args: ['api'], resources: { cpu: json('0.5'), memory: '1Gi' } }
      ]
    }
  }
}
"""
CACHE = """
resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: 'redis'
  location: location
  sku: { name: 'Balanced_B0' }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cache
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    evictionPolicy: 'EVICTION'
    clusteringPolicy: 'CLUSTERING'
  }
}
"""
SERVER = """
resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2026-10-01' = {
  name: 'psql'
  location: location
  sku: { name: 'Standard_B2s', tier: 'Burstable' }
  properties: { createMode: 'MODE', highAvailability: { mode: 'ZoneRedundant' } }
}
"""

# what is planted: file, old, new, and the rule with a part of its message
PLANTED: dict[str, tuple[str, str, str, str, str]] = {
    # --- what the client packages know ---------------------------------------------------------
    "bool for the registry's zones": (
        REGISTRY,
        "zoneRedundant ? 'Enabled' : 'Disabled'",
        "zoneRedundant",
        "oracle",
        "body.properties.zoneRedundancy is True, not one of",
    ),
    "preview of an interface": (
        ENVIRONMENT,
        "@2026-07-01",
        "@2023-11-02-preview",
        "oracle-version",
        "API version 2023-11-02-preview; the oracle is of 2026-07-01",
    ),
    "property that does not exist": (
        STORAGE,
        "supportsHttpsTrafficOnly",
        "supportHttpsTrafficOnly",
        "oracle",
        "body.properties.supportHttpsTrafficOnly is unknown",
    ),
    "property that Azure requires": (
        VAULT,
        "    tenantId: subscription().tenantId\n",
        "",
        "oracle",
        "body.properties.tenantId is required",
    ),
    "location that is missing": (
        IDENTITY,
        "  location: location\n",
        "",
        "oracle",
        "body.location is required",
    ),
    "property that can only be read": (
        REGISTRY,
        "    adminUserEnabled: false\n",
        "    adminUserEnabled: false\n    loginServer: 'x.azurecr.io'\n",
        "oracle",
        "body.properties.loginServer is read-only",
    ),
    "text for a bool": (
        STORAGE,
        "allowBlobPublicAccess: false",
        "allowBlobPublicAccess: 'false'",
        "oracle",
        "allowBlobPublicAccess is 'false', not bool",
    ),
    "value that does not exist": (
        STORAGE,
        "'TLS1_2'",
        "'TLS9'",
        "oracle",
        "minimumTlsVersion is 'TLS9', not one of",
    ),
    "cores as text": (
        APPS,
        "cpu: json('0.5')",
        "cpu: '0.5'",
        "oracle",
        "resources.cpu is '0.5', not number",
    ),
    "one thing for a list": (
        NETWORK,
        "addressPrefixes: ['10.0.0.0/16']",
        "addressPrefixes: '10.0.0.0/16'",
        "oracle",
        "addressPrefixes is '10.0.0.0/16', not a list",
    ),
    "text for an object": (
        VAULT,
        "{ family: 'A', name: 'standard' }",
        "'standard'",
        "oracle",
        "sku",
    ),
    "tags where there are none": (
        ROLES,
        "  scope: registry\n",
        "  scope: registry\n  tags: {}\n",
        "oracle",
        "body.tags is unknown",
    ),
    "type that no package describes": (
        IDENTITY,
        "output id",
        (
            "resource link 'Microsoft.Portal/dashboards@2020-09-01' = {\n  name: 'd'\n"
            "  location: location\n}\noutput id"
        ),
        "oracle",
        "no oracle knows this type, and it is not listed",
    ),
    # --- names and places ------------------------------------------------------------------------
    "registry with hyphens": (
        MAIN,
        "'acr${appName}${environment}'",
        "'acr-${appName}-${environment}'",
        "names",
        "'acr-talenti-prod'",
    ),
    "storage account with hyphens": (
        MAIN,
        "'st${appName}${environment}aue'",
        "'st-${appName}-${environment}-aue'",
        "names",
        "'st-talenti-prod-aue'",
    ),
    "vault of 25 characters": (
        MAIN,
        "'kv-${suffix}'",
        "'vault-${suffix}-123'",
        "evaluation",
        "against @maxLength(24)",
    ),
    "app of 33 characters": (
        APPS,
        "'ca-worker-${suffix}'",
        "'ca-background-12-${suffix}'",
        "names",
        "'ca-background-12-talenti-prod-aue' (33)",
    ),
    "region that does not exist": (
        MAIN,
        "string = resourceGroup().location",
        "string = 'australia-east'",
        "regions",
        "it cannot be in 'australia-east'",
    ),
    "two deployments of one name": (
        MAIN,
        "name: 'roles'",
        "name: 'storage'",
        "names",
        "two deployments",
    ),
    "one resource made twice": (
        APPS,
        "'ca-worker-${suffix}'",
        "'ca-api-${suffix}'",
        "names",
        "made twice",
    ),
    "deployment named with a space": (
        MAIN,
        "name: 'roles'",
        "name: 'the roles'",
        "names",
        "'the roles'",
    ),
    # --- what Azure takes and should not be given ------------------------------------------------
    "zones without a subnet": (
        ENVIRONMENT,
        "    vnetConfiguration: { infrastructureSubnetId: subnetId }\n",
        "",
        "posture",
        "zoneRedundant needs an infrastructureSubnetId",
    ),
    "subnet that is not delegated": (
        NETWORK,
        "Microsoft.App/environments",
        "Microsoft.Web/serverFarms",
        "posture",
        "delegated to ['Microsoft.Web/serverFarms']",
    ),
    "no protection against purge": (
        VAULT,
        "enablePurgeProtection: true",
        "enablePurgeProtection: false",
        "posture",
        "enablePurgeProtection can only be true",
    ),
    "soft delete turned off": (
        VAULT,
        "enableSoftDelete: true",
        "enableSoftDelete: false",
        "posture",
        "soft delete cannot be turned off",
    ),
    "state store for a pattern of apps": (
        ENVIRONMENT,
        "\noutput id",
        f"{DAPR}\noutput id",
        "posture",
        "the scope ca-api-* is the name of one app",
    ),
    "worker that scales on requests": (
        APPS,
        "custom: {\n              type: 'redis'\n",
        "http: {\n",
        "posture",
        "it scales on requests and has no ingress",
    ),
    "every site with credentials": (
        APPS,
        "ingress: {\n",
        CORS,
        "posture",
        "lets every site in with",
    ),
    "every site at the blobs": (
        STORAGE,
        "origins\n          allowedM",
        "['*']\n          allowedM",
        "posture",
        "lets every site in",
    ),
    "image that changes by itself": (
        MAIN,
        "@${imageDigest}'",
        ":latest'",
        "posture",
        "name a digest",
    ),
    "account keys": (
        STORAGE,
        "    allowSharedKeyAccess: false\n",
        "",
        "posture",
        "allowSharedKeyAccess",
    ),
    "public container": (STORAGE, "'None'", "'Blob'", "posture", "its publicAccess has to be None"),
    "admin of the registry": (
        REGISTRY,
        "adminUserEnabled: false",
        "adminUserEnabled: true",
        "posture",
        "admin user",
    ),
    "zones in a small registry": (
        REGISTRY,
        "'Premium'",
        "'Basic'",
        "posture",
        "zones need the tier Premium",
    ),
    "group that guards nothing": (
        NETWORK,
        "          networkSecurityGroup: { id: group.id }\n",
        "",
        "posture",
        "attached to no subnet",
    ),
    "weights of 90": (APPS, "weight: 100", "weight: 90", "posture", "do not add up to 100"),
    "memory that does not fit the cores": (
        APPS,
        "memory: '1Gi'",
        "memory: '2Gi'",
        "posture",
        "Consumption has no 0.5 cores with 2.0 Gi",
    ),
    "fewer replicas than the least": (
        MAIN,
        "prod: { most: 10 }",
        "prod: { most: 0 }",
        "evaluation",
        "against @minValue(1)",
    ),
    "role for an unknown kind": (
        ROLES,
        "    principalType: 'ServicePrincipal'\n",
        "",
        "posture",
        "principalType",
    ),
    "policies in the place of roles": (
        VAULT,
        "    enableRbacAuthorization: true\n",
        "",
        "posture",
        "roles decide who reads",
    ),
    "days that the vault does not know": (
        VAULT,
        "softDeleteRetentionInDays: softDeleteRetentionInDays",
        "softDeleteRetentionInDays: softDeleteRetentionInDays + 1",
        "posture",
        "softDeleteRetentionInDays is from 7 to 90",
    ),
    "requests without TLS": (
        APPS,
        "external: true",
        "allowInsecure: true",
        "posture",
        "takes requests without TLS",
    ),
    "subnet that is not there": (
        NETWORK,
        "/subnets/snet-container-apps'",
        "/subnets/snet-apps'",
        "posture",
        "subnets/snet-apps is not made here",
    ),
    "fewer replicas than always run": (
        APPS,
        "minReplicas: 1",
        "minReplicas: 11",
        "posture",
        "it cannot have 11 to 10 replicas",
    ),
    "identity that is not there": (
        MAIN,
        "identityId: identity.outputs.id",
        "identityId: '${identity.outputs.id}-2'",
        "posture",
        "is not made here",
    ),
    "endpoint without a zone": (
        NETWORK,
        "\noutput",
        f"{ENDPOINT}\noutput",
        "posture",
        "no DNS zone leads to it",
    ),
    "zone that no network sees": (
        NETWORK,
        "\noutput",
        f"{ENDPOINT}{ZONE}\noutput",
        "posture",
        "no network sees its zone privatelink.vaultcore.azure.net",
    ),
    "cron of four fields": (
        APPS,
        "\nresource worker",
        f"{JOB.replace('CRON', '*/2 * * *')}\nresource worker",
        "posture",
        "'*/2 * * *' is no cron expression",
    ),
    "job without its trigger": (
        APPS,
        "\nresource worker",
        f"{JOB.replace('Schedule', 'Manual', 1)}\nresource worker",
        "posture",
        "wants a manualTriggerConfig",
    ),
    "cache that drops messages": (
        STORAGE,
        "\noutput",
        f"{CACHE.replace('EVICTION', 'AllKeysLRU').replace('CLUSTERING', 'NoCluster')}\noutput",
        "posture",
        "evictionPolicy has to be NoEviction",
    ),
    "cache as a cluster": (
        STORAGE,
        "\noutput",
        f"{CACHE.replace('EVICTION', 'NoEviction').replace('CLUSTERING', 'OSSCluster')}\noutput",
        "posture",
        "which a cluster refuses",
    ),
    "standby of the smallest tier": (
        STORAGE,
        "\noutput",
        f"{SERVER.replace('MODE', 'Default')}\noutput",
        "posture",
        "the tier Burstable has no standby",
    ),
    "copy of no server": (
        STORAGE,
        "\noutput",
        f"{SERVER.replace('MODE', 'Replica')}\noutput",
        "posture",
        "a copy wants the server it is made of",
    ),
    # --- identity and order ----------------------------------------------------------------------
    "no role to read the vault": (
        ROLES,
        "'4633458b-17de-408a-b874-0445c86b69e6'",
        "'21090545-7ca7-4776-b22c-e363652d74d2'",
        "roles",
        "its identity has no role Key Vault Secrets User on kv-talenti-prod-aue",
    ),
    "no role to pull": (
        ROLES,
        "'7f951dda-4ed3-4680-a7ca-43fe172d538d'",
        "'8311e382-0749-4cb8-b61a-304f252e45ec'",
        "roles",
        "its identity has no role AcrPull on acrtalentiprod",
    ),
    "roles beside the apps": (
        MAIN,
        "  dependsOn: [roles]\n",
        "",
        "ordering",
        "nothing makes it wait for its role AcrPull",
    ),
    "identity that the app does not have": (
        APPS,
        "registries: [{ server: registryServer, identity: identityId }]",
        "registries: [{ server: registryServer, identity: environmentId }]",
        "roles",
        "it uses an identity that it does not have",
    ),
    "registry that is not there": (
        MAIN,
        "registryServer: registry.outputs.loginServer",
        "registryServer: 'ghcr.io'",
        "roles",
        "its registry ghcr.io is not in this deployment",
    ),
    # --- secrets ---------------------------------------------------------------------------------
    "keys of an account in an output": (
        STORAGE,
        "\noutput containers",
        "\noutput key string = account.listKeys().keys[0].value\noutput containers",
        "outputs-should-not-contain-secrets",
        "the output key tells listKeys()",
    ),
    "connection string in an output": (
        ENVIRONMENT,
        "output id",
        "output text string = appsEnvironment.properties.daprAIConnectionString\noutput id",
        "outputs-should-not-contain-secrets",
        "the output text tells daprAIConnectionString",
    ),
    "secure parameter in an output": (
        MAIN,
        "output vaultName string = ",
        "output secret string = 'x${secretKey}'\noutput vaultName string = ",
        "outputs-should-not-contain-secrets",
        "the output secret tells the secure parameter secretKey",
    ),
    "secret in a parameter that is shown": (
        VAULT,
        "@secure()\nparam secrets object",
        "param secrets object",
        "secrets",
        "the parameter secrets is given a secret and is not secure",
    ),
    "secret in a tag": (
        MAIN,
        "deployedAt: deployedAt }",
        "deployedAt: secretKey }",
        "secrets",
        "tags.deployedAt holds a secret",
    ),
    "plain setting kept as a secret": (
        VAULT,
        "for secret in items(secrets)",
        "for secret in [{ key: 'jwt-issuer', value: 'talenti' }]",
        "secrets",
        "jwt-issuer: the template shows what it keeps",
    ),
    # --- the application -------------------------------------------------------------------------
    "secret named as the guide derives it": (
        APPS,
        "name: toUpper(replace(name, '-', '_'))",
        "name: 'APP_${toUpper(replace(name, '-', '_'))}'",
        "variables",
        "api: the application reads no APP_SECRET_KEY",
    ),
    "variable that nobody reads": (
        APPS,
        "'AZURE_STORAGE_CONTAINER'",
        "'AZURE_STORAGE_SAS_TTL'",
        "variables",
        "the application reads no AZURE_STORAGE_SAS_TTL",
    ),
    "variable given twice": (
        APPS,
        "var variables = concat(secretVariables, [",
        "var variables = concat(secretVariables, secretVariables, [",
        "variables",
        "SECRET_KEY is given twice",
    ),
    "secret that the app does not have": (
        APPS,
        "secretRef: name",
        "secretRef: 'jwt-secret'",
        "secrets",
        "it has no secret jwt-secret",
    ),
    "path of the older guide": (
        APPS,
        "path: '/health'",
        "path: '/health/live'",
        "probes",
        "nothing answers /health/live",
    ),
    "port of the api for the worker": (
        APPS,
        "port: 8001",
        "port: 8000",
        "probes",
        "worker: it listens on 8001",
    ),
    "ingress to another port": (
        APPS,
        "targetPort: 8000",
        "targetPort: 80",
        "probes",
        "its port is 80",
    ),
    "queue of another broker": (
        APPS,
        "'dramatiq:default'",
        "'celery'",
        "queues",
        "it scales on ['celery']",
    ),
    "scaler without an address": (
        APPS,
        "address: 'cache:6380', ",
        "",
        "queues",
        "redis has ['listLength', 'listName']; it wants",
    ),
    "scaler that nobody knows": (
        APPS,
        "type: 'redis'",
        "type: 'azure-servicebus'",
        "queues",
        "the scaler azure-servicebus is not known",
    ),
    "command that the image does not know": (
        APPS,
        "args: ['worker']",
        "args: ['celery']",
        "commands",
        "'celery'",
    ),
    "container that nothing makes": (
        APPS,
        "value: recordings",
        "value: 'recordings'",
        "files",
        "AZURE_STORAGE_CONTAINER names 'recordings', which nothing makes",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_error_is_found(planted: str, tmp_path: Path) -> None:
    name, old, new, rule, message = PLANTED[planted]

    found = plant(tmp_path, name, old, new)

    assert [one for one in found if one.rule == rule and message in one.message] != []
