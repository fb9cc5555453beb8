"""Environments as they stand before a deployment, for the stand-in of Azure."""

from typing import Any

OLD_SHA, NEW_SHA = "a" * 40, "b" * 40
OLD_DIGEST, NEW_DIGEST = "sha256:" + "1" * 64, "sha256:" + "2" * 64
DOMAIN = "kindsea-0123.australiaeast.azurecontainerapps.io"


def image(environment: str, digest: str) -> str:
    return f"acrtalenti{environment}.azurecr.io/talenti@{digest}"


def container(name: str, environment: str) -> dict[str, Any]:
    env = [{"name": "DEPLOY_SHA", "value": OLD_SHA}, {"name": "VERSION", "value": "1.1.0"}]
    return {"name": name, "image": image(environment, OLD_DIGEST), "env": env}


def revision(name: str, containers: list[dict[str, Any]], minute: int) -> dict[str, Any]:
    created = f"2026-03-01T09:{minute:02}:00+00:00"
    return {
        "name": name,
        "active": True,
        "createdTime": created,
        "containers": containers,
        "state": "Running",
    }


def world(environment: str) -> dict[str, Any]:
    """An environment that serves version 1.1.0, with four older revisions still active."""
    group, stem = f"rg-talenti-{environment}-aue", f"talenti-{environment}-aue"
    api, worker, job = f"ca-api-{stem}", f"ca-worker-{stem}", f"caj-migrate-{stem}"
    fqdn = f"{api}.{DOMAIN}"
    apis = [revision(f"{api}--r{n}-1", [container("api", environment)], n) for n in range(1, 6)]
    both = [container("worker", environment), container("sweep", environment)]
    return {
        "apps": {
            api: {
                "group": group,
                "mode": "Multiple",
                "fqdn": fqdn,
                "revisions": apis,
                "traffic": [{"latestRevision": True, "weight": 100}],
                "history": [],
            },
            worker: {
                "group": group,
                "mode": "Single",
                "revisions": [revision(f"{worker}--auto0", both, 1)],
                "traffic": [],
                "history": [],
            },
        },
        "jobs": {
            job: {
                "group": group,
                "containers": [container("migrate", environment)],
                "statuses": ["Running", "Succeeded"],
                "started": [],
            }
        },
        "http": {f"https://{fqdn}/health/ready": [{"status": 200}]} | candidate(environment, 200),
    }


def candidate(environment: str, *statuses: int, version: str = "1.2.0") -> dict[str, Any]:
    """What the new revision answers at its own address."""
    host = f"ca-api-talenti-{environment}-aue--r7-1.{DOMAIN}"
    body = f'{{"status":"ok","version":"{version}"}}'
    return {
        f"https://{host}/health/ready": [{"status": status} for status in statuses],
        f"https://{host}/health": [{"status": 200, "body": body}],
    }


def merged(*worlds: dict[str, Any]) -> dict[str, Any]:
    """Return worlds put together: each value of the second level side by side."""
    keys = {key for one in worlds for key in one}
    return {key: {k: v for one in worlds for k, v in one.get(key, {}).items()} for key in keys}


def rows(requests: int, failed: int, p95: float, *, old: bool = True) -> list[dict[str, Any]]:
    """Return what Log Analytics says of the new revision, beside a healthy old one."""
    healthy = [{"side": "old", "requests": "900", "failed": "1", "p95": "210.5"}] if old else []
    numbers = {"requests": str(requests), "failed": str(failed), "p95": str(p95)}
    return [*healthy, {"side": "new", **numbers}] if requests else healthy
