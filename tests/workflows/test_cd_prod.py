"""The deployment of cd-prod.yml against a stand-in for Azure: what serves when it has ended."""

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import NEW_DIGEST, NEW_SHA, OLD_DIGEST, candidate, image
from tests.workflows.production import (
    APP,
    JOB,
    NEW,
    OLD,
    WORKER,
    Released,
    active,
    make,
    weights,
    worker_images,
)


def test_new_revision_says_version_and_commit(stubs: Stubs, released: Released) -> None:
    make(stubs)

    released()

    newest = stubs.world["apps"][APP]["revisions"][-1]["containers"][0]
    assert newest["env"] == [
        {"name": "DEPLOY_SHA", "value": NEW_SHA},
        {"name": "VERSION", "value": "1.2.0"},
    ]
    assert newest["image"] == image("prod", NEW_DIGEST)


def test_order_is_pin_migrate_create_watch_serve_worker(stubs: Stubs, released: Released) -> None:
    make(stubs)

    released()

    changes = [
        " ".join(call.split()[:4]).partition(" --")[0]
        for call in stubs.calls()
        if " show" not in call and " list" not in call
    ]
    watching = "monitor log-analytics query"
    assert [call for call in changes if call != watching] == [
        "acr import",
        "extension add",
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


def test_revision_that_never_becomes_ready_gets_no_request(
    stubs: Stubs, released: Released
) -> None:
    make(stubs, http=azure_world.world("prod")["http"] | candidate("prod", 503))

    job = released()

    assert job.failed
    assert "did not become ready in ten tries" in job.log
    assert stubs.world["apps"][APP]["history"] == [{OLD: 100}, {OLD: 100}]
    assert NEW not in active(stubs)


def test_revision_that_is_ready_at_the_tenth_try_is_good(stubs: Stubs, released: Released) -> None:
    late = candidate("prod", *[0] * 9, 200)
    make(stubs, http=azure_world.world("prod")["http"] | late)

    assert not released().failed
    assert weights(stubs) == {NEW: 100}


def test_revision_of_another_version_gets_no_request(stubs: Stubs, released: Released) -> None:
    other = candidate("prod", 200, version="1.1.0")
    make(stubs, http=azure_world.world("prod")["http"] | other)

    job = released()

    assert "does not say that it is 1.2.0" in job.log
    assert weights(stubs) == {OLD: 100}


def test_failed_migrations_change_no_revision(stubs: Stubs, released: Released) -> None:
    base = azure_world.world("prod")
    base["jobs"][JOB]["statuses"] = ["Running", "Failed"]
    make(stubs, jobs=base["jobs"])

    job = released()

    assert "migrations ended: Failed" in job.log
    assert weights(stubs) == {OLD: 100}
    assert len(stubs.world["apps"][APP]["revisions"]) == 5


def test_worker_that_does_not_start_brings_everything_back(
    stubs: Stubs, released: Released
) -> None:
    base = azure_world.world("prod")
    base["apps"][WORKER]["broken_images"] = [image("prod", NEW_DIGEST)]
    make(stubs, apps=base["apps"])

    job = released()

    assert f"{WORKER} did not become ready" in job.log
    assert weights(stubs) == {OLD: 100}
    assert worker_images(stubs) == [image("prod", OLD_DIGEST)] * 2


def test_failed_tidying_brings_nothing_back(stubs: Stubs, released: Released) -> None:
    make(stubs, answers=[{"command": "containerapp revision deactivate", "error": "(Conflict)"}])

    job = released()

    assert (job.failed, weights(stubs)) == (True, {NEW: 100})
    assert worker_images(stubs) == [image("prod", NEW_DIGEST)] * 2


def test_worker_that_cannot_be_read_is_left_alone(stubs: Stubs, released: Released) -> None:
    error = {"command": "containerapp show", "when": {"--name": WORKER}, "error": "(Throttled)"}
    make(stubs, answers=[error])

    assert released().failed
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


def test_missing_image_stops_before_anything_changes(stubs: Stubs, released: Released) -> None:
    make(stubs, registries={"acrtalentistaging": {}, "acrtalentiprod": {}})

    job = released()

    assert f"talenti:sha-{NEW_SHA} is not in acrtalentistaging" in job.log
    assert [call for call in stubs.calls() if " set " in call or " update " in call] == []


def test_other_image_than_the_approved_one_stops(stubs: Stubs, released: Released) -> None:
    other = {"acrtalentistaging": {f"talenti:sha-{NEW_SHA}": "sha256:" + "9" * 64}}
    make(stubs, registries=other | {"acrtalentiprod": {}})

    assert released().failed
    assert [call for call in stubs.calls() if call.startswith("containerapp update")] == []


def test_tag_that_is_another_image_in_production_stops(stubs: Stubs, released: Released) -> None:
    make(
        stubs,
        registries={
            "acrtalentistaging": {f"talenti:sha-{NEW_SHA}": NEW_DIGEST},
            "acrtalentiprod": {f"talenti:sha-{NEW_SHA}": OLD_DIGEST},
        },
    )

    assert "is another image in acrtalentiprod" in released().log
    assert [call for call in stubs.calls() if call.startswith("acr import")] == []


def test_app_with_a_single_revision_is_left_alone(stubs: Stubs, released: Released) -> None:
    base = azure_world.world("prod")
    base["apps"][APP]["mode"] = "Single"
    make(stubs, apps=base["apps"])

    assert "must keep multiple revisions" in released().log
    assert stubs.world["apps"] == base["apps"]
