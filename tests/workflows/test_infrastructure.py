"""infrastructure.yml hands its variables to infra/scripts, and takes nothing away that it lacks."""

import pytest

from tests.infra_scripts.conftest import DIGEST, SHA, Subscription
from tests.workflows.runner import EXPRESSION, Job, run_job, workflow

OUTPUTS = {"containerAppName": {"type": "String", "value": "ca-api-talenti-dev-aue"}}
ANSWERS = [
    {"command": "deployment group what-if", "out": {"changes": []}},
    {
        "command": "deployment group list",
        "out": [
            {"name": "apps", "properties": {"timestamp": "2", "outputs": {}}},
            {"name": "talenti-1", "properties": {"timestamp": "1", "outputs": OUTPUTS}},
        ],
    },
    {
        "command": "deployment group show",
        "when": {"--name": "talenti-1"},
        "out": {"properties": {"outputs": OUTPUTS}},
    },
]


@pytest.fixture
def context() -> dict[str, str]:
    """Nothing is set at GitHub but one secret."""
    names = {
        name
        for job in workflow("infrastructure")["jobs"].values()
        for value in job.get("env", {}).values()
        for name in EXPRESSION.findall(str(value))
    }
    given = {"secrets.EMAIL_URL": "smtp://olga:word@mail", "inputs.environment || 'dev'": "dev"}
    return dict.fromkeys(names, "") | given


def run(subscription: Subscription, job: str, context: dict[str, str]) -> Job:
    subscription.world["answers"] = ANSWERS
    return run_job(subscription.stubs, "infrastructure", job, context)


def test_what_if_changes_nothing(deployed: Subscription, context: dict[str, str]) -> None:
    job = run(deployed, "what-if", context)

    assert not job.failed, job.log
    assert deployed.changes() == []
    assert "deployment group what-if" in " ".join(deployed.stubs.calls())


def test_deployment_keeps_what_serves_and_shows_its_outputs(
    deployed: Subscription, context: dict[str, str]
) -> None:
    job = run(deployed, "deploy", context)

    assert not job.failed, job.log
    given = deployed.template.seen[-1]
    assert {name: given[name] for name in ("IMAGE_DIGEST", "DEPLOY_SHA", "EMAIL_URL")} == {
        "IMAGE_DIGEST": DIGEST,
        "DEPLOY_SHA": SHA,
        "EMAIL_URL": "smtp://olga:word@mail",
    }
    assert '"ca-api-talenti-dev-aue"' in job.summary


def test_empty_variable_is_not_given(deployed: Subscription, context: dict[str, str]) -> None:
    """Given and empty, these would take the domain, the number and the budget away."""
    run(deployed, "deploy", context)

    given = deployed.template.seen[-1]
    assert {"CALLER_NUMBER", "CUSTOM_DOMAIN", "SECRET_KEY"} & given.keys() == set()
    assert given["BUDGET_START_DATE"]


def test_secrets_stay_out_of_words_log_and_summary(
    deployed: Subscription, context: dict[str, str]
) -> None:
    job = run(deployed, "deploy", context)

    assert "word@mail" not in job.log + job.summary + " ".join(deployed.stubs.calls())


def test_compiling_needs_no_login(subscription: Subscription) -> None:
    job = run(subscription, "validate", {"inputs.environment || 'dev'": "dev"})

    assert not job.failed, job.log
    assert [call for call in subscription.stubs.calls() if not call.startswith("bicep ")] == []
