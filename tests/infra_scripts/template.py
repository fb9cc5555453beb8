"""What infra/main.bicep does, as far as the scripts can see it: it reads the same variables.

It refuses what Azure would: an image that is not in the registry, a secret that is not in the
vault, a new server without a password, a replica of nothing, a webhook that does not know its
secret.
"""

import re
from collections.abc import Mapping
from typing import Any

from tests.stubs.az_commands import Call
from tests.stubs.container_apps import Refused
from tests.stubs.subscriptions import SERVERS

Names = Mapping[str, str]
World = dict[str, Any]
DOMAIN = "kindsea-0123.azurecontainerapps.io"
IN_VAULT = {"SECRET_KEY": "secret-key", "JWT_SECRET": "jwt-secret", "DATABASE_URL": "database-url"}
IN_VAULT |= {"EMAIL_URL": "email-url"}
NEEDED = ("secret-key", "jwt-secret", "database-url", "email-url")
# Stand for every parameter that is a setting of the api: a change makes a revision.
SETTINGS = ("VERSION", "DEPLOY_SHA", "EMAIL_FROM", "CUSTOM_DOMAIN", "CALLER_NUMBER")
# Is there while the secret is changed: it is no value that makes a revision.
ROTATED = ("EVENT_GRID_PREVIOUS_SECRET",)

PASSWORD_KINDS = ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")
LEAST_KINDS = 3


class Template:
    """Deploys into the world; its `fails` are the deployments that end before their apps."""

    def __init__(self, variables: Any) -> None:
        self.variables = variables
        self.seen: list[dict[str, str]] = []
        self.fails: set[int] = set()

    def __call__(self, world: World, call: Call) -> None:
        given: dict[str, str] = self.variables()
        self.seen.append(given)
        names = named(call.value("--resource-group"), call.value("--parameters"))
        if len(self.seen) in self.fails:
            make_database(world, names, given)
            raise Refused("(DeploymentFailed) one of the resources failed")
        make_all(world, names, given)


def make_all(world: World, names: Names, given: Names) -> None:
    """Deploy with these variables."""
    world["registries"].setdefault(names["registry"], {})
    make_database(world, names, given)
    make_vault(world, names, given)
    if given.get("IMAGE_DIGEST"):
        make_job(world, names, given)
        if given.get("DEPLOY_APPS", "true") == "true":
            make_apps(world, names, given)
            subscribe(world, names, given)


def named(group: str, parameters: str) -> dict[str, str]:
    """Return the names of what a deployment into this group makes."""
    suffix = group.removeprefix("rg-")
    recovery = parameters.endswith("dr.bicepparam")
    registry = "acrtalentiprodsea" if recovery else f"acrtalenti{suffix.split('-')[1]}"
    return {
        "group": group,
        "registry": registry,
        "vault": f"kv-{suffix}",
        "database": f"psql-{suffix}",
        "api": f"ca-api-{suffix}",
        "worker": f"ca-worker-{suffix}",
        "job": f"caj-migrate-{suffix}",
        "topic": f"egst-{suffix}",
    }


def add(world: World, kind: str, name: str) -> None:
    if not any(one["name"] == name for one in world["resources"]):
        world["resources"].append({"type": kind, "name": name, "id": f"/x/{kind}/{name}"})


def make_database(world: World, names: Names, given: Names) -> None:
    """Make the server, before the vault learns of its password."""
    name, mode = names["database"], given.get("POSTGRES_CREATE_MODE", "Default")
    if given.get("DATABASE_URL"):
        return
    if name not in world["databases"]:
        if mode == "Default" and not given.get("POSTGRES_PASSWORD"):
            raise Refused("(InvalidParameterValue) administratorLoginPassword is needed")
        if mode == "Replica" and not given.get("POSTGRES_SOURCE_SERVER_ID"):
            raise Refused("(InvalidParameterValue) sourceServerResourceId is needed")
        world["databases"][name] = "GeoAsyncReplica" if mode == "Replica" else "Primary"
        add(world, SERVERS, name)
    if mode == "Default" and world["databases"][name] == "GeoAsyncReplica":
        raise Refused("(InvalidOperation) a replica cannot be changed before its promotion")
    if password := given.get("POSTGRES_PASSWORD"):
        if sum(bool(re.search(kind, password)) for kind in PASSWORD_KINDS) < LEAST_KINDS:
            raise Refused("(InvalidParameterValue) the password is not complex enough")
        world.setdefault("passwords", {})[name] = password


def make_vault(world: World, names: Names, given: Names) -> None:
    if names["vault"] in world["deleted_vaults"]:
        raise Refused("(ConflictError) a vault of this name is deleted: recover it")
    add(world, "Microsoft.KeyVault/vaults", names["vault"])
    secrets = world["vaults"].setdefault(names["vault"], {})
    mail = given.get("EMAIL_URL", "consolemail:" if "-dev-" in names["group"] else "")
    if not mail and given.get("SMTP_PASSWORD"):
        mail = f"smtp://{given['SMTP_PASSWORD']}@mail"
    found = {**given, "EMAIL_URL": mail}
    secrets |= {IN_VAULT[name]: found[name] for name in IN_VAULT if found.get(name)}
    if password := given.get("POSTGRES_PASSWORD"):
        secrets["database-url"] = f"postgres://talenti:{password}@{names['database']}:5432/talenti"


def container(name: str, names: Names, given: Names) -> World:
    image = f"{names['registry']}.azurecr.io/talenti@{given['IMAGE_DIGEST']}"
    env = [{"name": key, "value": given[key]} for key in SETTINGS if given.get(key)]
    env += [{"name": key, "secretRef": key} for key in ROTATED if given.get(key)]
    return {"name": name, "image": image, "env": env}


def make_job(world: World, names: Names, given: Names) -> None:
    secrets = world["vaults"][names["vault"]]
    if given["IMAGE_DIGEST"] not in world["registries"][names["registry"]].values():
        raise Refused("(ManifestUnknown) the registry has no such image")
    if missing := [name for name in NEEDED if name not in secrets]:
        raise Refused(f"(SecretNotFound) the vault has no {missing}")
    job = {"group": names["group"], "statuses": ["Running", "Succeeded"], "started": []}
    world["jobs"].setdefault(names["job"], job)
    world["jobs"][names["job"]]["containers"] = [container("migrate", names, given)]


def make_apps(world: World, names: Names, given: Names) -> None:
    """Make api and worker, or a revision of the api if something is changed."""
    wanted = container("api", names, given)
    add(world, "Microsoft.App/containerApps", names["api"])
    add(world, "Microsoft.App/containerApps", names["worker"])
    app = world["apps"].setdefault(names["api"], empty_app(names))
    if not app["revisions"] or app["revisions"][-1]["containers"] != [wanted]:
        add_revision(world, app, names["api"], wanted)
        app["revisions"][-1]["event_secrets"] = event_secrets(given)
    serving = given.get("SERVING_REVISION")
    pinned = {"revisionName": serving, "weight": 100}
    app["traffic"] = [pinned if serving else {"latestRevision": True, "weight": 100}]
    app["domains"] = [given["CUSTOM_DOMAIN"]] if given.get("CUSTOM_DOMAIN") else []


def event_secrets(given: Names) -> set[str]:
    """Return what a revision accepts that starts now."""
    return {given.get(name, "") for name in ("EVENT_GRID_SECRET", *ROTATED)} - {""}


def subscribe(world: World, names: Names, given: Names) -> None:
    """Make the subscription to events, which asks what serves whether it knows the secret."""
    secret = given.get("EVENT_GRID_SECRET", "")
    if given.get("SUBSCRIBE_EVENTS") == "false" or not (secret and given.get("CALLER_NUMBER")):
        return
    add(world, "Microsoft.EventGrid/systemTopics", names["topic"])
    app = world["apps"][names["api"]]
    (first,) = app["traffic"]
    serving = next(
        one
        for one in reversed(app["revisions"])
        if one["name"] == first.get("revisionName", one["name"])
    )
    if secret not in serving["event_secrets"]:
        raise Refused("(Url validation) the webhook answered the handshake with Unauthorized")
    world["subscribed"] = secret


def empty_app(names: Names) -> World:
    fqdn = f"{names['api']}.{DOMAIN}"
    found: World = {"group": names["group"], "mode": "Multiple", "fqdn": fqdn}
    return found | {"revisions": [], "traffic": [], "history": []}


def add_revision(world: World, app: World, name: str, wanted: World) -> None:
    number = len(app["revisions"]) + 1
    made = {"name": f"{name}--t{number}", "active": True, "containers": [wanted]}
    made |= {"createdTime": f"2026-03-01T10:{number:02}:00+00:00", "state": "Running"}
    app["revisions"].append(made)
    for host in (app["fqdn"], f"{name}--t{number}.{DOMAIN}"):
        world["http"].setdefault(f"https://{host}/health/ready", [{"status": 200}])


def secrets_in(text: str, values: list[str]) -> list[str]:
    """Return the secret values that a text shows."""
    return [value for value in values if value and re.search(re.escape(value), text)]
