"""infrastructure.yml changes what the apps run on, never which image or revision runs."""

from typing import Any

import pytest

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import OLD_DIGEST, OLD_SHA
from tests.workflows.runner import EXPRESSION, Job, run_job, workflow

APP = "ca-api-talenti-staging-aue"
# What the parameters would read; az itself is not asked about variables.
SEEN = '#!/bin/bash\nenv >>{log}\nexec {az} "$@"\n'


@pytest.fixture
def context() -> dict[str, str]:
    """Nothing is set but the domain and one secret."""
    names = {
        name
        for job in workflow("infrastructure")["jobs"].values()
        for value in job.get("env", {}).values()
        for name in EXPRESSION.findall(str(value))
    }
    given = {"vars.CUSTOM_DOMAIN": "staging.talenti.app", "secrets.EMAIL_URL": "smtp://mail"}
    return dict.fromkeys(names, "") | given | {"inputs.environment || 'dev'": "staging"}


def watch_variables(stubs: Stubs) -> None:
    """Note the variables of every call of az."""
    real = stubs.folder / "bin" / "az"
    real.rename(stubs.folder / "bin" / "real-az")
    log, renamed = stubs.folder / "seen", stubs.folder / "bin" / "real-az"
    stubs.put("az", SEEN.format(log=log, az=renamed))


def seen(stubs: Stubs) -> dict[str, str]:
    """Return what the last call of az had in its environment."""
    lines = (stubs.folder / "seen").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def run(stubs: Stubs, job: str, context: dict[str, str], **world: Any) -> Job:
    stubs.make(**azure_world.world("staging") | world)
    watch_variables(stubs)
    return run_job(stubs, "infrastructure", job, context)


CHANGES = {
    "changes": [
        {"changeType": "Modify", "resourceId": f"/x/{APP}"},
        {"changeType": "NoChange", "resourceId": "/x/kv"},
    ]
}


def test_what_if_changes_nothing_and_says_what_would_change(
    stubs: Stubs, context: dict[str, str]
) -> None:
    answers = [{"command": "deployment group what-if", "out": CHANGES}]

    job = run(stubs, "what-if", context, answers=answers)

    assert not job.failed, job.log
    assert f"Modify\t/x/{APP}" in job.summary
    assert "/x/kv" not in job.summary
    assert [call for call in stubs.calls() if " create " in call] == []


def test_deployment_keeps_image_version_and_serving_revision(
    stubs: Stubs, context: dict[str, str]
) -> None:
    outputs = {"properties": {"outputs": {"containerAppName": {"value": APP}}}}
    answers = [{"command": "deployment group create", "out": outputs}]

    job = run(stubs, "deploy", context, answers=answers)

    assert not job.failed, job.log
    kept = seen(stubs)
    assert {name: kept[name] for name in ("SERVING_REVISION", "IMAGE_DIGEST", "DEPLOY_SHA")} == {
        "SERVING_REVISION": f"{APP}--r5-1",
        "IMAGE_DIGEST": OLD_DIGEST,
        "DEPLOY_SHA": OLD_SHA,
    }
    assert kept["VERSION"] == "1.1.0"
    assert '"containerAppName"' in job.summary


def test_empty_parameters_count_as_unset(stubs: Stubs, context: dict[str, str]) -> None:
    run(stubs, "deploy", context)

    given = seen(stubs)
    assert (given["CUSTOM_DOMAIN"], given["EMAIL_URL"]) == ("staging.talenti.app", "smtp://mail")
    assert {"CERTIFICATE_ID", "POSTGRES_PASSWORD", "SECRET_KEY"} & given.keys() == set()


def test_secrets_stay_out_of_words_logs_and_summary(stubs: Stubs, context: dict[str, str]) -> None:
    job = run(stubs, "deploy", context)

    assert "smtp://mail" not in job.log + job.summary + " ".join(stubs.calls())


def test_environment_without_apps_yet_is_deployed_without_an_image(
    stubs: Stubs, context: dict[str, str]
) -> None:
    job = run(stubs, "deploy", context, apps={})

    assert not job.failed, job.log
    assert {"SERVING_REVISION", "IMAGE_DIGEST"} & seen(stubs).keys() == set()
