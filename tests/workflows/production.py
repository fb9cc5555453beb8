"""Production as it serves 1.1.0, with the image of 1.2.0 in staging, and what to look at."""

from collections.abc import Callable
from typing import Any

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import NEW_DIGEST, NEW_SHA, OLD_DIGEST, rows
from tests.workflows.runner import Job

APP, WORKER = "ca-api-talenti-prod-aue", "ca-worker-talenti-prod-aue"
Released = Callable[[], Job]
JOB = "caj-migrate-talenti-prod-aue"
OLD, NEW = f"{APP}--r5-1", f"{APP}--r7-1"
CONTEXT = {
    "github.actor": "olga",
    "github.sha": NEW_SHA,
    "github.run_number": "7",
    "github.run_attempt": "1",
    "vars.CANARY_LEAST_REQUESTS || '50'": "50",
    "needs.pre-deploy.outputs.tag": f"sha-{NEW_SHA}",
    "needs.pre-deploy.outputs.sha": NEW_SHA,
    "needs.pre-deploy.outputs.version": "1.2.0",
    "needs.pre-deploy.outputs.digest": NEW_DIGEST,
}
HEALTHY = [{"from": 60, "rows": rows(40, 0, 190.0)}, {"from": 150, "rows": rows(120, 1, 205.0)}]


def make(stubs: Stubs, **changes: Any) -> None:
    """A production that serves 1.1.0, and the image of 1.2.0 in staging."""
    registries = {
        "acrtalentistaging": {f"talenti:sha-{NEW_SHA}": NEW_DIGEST},
        "acrtalentiprod": {f"talenti:sha-{azure_world.OLD_SHA}": OLD_DIGEST},
    }
    base = azure_world.world("prod") | {"registries": registries, "requests": HEALTHY}
    workspaces = {"law-talenti-prod-aue": "11111111-2222-3333-4444-555555555555"}
    stubs.make(**base | {"workspaces": workspaces} | changes)


def weights(stubs: Stubs) -> dict[str, int]:
    traffic = stubs.world["apps"][APP]["traffic"]
    return {rule["revisionName"]: rule["weight"] for rule in traffic if rule.get("weight")}


def active(stubs: Stubs, app: str = APP) -> list[str]:
    return [one["name"] for one in stubs.world["apps"][app]["revisions"] if one["active"]]


def worker_images(stubs: Stubs) -> list[str]:
    newest = stubs.world["apps"][WORKER]["revisions"][-1]
    return [one["image"] for one in newest["containers"]]
