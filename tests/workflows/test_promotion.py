"""An image goes from one registry to the next, and an environment after the other gets it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import NEW_DIGEST, NEW_SHA, OLD_DIGEST, candidate, image
from tests.workflows.runner import Job, run_job, workflow

TAG = f"sha-{NEW_SHA}"
IDS = {
    "github.actor": "olga",
    "github.sha": NEW_SHA,
    "github.token": "token",
    "github.run_number": "7",
    "github.run_attempt": "1",
    "inputs.image_tag": TAG,
    "needs.build.outputs.tag": TAG,
}
GIT = f'#!/bin/sh\n[ "$1" = rev-list ] && echo {NEW_SHA}\n'
REGISTRIES = {
    "acrtalentidev": {f"talenti:{TAG}": NEW_DIGEST},
    "acrtalentistaging": {f"talenti:{TAG}": NEW_DIGEST},
}


def serving(stubs: Stubs, environment: str) -> tuple[str, list[str]]:
    """Return the image that all requests reach, and those of the worker's containers."""
    stem = f"talenti-{environment}-aue"
    api, worker = (stubs.world["apps"][f"ca-{name}-{stem}"] for name in ("api", "worker"))
    (name,) = [rule["revisionName"] for rule in api["traffic"] if rule["weight"] == 100]
    found = next(one for one in api["revisions"] if one["name"] == name)
    newest = [one["image"] for one in worker["revisions"][-1]["containers"]]
    return found["containers"][0]["image"], newest


def make(stubs: Stubs, environment: str, version: str, **changes: Any) -> None:
    base = azure_world.world(environment)
    http = base["http"] | candidate(environment, 200, version=version)
    stubs.make(**base | {"http": http, "registries": REGISTRIES} | changes)


def test_dev_serves_what_was_built_without_a_canary(stubs: Stubs) -> None:
    make(stubs, "dev", NEW_SHA)

    job = run_job(stubs, "cd-dev", "deploy", IDS)

    assert not job.failed, job.log
    new = image("dev", NEW_DIGEST)
    assert serving(stubs, "dev") == (new, [new, new])
    assert [call for call in stubs.calls() if call.startswith(("acr import", "monitor"))] == []


def test_staging_gets_the_same_digest_from_dev(stubs: Stubs) -> None:
    make(stubs, "staging", NEW_SHA, registries=REGISTRIES | {"acrtalentistaging": {}})

    job = run_job(stubs, "cd-staging", "deploy", IDS)

    assert not job.failed, job.log
    new = image("staging", NEW_DIGEST)
    assert serving(stubs, "staging") == (new, [new, new])
    assert stubs.world["registries"]["acrtalentistaging"] == {f"talenti:{TAG}": NEW_DIGEST}


def test_dev_that_does_not_become_ready_goes_back(stubs: Stubs) -> None:
    base = azure_world.world("dev")["http"]
    make(stubs, "dev", NEW_SHA, http=base | candidate("dev", 503))

    job = run_job(stubs, "cd-dev", "deploy", IDS)

    old = image("dev", OLD_DIGEST)
    assert job.failed
    assert serving(stubs, "dev") == (old, [old, old])


def test_run_that_is_repeated_uses_another_suffix(stubs: Stubs) -> None:
    make(stubs, "dev", NEW_SHA)
    run_job(stubs, "cd-dev", "deploy", IDS)
    stubs.world["http"] |= {
        url.replace("--r7-1", "--r7-2"): answers for url, answers in stubs.world["http"].items()
    }

    job = run_job(stubs, "cd-dev", "deploy", IDS | {"github.run_attempt": "2"})

    assert not job.failed, job.log


@pytest.fixture
def checked(stubs: Stubs) -> Callable[..., Job]:
    """Runs the checks before the approval, on a staging that serves this digest."""

    def run(digest: str = NEW_DIGEST, attested: int = 0, status: int = 200) -> Job:
        stubs.put("git", GIT)
        stubs.put("gh", f'#!/bin/sh\necho "gh $*"\nexit {attested}\n')
        make(stubs, "staging", "1.2.0")
        stubs.world["http"] = {url: [{"status": status}] for url in stubs.world["http"]}
        api = stubs.world["apps"]["ca-api-talenti-staging-aue"]
        api["revisions"][-1]["containers"][0]["image"] = image("staging", digest)
        given = {"inputs.image_tag || github.ref_name": "v1.2.0"}
        return run_job(stubs, "cd-prod", "pre-deploy", IDS | given)

    return run


def test_release_that_staging_runs_may_be_approved(checked: Callable[..., Job]) -> None:
    job = checked()

    assert not job.failed, job.log
    told = workflow("cd-prod")["jobs"]["pre-deploy"]["outputs"]
    assert {name: job.value(output) for name, output in told.items()} == {
        "tag": TAG,
        "sha": NEW_SHA,
        "version": "1.2.0",
        "digest": NEW_DIGEST,
    }
    assert "--signer-workflow" in job.log


def test_release_of_an_image_that_staging_does_not_run_stops(checked: Callable[..., Job]) -> None:
    job = checked(digest=OLD_DIGEST)

    assert job.failed
    assert f"not {NEW_DIGEST}" in job.log


def test_release_of_an_image_from_elsewhere_stops(checked: Callable[..., Job]) -> None:
    job = checked(attested=1)

    assert "nobody attests that cd-dev.yml built" in job.log
    assert "Check that staging runs it and is ready" not in job.ran


def test_release_while_staging_is_not_ready_stops(checked: Callable[..., Job]) -> None:
    assert "ca-api-talenti-staging-aue is not ready" in checked(status=503).log


@pytest.mark.parametrize("tag", ["latest", "main", "sha-123", "$(reboot)", "v1.2", ""])
def test_only_releases_and_whole_commits_name_an_image(stubs: Stubs, tag: str) -> None:
    outcome = stubs.run([".github/scripts/choose_image.sh"], REQUESTED=tag)

    assert outcome.returncode == 1
    assert "name a release" in outcome.stdout


@pytest.fixture
def layout(stubs: Stubs) -> dict[str, str]:
    """What build-push hands to its step Push."""
    folder = stubs.folder / "image"
    folder.mkdir()
    (folder / "index.json").write_text(json.dumps({"manifests": [{"digest": NEW_DIGEST}]}))
    return {
        "LAYOUT": str(folder),
        "REGISTRY": "acrtalentidev",
        "REPOSITORY": "talenti",
        "TAG": TAG,
        "GITHUB_OUTPUT": str(stubs.folder / "output"),
    }


def test_push_keeps_the_digest_and_everything_below_it(
    stubs: Stubs, layout: dict[str, str]
) -> None:
    stubs.make(registries={"acrtalentidev": {}})

    outcome = stubs.run([".github/scripts/push.sh"], **layout)

    assert outcome.returncode == 0, outcome.stdout
    assert stubs.world["registries"] == {"acrtalentidev": {f"talenti:{TAG}": NEW_DIGEST}}
    assert "--all --preserve-digests" in stubs.calls("skopeo")[0]
    told = (stubs.folder / "output").read_text().splitlines()
    assert told == [f"digest={NEW_DIGEST}", "pushed=true"]


def test_push_never_moves_a_tag(stubs: Stubs, layout: dict[str, str]) -> None:
    stubs.make(registries={"acrtalentidev": {f"talenti:{TAG}": OLD_DIGEST}})

    stubs.run([".github/scripts/push.sh"], **layout)

    assert stubs.calls("skopeo") == []
    told = (stubs.folder / "output").read_text().splitlines()
    assert told == [f"digest={OLD_DIGEST}", "pushed=false"]


NEWS = {
    "TITLE": "Deployment to production",
    "RESULT": "failure",
    "VERSION": '1.2.0"} injected',
    "ACTOR": "olga",
    "RUN_URL": "https://github.com/acme/talenti/actions/runs/1",
}
HOOK = "https://hooks.slack.com/services/x"


def test_slack_is_told_in_sound_json(stubs: Stubs) -> None:
    stubs.make(http={HOOK: [{"status": 200}]})

    outcome = stubs.run([".github/scripts/notify.sh"], SLACK_WEBHOOK_URL=HOOK, **NEWS)

    assert outcome.returncode == 0, outcome.stdout
    ((url, body),) = stubs.world["posted"]
    assert url == HOOK
    assert json.loads(body)["text"].startswith(":x: *Deployment to production: failure*")


def test_slack_that_is_down_or_not_configured_fails_nothing(stubs: Stubs) -> None:
    without = stubs.run([".github/scripts/notify.sh"], **NEWS)
    down = stubs.run([".github/scripts/notify.sh"], SLACK_WEBHOOK_URL=HOOK, **NEWS)

    assert (without.returncode, without.stdout) == (0, "")
    assert (down.returncode, "::warning::" in down.stdout) == (0, True)
