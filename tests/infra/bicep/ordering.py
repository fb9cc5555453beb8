"""What is deployed before what, across modules; and roles that are there before they are used."""

from collections.abc import Iterator

from tests.infra.bicep.deployment import Template
from tests.infra.bicep.results import ResourceValue, Run
from tests.infra.bicep.scopes import depends_on
from tests.infra.bicep.secrets import secret_named
from tests.infra.bicep.values import Finding

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
RUNNING = ("Microsoft.App/containerApps", "Microsoft.App/jobs")
ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
Step = tuple[Template, str]


def precedes(first: ResourceValue, second: ResourceValue) -> bool:
    """Whether the template itself makes the second wait for the first."""
    for (template, one), (other, two) in zip(_steps(first), _steps(second), strict=False):
        if template is not other:
            return False
        if one != two:
            return one in depends_on(template.file.deployed()[two], template.file)
    return False


def _steps(resource: ResourceValue) -> tuple[Step, ...]:
    return (*resource.template.chain, (resource.template, resource.declaration.name))


def check_roles(run: Run) -> Iterator[Finding]:
    """Every app can pull its image and read its secrets from its very first moment."""
    for app in running(run):
        configuration = app.body["properties"].get("configuration") or {}
        for registry in configuration.get("registries") or []:
            yield from _pulls(run, app, registry)
        for secret in configuration.get("secrets") or []:
            if "keyVaultUrl" in secret:
                yield from _reads(run, app, secret)


def running(run: Run) -> list[ResourceValue]:
    return [one for one in run.resources if one.type in RUNNING and not one.existing]


def _pulls(run: Run, app: ResourceValue, registry: dict[str, str]) -> Iterator[Finding]:
    server = registry["server"]
    account = _owner(server, run, "Microsoft.ContainerRegistry/registries")
    if account is None:
        yield app.finding("roles", f"its registry {server} is not in this deployment")
        return
    yield from _granted(run, app, registry["identity"], (ACR_PULL, "AcrPull"), account)


def _reads(run: Run, app: ResourceValue, secret: dict[str, str]) -> Iterator[Finding]:
    address, _, name = secret["keyVaultUrl"].rpartition("secrets/")
    vault = _owner(address, run, "Microsoft.KeyVault/vaults")
    if vault is None:
        yield app.finding("roles", f"the vault of {name} is not in this deployment")
        return
    role = KEY_VAULT_SECRETS_USER, "Key Vault Secrets User"
    yield from _granted(run, app, secret["identity"], role, vault)
    made = secret_named(run, address, name)
    if made is not None and not precedes(made, app):
        yield app.finding("ordering", f"nothing makes it wait for the secret {name}")


def _owner(address: str, run: Run, kind: str) -> str | None:
    """Return the id of the resource at this address."""
    ids = {one.id: one.name for one in run.resources if one.type == kind}
    within = address.removeprefix("⟦").partition("#")[0]
    by_name = (found for found, name in ids.items() if address.startswith(f"{name}."))
    return within if within in ids else next(by_name, None)


def _granted(
    run: Run, app: ResourceValue, identity: str, role: tuple[str, str], scope: str
) -> Iterator[Finding]:
    known = app.body.get("identity", {}).get("userAssignedIdentities", {})
    if identity != "system" and identity not in known:
        yield app.finding("roles", f"it uses an identity that it does not have: {identity}")
    found = [one for one in run.resources if _is_grant(one, identity, role[0], scope)]
    if not found:
        yield app.finding("roles", f"its identity has no role {role[1]} on {scope.split('/')[-1]}")
    elif not any(precedes(one, app) for one in found):
        yield app.finding("ordering", f"nothing makes it wait for its role {role[1]}")


def _is_grant(one: ResourceValue, identity: str, role: str, scope: str) -> bool:
    if one.type != ROLE_ASSIGNMENT:
        return False
    properties = one.body["properties"]
    at = one.id.partition("/providers/Microsoft.Authorization/")[0]
    return (
        properties["principalId"] == f"⟦{identity}#properties.principalId⟧"
        and properties["roleDefinitionId"].endswith(role)
        and scope.startswith(at)
    )
