"""What a subscription holds besides apps and registries, as far as our scripts ask for it.

`groups`, `providers`, `resources` ({type, name, id}), `deleted_vaults`, `deleted_accounts`,
`vaults` (names with their secrets) and `databases` (names with their role) are the world's; a test
that deploys gives it `template`, which does what infra/main.bicep would do.
"""

import re
from typing import Any

from tests.stubs.az_commands import Call
from tests.stubs.container_apps import Handler, Refused, State

SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"
SECRETS = re.compile(r"/Microsoft\.KeyVault/vaults/([^/]+)/secrets\?api-version=[\d-]+$")
SERVER = re.compile(rf"/{re.escape(SERVERS)}/([^/?]+)\?api-version=[\d-]+$")
BUDGETS = re.compile(r"/resourceGroups/([^/]+)/providers/Microsoft\.Consumption/budgets\?")


def list_resources(state: State, call: Call) -> list[State]:
    kind, name = call.value("--resource-type"), call.value("--name")
    return [one for one in state["resources"] if (one["type"], one["name"]) == (kind, name)]


def list_providers(state: State, _call: Call) -> list[State]:
    return [{"namespace": n, "registrationState": "Registered"} for n in state["providers"]]


def register(state: State, call: Call) -> None:
    state["providers"].append(call.value("--namespace"))


def create_group(state: State, call: Call) -> None:
    state["groups"].append(call.value("--name"))


def delete_group(state: State, call: Call) -> None:
    """Delete what is in it; accounts of OpenAI and Speech, and vaults, only softly."""
    name = call.value("--name")
    state["groups"].remove(name)
    suffix = name.removeprefix("rg-")
    gone = [one for one in state["resources"] if one["name"].endswith(suffix)]
    state["resources"] = [one for one in state["resources"] if one not in gone]
    state["deleted_vaults"] += [one["name"] for one in gone if one["name"].startswith("kv-")]
    state["deleted_accounts"] += [f"oai-{suffix}", f"speech-{suffix}"]


def recover_vault(state: State, call: Call) -> None:
    name = call.value("--name")
    if call.value("--resource-group") not in state["groups"]:
        raise Refused("(ResourceGroupNotFound) the group of the vault is not there")
    state["deleted_vaults"].remove(name)
    state["resources"].append({"type": "Microsoft.KeyVault/vaults", "name": name})


def purge_account(state: State, call: Call) -> None:
    state["deleted_accounts"].remove(call.value("--name"))


def read(state: State, call: Call) -> Any:
    """Answer a GET of Azure's own interface."""
    url = call.value("--url")
    if call.value("--method") != "get":
        raise Refused("only questions are planned")
    if found := SECRETS.search(url):
        return {"value": [{"name": name} for name in state["vaults"][found[1]]]}
    if found := SERVER.search(url):
        storage = {"storageSizeGB": state.get("storage", {}).get(found[1], 128)}
        return {"properties": {"replicationRole": state["databases"][found[1]], "storage": storage}}
    if "/communicationServices/" in url:
        linked = state.get("linked", "AzureManagedDomain")
        return {"properties": {"linkedDomains": [f"/x/emailServices/mail/domains/{linked}"]}}
    if found := BUDGETS.search(url):
        return {"value": state.get("budgets", {}).get(found[1], [])}
    raise Refused(f"no answer is planned for: {url}")


def promote(state: State, call: Call) -> None:
    name = call.value("--name")
    if not state["databases"][name].endswith("Replica"):
        raise Refused(f"(InvalidOperation) {name} is no replica")
    state["databases"][name] = "None"


def show_secret(state: State, call: Call) -> State:
    """Return a value, unless the vault's network is closed to us."""
    vault, name = call.value("--vault-name"), call.value("--name")
    if vault in state.get("closed_vaults", []):
        raise Refused("(Forbidden) Client address is not authorized")
    return {"name": name, "value": state["vaults"][vault][name]}


def deploy(state: State, call: Call) -> None:
    """Do what the world's template does; in a world without one, nothing."""
    if "template" in state:
        if call.value("--resource-group") not in state["groups"]:
            raise Refused("(ResourceGroupNotFound) the group is not there")
        state["template"](state, call)


def named(names: list[str], **more: str) -> list[State]:
    return [{"name": name} | more for name in names]


HANDLERS: dict[str, Handler] = {
    "account show": lambda state, _call: {"id": state.get("subscription", "")},
    "cognitiveservices account list-deleted": lambda state, _call: named(
        state["deleted_accounts"], location="australiaeast"
    ),
    "cognitiveservices account purge": purge_account,
    "deployment group create": deploy,
    "group create": create_group,
    "group delete": delete_group,
    "group exists": lambda state, call: call.value("--name") in state["groups"],
    "keyvault list-deleted": lambda state, _call: named(state["deleted_vaults"]),
    "keyvault recover": recover_vault,
    "keyvault secret show": show_secret,
    "postgres flexible-server replica promote": promote,
    "provider list": list_providers,
    "provider register": register,
    "resource list": list_resources,
    "rest": read,
}
