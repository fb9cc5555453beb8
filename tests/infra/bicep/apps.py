"""Containers against the application: variables, secrets, probes, queues and files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infra.bicep.ordering import running
from tests.infra.bicep.results import ResourceValue, Run
from tests.infra.bicep.secrets import secret_named
from tests.infra.bicep.values import Finding

CONTAINER = "Microsoft.Storage/storageAccounts/blobServices/containers"
# What a scaler of KEDA has to be told, and all that it may be told.
_REDIS = {"address", "listLength", "listName"}
SCALERS: dict[str, tuple[set[str], set[str]]] = {
    "cpu": ({"type", "value"}, {"type", "value"}),
    "memory": ({"type", "value"}, {"type", "value"}),
    "redis": (_REDIS, {*_REDIS, "activationListLength", "databaseIndex", "enableTLS"}),
}


@dataclass(frozen=True)
class Application:
    """What the application reads, answers and listens to."""

    variables: frozenset[str]
    api_paths: frozenset[str]
    worker_paths: frozenset[str]
    commands: frozenset[str]
    queues: frozenset[str]  # Redis lists of waiting messages
    api_port: int
    health_port: int


@dataclass(frozen=True)
class Container:
    app: ResourceValue
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.app.name}/{self.body['name']}"

    @property
    def command(self) -> str:
        return str((self.body.get("args") or ["api"])[0])

    def finding(self, rule: str, message: str) -> Finding:
        return self.app.finding(rule, f"{self.body['name']}: {message}")


def containers(run: Run) -> list[Container]:
    return [
        Container(app, container)
        for app in running(run)
        for container in app.body["properties"]["template"]["containers"]
    ]


def variables(container: Container, run: Run) -> dict[str, str]:
    """Return what the process finds in its environment; secrets as the vault holds them.

    A secret that this deployment does not make is left out: somebody else put it there.
    """
    found = {}
    for entry in container.body.get("env") or []:
        if "secretRef" in entry:
            made = _secret(container, entry["secretRef"], run)
            if made is not None:
                found[entry["name"]] = made.body["properties"]["value"]
        else:
            found[entry["name"]] = entry["value"]
    return found


def _secret(container: Container, reference: str, run: Run) -> ResourceValue | None:
    listed = container.app.body["properties"]["configuration"].get("secrets") or []
    entry = next((one for one in listed if one["name"] == reference), None)
    if entry is None or "keyVaultUrl" not in entry:
        return None
    address, _, name = entry["keyVaultUrl"].rpartition("secrets/")
    return secret_named(run, address, name)


def check_apps(run: Run, application: Application) -> Iterator[Finding]:
    for container in containers(run):
        yield from _variables(container, application)
        yield from _probes(container, application)
        yield from _files(container, run)
        if container.command not in application.commands:
            yield container.finding("commands", f"the image has no command {container.command!r}")
    for app in running(run):
        yield from _references(app)
        yield from _queues(app, application)
        yield from _scalers(app)
        yield from _ports(app, application)


def _variables(container: Container, application: Application) -> Iterator[Finding]:
    names = [entry["name"] for entry in container.body.get("env") or []]
    for name in sorted(set(names)):
        if name not in application.variables:
            yield container.finding("variables", f"the application reads no {name}")
        if names.count(name) > 1:
            yield container.finding("variables", f"{name} is given twice")


def _probes(container: Container, application: Application) -> Iterator[Finding]:
    api = container.command == "api"
    paths = application.api_paths if api else application.worker_paths
    given = {one["name"]: one.get("value") for one in container.body.get("env") or []}
    port = int(given.get("PORT") or application.api_port)
    health = int(given.get("HEALTH_PORT") or application.health_port)
    wanted = port if api else health
    for probe in container.body.get("probes") or []:
        asked = probe["httpGet"]
        if asked["path"] not in paths:
            yield container.finding("probes", f"nothing answers {asked['path']}")
        if asked["port"] != wanted:
            yield container.finding("probes", f"it listens on {wanted}, not on {asked['port']}")


def _files(container: Container, run: Run) -> Iterator[Finding]:
    made = {one.name.rpartition("/")[2] for one in run.resources if one.type == CONTAINER}
    for entry in container.body.get("env") or []:
        names_one = entry["name"].startswith("AZURE_STORAGE_") and "CONTAINER" in entry["name"]
        if names_one and entry.get("value") not in made:
            message = f"{entry['name']} names {entry.get('value')!r}, which nothing makes"
            yield container.finding("files", message)


def _references(app: ResourceValue) -> Iterator[Finding]:
    """Every reference to a secret leads to one of the app's own list."""
    properties = app.body["properties"]
    known = {one["name"] for one in properties["configuration"].get("secrets") or []}
    for reference in sorted(set(_values(properties["template"], "secretRef"))):
        if reference not in known:
            yield app.finding("secrets", f"it has no secret {reference}")


def _values(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from _values(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, key)


def _queues(app: ResourceValue, application: Application) -> Iterator[Finding]:
    template = app.body["properties"]["template"]
    if "worker" not in [one.get("args", [""])[0] for one in template["containers"]]:
        return
    rules = (template.get("scale") or {}).get("rules") or []
    lists = [
        rule["custom"]["metadata"].get("listName")
        for rule in rules
        if rule.get("custom", {}).get("type") == "redis"
    ]
    if sorted(map(str, lists)) != sorted(application.queues):
        message = f"it scales on {sorted(map(str, lists))}, not on {sorted(application.queues)}"
        yield app.finding("queues", message)


def _scalers(app: ResourceValue) -> Iterator[Finding]:
    """A scaler's metadata is a map to Azure: what it needs, only the scaler itself would say."""
    scale = app.body["properties"]["template"].get("scale") or {}
    for rule in scale.get("rules") or []:
        scaler = (rule.get("custom") or {}).get("type")
        given = set((rule.get("custom") or {}).get("metadata") or {})
        if scaler is not None and scaler not in SCALERS:
            yield app.finding("queues", f"the scaler {scaler} is not known")
        elif scaler is not None and not SCALERS[scaler][0] <= given <= SCALERS[scaler][1]:
            wanted = f"{sorted(SCALERS[scaler][0])} and perhaps {sorted(SCALERS[scaler][1])}"
            yield app.finding("queues", f"{scaler} has {sorted(given)}; it wants {wanted}")


def _ports(app: ResourceValue, application: Application) -> Iterator[Finding]:
    ingress = app.body["properties"]["configuration"].get("ingress")
    if ingress and ingress.get("targetPort") != application.api_port:
        message = f"its port is {ingress.get('targetPort')}, not {application.api_port}"
        yield app.finding("probes", message)
