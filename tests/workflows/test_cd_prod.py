"""The deployment of cd-prod.yml against a stand-in for Azure: what serves when it has ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import NEW_DIGEST, NEW_SHA, OLD_DIGEST, candidate, image, rows
from tests.workflows.runner import Job, run_job

APP, WORKER = "ca-api-talenti-prod-aue", "ca-worker-talenti-prod-aue"
Deployed = Callable[[], Job]
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


@pytest.fixture
def deployed(stubs: Stubs) -> Deployed:
    """Runs the job. Its two commits are made up, so git finds no migration between them."""
    stubs.put("git", "#!/bin/sh\n")
    return lambda: run_job(stubs, "cd-prod", "deploy", CONTEXT)


def weights(stubs: Stubs) -> dict[str, int]:
    traffic = stubs.world["apps"][APP]["traffic"]
    return {rule["revisionName"]: rule["weight"] for rule in traffic if rule.get("weight")}


def active(stubs: Stubs, app: str = APP) -> list[str]:
    return [one["name"] for one in stubs.world["apps"][app]["revisions"] if one["active"]]


def worker_images(stubs: Stubs) -> list[str]:
    newest = stubs.world["apps"][WORKER]["revisions"][-1]
    return [one["image"] for one in newest["containers"]]


def test_good_canary_gets_everything(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs)

    job = deployed()

    assert not job.failed, job.log
    assert stubs.world["apps"][APP]["history"] == [{OLD: 100}, {OLD: 90, NEW: 10}, {NEW: 100}]
    assert weights(stubs) == {NEW: 100}
    assert active(stubs) == [f"{APP}--r4-1", OLD, NEW]
    assert worker_images(stubs) == [image("prod", NEW_DIGEST)] * 2
    assert stubs.world["jobs"][JOB]["started"] == [image("prod", NEW_DIGEST)]
    assert stubs.world["clock"] >= 300
    assert "120 requests, 0.83 % failed" in job.summary
    assert "Roll back" not in job.ran


def test_new_revision_says_version_and_commit(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs)

    deployed()

    newest = stubs.world["apps"][APP]["revisions"][-1]["containers"][0]
    assert newest["env"] == [
        {"name": "DEPLOY_SHA", "value": NEW_SHA},
        {"name": "VERSION", "value": "1.2.0"},
    ]
    assert newest["image"] == image("prod", NEW_DIGEST)


def test_order_is_pin_migrate_create_watch_serve_worker(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs)

    deployed()

    changes = [
        " ".join(call.split()[:4]).partition(" --")[0]
        for call in stubs.calls()
        if " show" not in call and " list" not in call
    ]
    watching = "monitor log-analytics query"
    assert [call for call in changes if call != watching] == [
        "acr import",
        "containerapp ingress traffic set",
        "containerapp job update",
        "containerapp job start",
        "containerapp update",
        "containerapp revision label add",
        "containerapp ingress traffic set",
        "containerapp ingress traffic set",
        "containerapp update",
        "containerapp update",
        "containerapp revision deactivate",
        "containerapp revision deactivate",
        "containerapp revision deactivate",
        "containerapp revision label remove",
    ]
    assert changes.count(watching) == 10


def test_canary_asks_for_the_requests_of_both_revisions_since_it_began(
    stubs: Stubs, deployed: Deployed
) -> None:
    make(stubs)

    deployed()

    (query,) = {call for call in stubs.calls() if call.startswith("monitor log-analytics query")}
    assert f'startswith "{NEW}-", "new"' in query
    assert f'startswith "{OLD}-", "old"' in query
    assert re.search(r"TimeGenerated >= datetime\(20\d\d-\d\d-\d\dT[\d:]{8}Z\)", query)


BAD = {
    "errors": [{"from": 90, "rows": rows(60, 9, 190.0)}],
    "errors of the first few": [{"from": 60, "rows": rows(7, 4, 190.0)}],
    "slowness": [{"from": 120, "rows": rows(80, 0, 2100.0)}],
    "slowness without an old one to compare": [{"from": 120, "rows": rows(80, 0, 6000, old=False)}],
}


@pytest.mark.parametrize("requests", BAD.values(), ids=BAD)
def test_bad_canary_goes_back_at_once(
    stubs: Stubs, deployed: Deployed, requests: list[dict[str, Any]]
) -> None:
    make(stubs, requests=requests)

    job = deployed()

    assert job.failed
    assert weights(stubs) == {OLD: 100}
    assert active(stubs) == [f"{APP}--r{n}-1" for n in range(1, 6)]
    assert worker_images(stubs) == [image("prod", OLD_DIGEST)] * 2
    assert stubs.world["jobs"][JOB]["containers"][0]["image"] == image("prod", OLD_DIGEST)
    assert stubs.world["clock"] < 300
    assert f"Rolled back to `{OLD}`" in job.summary


def test_too_few_requests_wait_and_then_stop(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, requests=[{"from": 0, "rows": rows(12, 0, 190.0)}])

    job = deployed()

    assert job.failed
    assert "too few requests in 900 s: 12 requests" in job.log
    assert weights(stubs) == {OLD: 100}
    assert NEW not in active(stubs)


def test_requests_that_come_late_are_waited_for(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, requests=[{"from": 0, "rows": []}, {"from": 600, "rows": rows(50, 0, 190.0)}])

    job = deployed()

    assert not job.failed, job.log
    assert weights(stubs) == {NEW: 100}


def test_logs_out_of_reach_are_no_proof(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, answers=[{"command": "monitor log-analytics query", "error": "(Throttled)"}])

    job = deployed()

    assert job.failed
    assert "too few requests in 900 s: no numbers" in job.log
    assert weights(stubs) == {OLD: 100}


def test_revision_that_never_becomes_ready_gets_no_request(
    stubs: Stubs, deployed: Deployed
) -> None:
    make(stubs, http=azure_world.world("prod")["http"] | candidate("prod", 503))

    job = deployed()

    assert job.failed
    assert "did not become ready in ten tries" in job.log
    assert stubs.world["apps"][APP]["history"] == [{OLD: 100}, {OLD: 100}]
    assert NEW not in active(stubs)


def test_revision_that_is_ready_at_the_tenth_try_is_good(stubs: Stubs, deployed: Deployed) -> None:
    late = candidate("prod", *[0] * 9, 200)
    make(stubs, http=azure_world.world("prod")["http"] | late)

    assert not deployed().failed
    assert weights(stubs) == {NEW: 100}


def test_revision_of_another_version_gets_no_request(stubs: Stubs, deployed: Deployed) -> None:
    other = candidate("prod", 200, version="1.1.0")
    make(stubs, http=azure_world.world("prod")["http"] | other)

    job = deployed()

    assert "does not say that it is 1.2.0" in job.log
    assert weights(stubs) == {OLD: 100}


def test_canary_that_stops_being_ready_goes_back(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, http=azure_world.world("prod")["http"] | candidate("prod", 200, 200, 503))

    job = deployed()

    assert "is no longer ready" in job.log
    assert weights(stubs) == {OLD: 100}


def test_failed_migrations_change_no_revision(stubs: Stubs, deployed: Deployed) -> None:
    base = azure_world.world("prod")
    base["jobs"][JOB]["statuses"] = ["Running", "Failed"]
    make(stubs, jobs=base["jobs"])

    job = deployed()

    assert "migrations ended: Failed" in job.log
    assert weights(stubs) == {OLD: 100}
    assert len(stubs.world["apps"][APP]["revisions"]) == 5


def test_worker_that_does_not_start_brings_everything_back(
    stubs: Stubs, deployed: Deployed
) -> None:
    base = azure_world.world("prod")
    base["apps"][WORKER]["broken_images"] = [image("prod", NEW_DIGEST)]
    make(stubs, apps=base["apps"])

    job = deployed()

    assert f"{WORKER} did not become ready" in job.log
    assert weights(stubs) == {OLD: 100}
    assert worker_images(stubs) == [image("prod", OLD_DIGEST)] * 2


def test_failed_tidying_brings_nothing_back(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, answers=[{"command": "containerapp revision deactivate", "error": "(Conflict)"}])

    job = deployed()

    assert (job.failed, weights(stubs)) == (True, {NEW: 100})
    assert worker_images(stubs) == [image("prod", NEW_DIGEST)] * 2


def test_worker_that_cannot_be_read_is_left_alone(stubs: Stubs, deployed: Deployed) -> None:
    error = {"command": "containerapp show", "when": {"--name": WORKER}, "error": "(Throttled)"}
    make(stubs, answers=[error])

    assert deployed().failed
    assert weights(stubs) == {OLD: 100}
    assert worker_images(stubs) == [image("prod", OLD_DIGEST)] * 2
    assert [call for call in stubs.calls() if f"update --name {WORKER}" in call] == []


def test_rollback_that_azure_refuses_says_so_and_tries_the_rest(stubs: Stubs) -> None:
    make(stubs, answers=[{"command": "containerapp ingress traffic set", "error": "(Conflict)"}])
    state = stubs.folder / "state"
    job_image = image("prod", "sha256:" + "3" * 64)
    state.write_text(f"serving={OLD}\ncandidate={NEW}\njob_image={job_image}\n")
    names = {"RESOURCE_GROUP": "rg-talenti-prod-aue", "APP": APP, "WORKER": WORKER, "JOB": JOB}

    outcome = stubs.run([".github/scripts/rollback.sh"], STATE_FILE=str(state), **names)

    assert outcome.returncode == 1
    assert "::error::rollback: bring_back did not succeed" in outcome.stdout
    assert stubs.world["jobs"][JOB]["containers"][0]["image"] == job_image


def test_missing_image_stops_before_anything_changes(stubs: Stubs, deployed: Deployed) -> None:
    make(stubs, registries={"acrtalentistaging": {}, "acrtalentiprod": {}})

    job = deployed()

    assert f"talenti:sha-{NEW_SHA} is not in acrtalentistaging" in job.log
    assert [call for call in stubs.calls() if " set " in call or " update " in call] == []


def test_other_image_than_the_approved_one_stops(stubs: Stubs, deployed: Deployed) -> None:
    other = {"acrtalentistaging": {f"talenti:sha-{NEW_SHA}": "sha256:" + "9" * 64}}
    make(stubs, registries=other | {"acrtalentiprod": {}})

    assert deployed().failed
    assert [call for call in stubs.calls() if call.startswith("containerapp update")] == []


def test_tag_that_is_another_image_in_production_stops(stubs: Stubs, deployed: Deployed) -> None:
    make(
        stubs,
        registries={
            "acrtalentistaging": {f"talenti:sha-{NEW_SHA}": NEW_DIGEST},
            "acrtalentiprod": {f"talenti:sha-{NEW_SHA}": OLD_DIGEST},
        },
    )

    assert "is another image in acrtalentiprod" in deployed().log
    assert [call for call in stubs.calls() if call.startswith("acr import")] == []


def test_app_with_a_single_revision_is_left_alone(stubs: Stubs, deployed: Deployed) -> None:
    base = azure_world.world("prod")
    base["apps"][APP]["mode"] = "Single"
    make(stubs, apps=base["apps"])

    assert "must keep multiple revisions" in deployed().log
    assert stubs.world["apps"] == base["apps"]
