"""Errors of the language: each, planted alone into a clean deployment, is found by its rule.

The first of each group are the deployment guide's own.
"""

from pathlib import Path

import pytest

from tests.infra.planting import plant

MAIN, APPS, VAULT = "main.bicep", "modules/apps.bicep", "modules/key-vault.bicep"
ROLES, STORAGE, PARAMETERS = "modules/roles.bicep", "modules/storage.bicep", "prod.bicepparam"
REGISTRY, IDENTITY = "modules/registry.bicep", "modules/identity.bicep"

# what is planted: file, old, new, and the rule with a part of its message
PLANTED: dict[str, tuple[str, str, str, str, str]] = {
    # --- functions where they cannot stand ---------------------------------------------------
    "utcNow in a variable": (
        MAIN,
        "deployedAt: deployedAt }",
        "deployedAt: utcNow() }",
        "BCP065",
        "tags: utcNow() may only be a parameter's default",
    ),
    "newGuid in a resource": (
        IDENTITY,
        "name: name",
        "name: newGuid()",
        "BCP065",
        "identity: newGuid()",
    ),
    "environment read by a template": (
        MAIN,
        "param imageDigest string",
        "param imageDigest string = readEnvironmentVariable('IMAGE_DIGEST')",
        "BCP338",
        "imageDigest: readEnvironmentVariable()",
    ),
    "loop within concat": (
        APPS,
        "var variables = concat(secretVariables, [",
        "var variables = concat([for n in secretNames: { name: n, secretRef: n }], [",
        "BCP138",
        "variables: a loop cannot stand here",
    ),
    "loop within a ternary": (
        STORAGE,
        "allowedOrigins: origins",
        "allowedOrigins: empty(origins) ? [] : [for one in origins: one]",
        "BCP138",
        "blobs: a loop cannot stand here",
    ),
    "secret of a vault as an expression": (
        ROLES,
        "principalType: 'ServicePrincipal'",
        "principalType: 'ServicePrincipal'\n    description: vault.getSecret('secret-key')",
        "BCP180",
        "getSecret() may only be given to a module's parameter",
    ),
    "file named by a computation": (
        MAIN,
        "{ project: appName,",
        "{ project: loadTextContent('${appName}.txt'),",
        "BCP032",
        "tags: loadTextContent() wants the path as it is",
    ),
    "all of a loop at once": (
        VAULT,
        "output name",
        "output secrets array = vaultSecrets\noutput name",
        "BCP144",
        "all of vaultSecrets cannot be used at once",
    ),
    "index that a lambda gives": (
        VAULT,
        "output name",
        "output ids array = map(range(0, 1), i => vaultSecrets[i].id)\noutput name",
        "BCP247",
        "the index of vaultSecrets comes from a lambda",
    ),
    # --- what has to be known at the start ---------------------------------------------------
    "name from an output of a module": (
        MAIN,
        "name: 'storage'",
        "name: 'storage-${registry.outputs.name}'",
        "BCP120",
        "storage: its name needs registry.outputs",
    ),
    "name from what Azure answers": (
        IDENTITY,
        "output id",
        (
            "resource more 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {\n"
            "  name: 'id-${identity.properties.clientId}'\n  location: location\n}\noutput id"
        ),
        "BCP120",
        "more: its name needs identity.properties",
    ),
    "condition from an output of a module": (
        MAIN,
        "if (!empty(imageDigest))",
        "if (!empty(registry.outputs.loginServer))",
        "BCP177",
        "apps: its condition needs registry.outputs",
    ),
    "condition through a variable": (
        MAIN,
        "module apps 'modules/apps.bicep' = if (!empty(imageDigest))",
        (
            "var there = !empty(registry.outputs.loginServer)\n"
            "module apps 'modules/apps.bicep' = if (there && !empty(imageDigest))"
        ),
        "BCP177",
        "apps: its condition needs registry.outputs",
    ),
    "loop over what Azure answers": (
        IDENTITY,
        "output id",
        (
            "resource more 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = "
            "[for one in split(identity.properties.clientId, '-'): {\n"
            "  name: 'id-${one}'\n  location: location\n}]\noutput id"
        ),
        "BCP178",
        "more: its loop needs identity.properties",
    ),
    "variable that loops over what Azure answers": (
        VAULT,
        "output name",
        (
            "var uris = [for n in range(0, 1): vault.properties.vaultUri]\n"
            "output uris array = uris\noutput name"
        ),
        "BCP182",
        "uris: its loop needs vault.properties",
    ),
    # --- decorators ---------------------------------------------------------------------------
    "secure list": (
        VAULT,
        "param secrets object",
        "param secrets array",
        "decorator",
        "secrets: @secure() cannot stand on the type array",
    ),
    "smallest value of a text": (
        MAIN,
        "@minLength(3)",
        "@minValue(3)",
        "decorator",
        "appName: @minValue() cannot stand on the type string",
    ),
    "values allowed for a resource": (
        IDENTITY,
        "resource identity",
        "@allowed(['a'])\nresource identity",
        "decorator",
        "identity: @allowed() cannot stand on a Resource",
    ),
    "batches without a loop": (
        IDENTITY,
        "resource identity",
        "@batchSize(1)\nresource identity",
        "decorator",
        "@batchSize() is for loops",
    ),
    "decorator that does not exist": (
        IDENTITY,
        "param name string",
        "@secret()\nparam name string",
        "decorator",
        "unknown decorator @secret()",
    ),
    "secure parameter with a default": (
        MAIN,
        "param secretKey string",
        "param secretKey string = 'change-me'",
        "secure-parameter-default",
        "secretKey",
    ),
    "default against its own limits": (
        VAULT,
        "softDeleteRetentionInDays int = 90",
        "softDeleteRetentionInDays int = 91",
        "evaluation",
        "softDeleteRetentionInDays is 91, against @maxValue(90)",
    ),
    "value that is not allowed": (
        PARAMETERS,
        "'prod'",
        "'dr'",
        "evaluation",
        "environment is 'dr', against @allowed",
    ),
    # --- names --------------------------------------------------------------------------------
    "unknown symbol": (MAIN, "name: 'kv-${suffix}'", "name: 'kv-${sufix}'", "BCP057", "sufix"),
    "unknown function": (MAIN, "!empty(imageDigest)", "!isEmpty(imageDigest)", "BCP057", "isEmpty"),
    "unknown type": (IDENTITY, "tags object", "tags dictionary", "BCP302", "dictionary"),
    "too many arguments": (
        MAIN,
        "empty(imageDigest)",
        "empty(imageDigest, 1)",
        "BCP071",
        "empty() takes 1 to 1",
    ),
    "function hidden by a parameter": (
        MAIN,
        "'https://dev.talenti.app'",
        "environment().portal",
        "BCP265",
        "environment is a Param here; write az.environment()",
    ),
    "declared twice": (MAIN, "var suffix", "var suffix = ''\nvar suffix", "BCP028", "suffix"),
    "unused variable": (
        MAIN,
        "var suffix",
        "var locationShort = 'aue'\nvar suffix",
        "unused",
        "locationShort",
    ),
    "unused parameter": (
        IDENTITY,
        "param name",
        "param sku string = ''\nparam name",
        "unused",
        "sku",
    ),
    "unused resource that exists": (
        ROLES,
        "resource pull",
        (
            "resource other 'Microsoft.KeyVault/vaults@2026-05-15' existing = {\n"
            "  name: 'kv-o'\n}\nresource pull"
        ),
        "unused",
        "other",
    ),
    "name that refers to itself": (
        MAIN,
        "var suffix = '",
        "var suffix = '${suffix}",
        "evaluation",
        "refers to itself",
    ),
    # --- what the linter warns of -------------------------------------------------------------
    "address of the public cloud": (
        MAIN,
        "'https://dev.talenti.app'",
        "'https://sttalenti.blob.core.windows.net'",
        "no-hardcoded-env-urls",
        "core.windows.net is environment()'s to say",
    ),
    "secret that is not secure": (
        MAIN,
        "param imageDigest string\n",
        "param imageDigest string\nparam jwtSecret string = imageDigest\n",
        "secure-secrets-in-params",
        "jwtSecret",
    ),
    "dependency that is there anyway": (
        MAIN,
        "dependsOn: [roles]",
        "dependsOn: [roles, storage]",
        "no-unnecessary-dependson",
        "apps: it waits for storage anyway",
    ),
    "location that is written down": (
        IDENTITY,
        "location: location",
        "location: 'australiaeast'",
        "no-hardcoded-location",
        "identity",
    ),
    "location of the group": (
        IDENTITY,
        "location: location",
        "location: resourceGroup().location",
        "no-loc-expr-outside-params",
        "identity",
    ),
    "name in a string for itself": (
        IDENTITY,
        "name: name",
        "name: '${name}'",
        "simplify-interpolation",
        "identity",
    ),
    "concat of texts": (
        MAIN,
        "'kv-${suffix}'",
        "concat('kv-', suffix)",
        "prefer-interpolation",
        "keyVault",
    ),
    "quotes around a name": (
        IDENTITY,
        "tags: tags",
        "'tags': tags",
        "prefer-unquoted-property-names",
        "tags needs no quotes",
    ),
    # --- modules ------------------------------------------------------------------------------
    "module that does not exist": (
        MAIN,
        "'modules/roles.bicep'",
        "'modules/role-assignments.bicep'",
        "BCP091",
        "roles: there is no modules/role-assignments.bicep",
    ),
    "parameter that is missing": (
        MAIN,
        "    suffix: suffix\n",
        "",
        "BCP035",
        "apps: the parameter suffix of modules/apps.bicep is missing",
    ),
    "parameter that does not exist": (
        MAIN,
        "    suffix: suffix\n",
        "    suffix: suffix\n    imageTag: 'latest'\n",
        "BCP037",
        "apps: modules/apps.bicep has no parameter imageTag",
    ),
    "parameter of another type": (
        MAIN,
        "mostReplicas: sizes[environment].most",
        "mostReplicas: string(sizes[environment].most)",
        "evaluation",
        "mostReplicas wants int, is '10'",
    ),
    "output that does not exist": (
        MAIN,
        "registry.outputs.loginServer\n",
        "registry.outputs.server\n",
        "BCP053",
        "modules/registry.bicep has no output server",
    ),
    "output of another type": (
        IDENTITY,
        "output id string",
        "output id int",
        "evaluation",
        "output id wants int",
    ),
    "module with a property of resources": (
        MAIN,
        "  name: 'roles'\n",
        "  name: 'roles'\n  location: location\n",
        "BCP037",
        "roles: a module has no location",
    ),
    "parameters that are not written one by one": (
        MAIN,
        "  params: { name: 'id-${suffix}', location: location, tags: tags }\n",
        "  params: union({ name: 'id-${suffix}' }, { location: location, tags: tags })\n",
        "BCP183",
        "identity: parameters are written one by one",
    ),
    "template that does not exist": (
        PARAMETERS,
        "using 'main.bicep'",
        "using '../main.bicep'",
        "BCP278",
        "uses ../main.bicep, which does not exist",
    ),
    "parameter without a type": (
        IDENTITY,
        "param name string",
        "param name = 'x'",
        "BCP014",
        "name",
    ),
    "parameter that no file gives": (
        PARAMETERS,
        "param secretKey = readEnvironmentVariable('SECRET_KEY')\n",
        "",
        "BCP258",
        "the parameter secretKey of main.bicep is missing",
    ),
    "parameter that no template has": (
        PARAMETERS,
        "using 'main.bicep'\n",
        "using 'main.bicep'\nparam region = 'aue'\n",
        "BCP259",
        "main.bicep has no parameter region",
    ),
    "variable of the shell that is not set": (
        PARAMETERS,
        "'SECRET_KEY'",
        "'SECRETKEY'",
        "evaluation",
        "the variable SECRETKEY is not set",
    ),
    "property that does not exist": (
        MAIN,
        ".most\n",
        ".maxReplicas\n",
        "evaluation",
        "no property 'maxReplicas'",
    ),
    "output of a module that is not deployed": (
        MAIN,
        "module roles 'modules/roles.bicep' =",
        (
            "output sizes string = migrated.outputs.id\nmodule migrated 'modules/identity.bicep' = "
            "if (empty(imageDigest)) {\n  name: 'migrated'\n"
            "  params: { name: 'id-m', location: location, tags: tags }\n}\n"
            "module roles 'modules/roles.bicep' ="
        ),
        "evaluation",
        "migrated is not deployed",
    ),
    # --- shape --------------------------------------------------------------------------------
    "child below another type": (
        STORAGE,
        "parent: account",
        "parent: blobs",
        "BCP036",
        "blobs: its parent",
    ),
    "names without their parents": (
        STORAGE,
        "  parent: blobs\n",
        "",
        "evaluation",
        "has 3 names, not 1",
    ),
    "dependency that is no resource": (
        MAIN,
        "dependsOn: [roles]",
        "dependsOn: [suffix]",
        "BCP034",
        "apps: dependsOn",
    ),
    "resource without a version": (
        IDENTITY,
        "@2024-11-30'",
        "'",
        "BCP029",
        "identity has no API version",
    ),
    "bracket that is not closed": (MAIN, "dependsOn: [roles]", "dependsOn: [roles", "syntax", ""),
    "comma that is not there": (
        IDENTITY,
        "name: name\n",
        "name: name location: location\n",
        "syntax",
        "",
    ),
    "text that is not closed": (MAIN, "'kv-${suffix}'", "'kv-${suffix}", "syntax", "not closed"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_error_is_found(planted: str, tmp_path: Path) -> None:
    name, old, new, rule, message = PLANTED[planted]

    found = plant(tmp_path, name, old, new)

    assert [one for one in found if one.rule == rule and message in one.message] != []


def test_clean_deployment_has_no_findings(tmp_path: Path) -> None:
    assert plant(tmp_path) == []
