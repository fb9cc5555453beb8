"""deploy.sh in an empty subscription: its order, and what ended in the middle."""

import pytest

from tests.infra_scripts.conftest import SHA, Subscription, make_environment
from tests.infra_scripts.template import DOMAIN, secrets_in

GROUP, APP = "rg-talenti-dev-aue", "ca-api-talenti-dev-aue"
READY = f"https://{APP}.{DOMAIN}/health/ready"
FIRST = [
    "provider register",
    "group create",
    "deployment group create",
    "acr build",
    "deployment group create",
    "containerapp job update",
    "containerapp job start",
    "deployment group create",
]


def test_first_deployment_makes_registry_image_migrations_and_apps_in_this_order(
    subscription: Subscription,
) -> None:
    printed = subscription.done("deploy", "--env", "dev")

    assert subscription.changes() == FIRST
    first, second, third = subscription.template.seen
    digest = subscription.world["registries"]["acrtalentidev"][f"talenti:sha-{SHA}"]
    assert [one.get("IMAGE_DIGEST") for one in (first, second, third)] == [None, digest, digest]
    assert [one.get("DEPLOY_APPS") for one in (first, second, third)] == [None, "false", None]
    assert subscription.world["jobs"]["caj-migrate-talenti-dev-aue"]["started"] == [
        f"acrtalentidev.azurecr.io/talenti@{digest}"
    ]
    assert f"https://{APP}.{DOMAIN} is ready" in printed
    assert "manage.py bootstrap" in printed


def test_group_has_the_tags_of_the_guide(subscription: Subscription) -> None:
    subscription.done("deploy", "--env", "staging", EMAIL_URL="smtp://mail")

    (created,) = [call for call in subscription.stubs.calls() if call.startswith("group create")]
    assert "--name rg-talenti-staging-aue --location australiaeast" in created
    assert "--tags project=talenti environment=staging managedBy=bicep" in created


def test_secrets_are_made_once_and_shown_nowhere(subscription: Subscription) -> None:
    smtp = {"SMTP_APPLICATION_ID": "a", "SMTP_PRINCIPAL_ID": "p", "SMTP_PASSWORD": "given-password"}
    subscription.done("deploy", "--env", "dev", **smtp)
    made = dict(subscription.world["vaults"]["kv-talenti-dev-aue"])
    subscription.done("deploy", "--env", "dev")

    seen = subscription.template.seen
    names = ("SECRET_KEY", "JWT_SECRET", "POSTGRES_PASSWORD")
    secrets = [seen[0][name] for name in names]
    assert [len(secret) for secret in secrets] == [65, 65, 65]
    assert len(set(secrets)) == 3
    assert [name for name in names if name in seen[-1]] == []
    assert made["email-url"] == "smtp://given-password@mail"
    assert subscription.world["vaults"]["kv-talenti-dev-aue"] == made
    shown = "\n".join([*subscription.printed, *subscription.stubs.calls()])
    assert secrets_in(shown, [*secrets, "given-password"]) == []


FAILING = [
    *("provider register", "group create", "acr build", "containerapp job update"),
    *("containerapp job start", "containerapp job execution show", "rest"),
]


@pytest.mark.parametrize("command", FAILING)
def test_failed_command_stops_it_and_the_next_run_goes_on(
    subscription: Subscription, command: str
) -> None:
    subscription.world["answers"] = [{"command": command, "error": "(Busy) later", "times": 1}]

    printed = subscription.refused("deploy", "--env", "dev")
    assert "(Busy) later" in printed
    assert "STOPPED at: " in printed

    assert f"https://{APP}.{DOMAIN} is ready" in subscription.done("deploy", "--env", "dev")
    assert subscription.revisions(APP) == ["t1"]


def test_who_may_only_change_a_group_deploys_into_it(subscription: Subscription) -> None:
    subscription.world["groups"] = [GROUP]
    subscription.world["answers"] = [
        {"command": command, "error": "(AuthorizationFailed)", "times": 9}
        for command in ("provider list", "keyvault list-deleted")
    ]

    printed = subscription.done("deploy", "--env", "dev")

    assert "providers are left to whoever owns the subscription" in printed


@pytest.mark.parametrize("number", [1, 2, 3])
def test_failed_template_is_mended_with_a_password_that_fits(
    subscription: Subscription, number: int
) -> None:
    subscription.template.fails = {number}
    subscription.refused("deploy", "--env", "dev")

    subscription.done("deploy", "--env", "dev")

    password = subscription.world["passwords"]["psql-talenti-dev-aue"]
    assert f":{password}@" in subscription.world["vaults"]["kv-talenti-dev-aue"]["database-url"]
    assert len([name for name in subscription.changes() if name == "acr build"]) <= 2


def test_failed_migration_starts_no_app(subscription: Subscription) -> None:
    failed = {"properties": {"status": "Failed"}}
    plan = {"command": "containerapp job execution show", "out": failed, "times": 1}
    subscription.world["answers"] = [plan]

    assert "migrations ended: Failed" in subscription.refused("deploy", "--env", "dev")
    assert subscription.world["apps"] == {}


def test_app_that_is_not_ready_is_no_success(subscription: Subscription) -> None:
    subscription.world["http"][READY] = [{"status": 503}]

    printed = subscription.refused("deploy", "--env", "dev")

    assert "does not answer 200" in printed
    assert "bootstrap" not in printed


def test_deleted_vault_comes_back_with_its_secrets(deployed: Subscription) -> None:
    key = deployed.world["vaults"]["kv-talenti-dev-aue"]["secret-key"]
    deployed.done("destroy", "--env", "dev", "--confirm", GROUP)
    deployed.world.update(apps={}, jobs={}, databases={})

    deployed.done("deploy", "--env", "dev")

    assert "keyvault recover" in deployed.changes()
    assert deployed.world["vaults"]["kv-talenti-dev-aue"]["secret-key"] == key


@pytest.mark.parametrize("state", ["empty", "deployed"])
def test_dry_run_changes_nothing_and_says_what_it_would(
    subscription: Subscription, state: str
) -> None:
    if state == "deployed":
        make_environment(subscription, "dev")

    printed = subscription.done("deploy", "--env", "dev", "--dry-run")

    assert subscription.changes() == []
    assert "would run: az deployment group create" in printed
    assert ("would run: az acr build" in printed) == (state == "empty")


def test_mail_is_asked_for_before_anything_is_deployed(subscription: Subscription) -> None:
    assert "set EMAIL_URL" in subscription.refused("deploy", "--env", "prod")
    assert "deployment group create" not in subscription.changes()


def test_other_region_has_other_names(subscription: Subscription) -> None:
    subscription.done("deploy", "--env", "dev", "--location", "uksouth")

    assert subscription.world["groups"] == ["rg-talenti-dev-uks"]
    assert subscription.template.seen[0]["DEPLOY_LOCATION"] == "uksouth"


def test_recovery_region_gets_no_secret_of_its_own(subscription: Subscription) -> None:
    printed = subscription.refused("deploy", "--env", "dr", EMAIL_URL="smtp://mail")

    assert "has to be that of production" in printed
    assert "deployment group create" not in subscription.changes()


def test_wanted_subscription_is_chosen(subscription: Subscription) -> None:
    subscription.done("deploy", "--env", "dev", "--dry-run", AZURE_SUBSCRIPTION_ID="another")

    assert "account set --subscription another" in subscription.stubs.calls()


def test_who_is_not_signed_in_is_told_so(subscription: Subscription) -> None:
    subscription.world["answers"] = [{"command": "account show", "error": "Please run 'az login'"}]

    assert "sign in first: az login" in subscription.refused("deploy", "--env", "dev")
    assert subscription.changes() == []


def test_script_of_the_guide_is_the_same(subscription: Subscription) -> None:
    words = ["scripts/deploy.sh", "--env", "dev", "--location", "australiaeast", "--dry-run"]

    outcome = subscription.stubs.run(words)

    assert outcome.returncode == 0, outcome.stdout
    assert "rg-talenti-dev-aue" in outcome.stdout
