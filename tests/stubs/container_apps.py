"""Container Apps as far as our scripts can see them: revisions, traffic, labels, jobs."""

from collections.abc import Callable
from typing import Any

from tests.stubs.az_commands import Call

State = dict[str, Any]
Handler = Callable[[State, Call], Any]


class Refused(Exception):
    """What Azure answers with an error."""


def app_of(state: State, call: Call) -> State:
    """Return the app (or the job) that a call names."""
    kind = "jobs" if " job " in f" {call.command} " else "apps"
    found: State | None = state[kind].get(call.value("--name"))
    if found is None or found["group"] != call.value("--resource-group"):
        raise Refused(f"(ResourceNotFound) {call.value('--name')} was not found")
    return found


def revision_of(app: State, name: str) -> State:
    found: State | None = next((one for one in app["revisions"] if one["name"] == name), None)
    if found is None:
        raise Refused(f"(RevisionNotFound) Revision '{name}' was not found")
    return found


def weight_of(app: State, name: str) -> int:
    """Return a revision's share of the requests in percent."""
    latest = app["revisions"][-1]["name"]
    rules = [
        r
        for r in app["traffic"]
        if (latest if r.get("latestRevision") else r.get("revisionName")) == name
    ]
    return sum(rule.get("weight") or 0 for rule in rules)


def show(state: State, call: Call) -> State:
    app = app_of(state, call)
    latest = app["revisions"][-1]
    ready = [one["name"] for one in app["revisions"] if one["state"] == "Running"]
    return {
        "name": call.value("--name"),
        "properties": {
            "provisioningState": "Succeeded",
            "latestRevisionName": latest["name"],
            "latestReadyRevisionName": ready[-1] if ready else None,
            "configuration": {
                "activeRevisionsMode": app["mode"],
                "ingress": ingress_of(app) if app.get("fqdn") else None,
            },
            "template": {"containers": latest["containers"]},
        },
    }


def ingress_of(app: State) -> State:
    domains = [{"name": name} for name in app.get("domains", [])]
    return {"fqdn": app["fqdn"], "customDomains": domains or None}


def update(state: State, call: Call) -> State:
    """Make a revision of the newest one, as every change of a template does."""
    app, name = app_of(state, call), call.value("--name")
    latest = app["revisions"][-1]
    suffix = call.value("--revision-suffix") or f"auto{len(app['revisions'])}"
    if any(one["name"] == f"{name}--{suffix}" for one in app["revisions"]):
        raise Refused(f"(RevisionExists) Revision with suffix {suffix} already exists")
    containers = changed(latest["containers"], call)
    broken = any(one["image"] in app.get("broken_images", []) for one in containers)
    fresh = {
        "name": f"{name}--{suffix}",
        "active": True,
        "createdTime": f"2026-03-01T10:{len(app['revisions']):02}:00+00:00",
        "containers": containers,
        "state": "Degraded" if broken else "Running",
    }
    if app["mode"] == "Single" and not broken:
        for one in app["revisions"]:
            one["active"] = False
    app["revisions"].append(fresh)
    return show(state, call)


def changed(containers: list[State], call: Call) -> list[State]:
    """Return the containers with the call's image and variables in the one it means."""
    meant = call.value("--container-name") or containers[0]["name"]
    if len(containers) > 1 and not call.value("--container-name"):
        raise Refused("(ContainerName) several containers: give --container-name")
    if meant not in [one["name"] for one in containers]:
        raise Refused(f"(ContainerName) there is no container {meant}")
    return [with_changes(one, call) if one["name"] == meant else one for one in containers]


def with_changes(container: State, call: Call) -> State:
    known = {setting["name"]: setting["value"] for setting in container["env"]}
    given = dict(pair.split("=", 1) for pair in call.flags.get("--set-env-vars", []))
    env = [{"name": name, "value": value} for name, value in (known | given).items()]
    return container | {"image": call.value("--image") or container["image"], "env": env}


def set_traffic(state: State, call: Call) -> list[State]:
    app = app_of(state, call)
    given = dict(pair.rsplit("=", 1) for pair in call.flags.get("--revision-weight", []))
    if sum(map(int, given.values())) != 100:
        raise Refused("(TrafficWeight) weights must sum up to 100")
    labels = {r["revisionName"]: r["label"] for r in app["traffic"] if r.get("label")}
    for name in given:
        if not revision_of(app, name)["active"]:
            raise Refused(f"(RevisionInactive) Revision '{name}' is not active")
    names = [*given, *(name for name in labels if name not in given)]
    app["traffic"] = [
        {"revisionName": name, "weight": int(given.get(name, 0)), "label": labels.get(name)}
        for name in names
    ]
    app["history"].append({name: int(weight) for name, weight in given.items() if weight != "0"})
    return list(app["traffic"])


def add_label(state: State, call: Call) -> list[State]:
    app, name = app_of(state, call), call.value("--revision")
    if not revision_of(app, name)["active"]:
        raise Refused(f"(RevisionInactive) Revision '{name}' is not active")
    remove_label(state, call)
    rule = next((r for r in app["traffic"] if r.get("revisionName") == name), None)
    if rule is None:
        rule = {"revisionName": name, "weight": 0}
        app["traffic"].append(rule)
    rule["label"] = call.value("--label")
    return list(app["traffic"])


def remove_label(state: State, call: Call) -> list[State]:
    app = app_of(state, call)
    for rule in app["traffic"]:
        if rule.get("label") == call.value("--label"):
            rule["label"] = None
    return list(app["traffic"])


def as_revision(app: State, one: State) -> State:
    stem, _, domain = (app.get("fqdn") or ".").partition(".")
    suffix = one["name"].rpartition("--")[2]
    return {
        "name": one["name"],
        "properties": {
            "active": one["active"],
            "createdTime": one["createdTime"],
            "fqdn": f"{stem}--{suffix}.{domain}",
            "provisioningState": "Provisioned",
            "runningState": one["state"],
            "healthState": "Healthy" if one["state"] == "Running" else "Unhealthy",
            "trafficWeight": weight_of(app, one["name"]),
            "template": {"containers": one["containers"]},
        },
    }


def list_revisions(state: State, call: Call) -> list[State]:
    """Return the active ones, newest last; with --all every one."""
    app = app_of(state, call)
    everyone = "--all" in call.flags
    return [as_revision(app, one) for one in app["revisions"] if everyone or one["active"]]


def show_revision(state: State, call: Call) -> State:
    app = app_of(state, call)
    return as_revision(app, revision_of(app, call.value("--revision")))


def switch_revision(state: State, call: Call) -> State:
    app = app_of(state, call)
    one = revision_of(app, call.value("--revision"))
    active = call.command.endswith(" activate")
    if not active and weight_of(app, one["name"]):
        raise Refused(f"(RevisionInUse) Revision '{one['name']}' receives traffic")
    one["active"] = active
    return as_revision(app, one)


def show_job(state: State, call: Call) -> State:
    job = app_of(state, call)
    return {
        "name": call.value("--name"),
        "properties": {"template": {"containers": job["containers"]}},
    }


def update_job(state: State, call: Call) -> State:
    job = app_of(state, call)
    job["containers"] = changed(job["containers"], call)
    return show_job(state, call)


def start_job(state: State, call: Call) -> State:
    job = app_of(state, call)
    job["started"].append(job["containers"][0]["image"])
    return {"name": f"{call.value('--name')}-x{len(job['started'])}"}


def show_execution(state: State, call: Call) -> State:
    statuses = app_of(state, call)["statuses"]
    status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
    return {"name": call.value("--job-execution-name"), "properties": {"status": status}}


def list_apps(state: State, call: Call) -> list[State]:
    group = call.value("--resource-group")
    return [{"name": name} for name, app in state["apps"].items() if app["group"] == group]


HANDLERS: dict[str, Handler] = {
    "containerapp list": list_apps,
    "containerapp show": show,
    "containerapp update": update,
    "containerapp ingress traffic show": lambda state, call: app_of(state, call)["traffic"],
    "containerapp ingress traffic set": set_traffic,
    "containerapp revision list": list_revisions,
    "containerapp revision show": show_revision,
    "containerapp revision activate": switch_revision,
    "containerapp revision deactivate": switch_revision,
    "containerapp revision label add": add_label,
    "containerapp revision label remove": remove_label,
    "containerapp job show": show_job,
    "containerapp job update": update_job,
    "containerapp job start": start_job,
    "containerapp job execution show": show_execution,
}
