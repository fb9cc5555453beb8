"""deploy.sh where something serves already: it goes on serving until something better is ready."""

import pytest

from tests.infra_scripts.conftest import DIGEST, SHA, Subscription, make_environment
from tests.infra_scripts.template import DOMAIN

GROUP, APP = "rg-talenti-dev-aue", "ca-api-talenti-dev-aue"


def weights(subscription: Subscription) -> dict[str, int]:
    traffic = subscription.world["apps"][APP]["traffic"]
    return {one["revisionName"]: one["weight"] for one in traffic if one.get("weight")}


def test_second_run_keeps_everything(deployed: Subscription) -> None:
    before = deployed.world["apps"][APP]["revisions"][-1]["containers"]

    printed = deployed.done("deploy", "--env", "dev")

    assert deployed.changes() == ["deployment group create"]
    assert deployed.revisions(APP) == ["t1"]
    assert deployed.world["apps"][APP]["revisions"][-1]["containers"] == before
    assert weights(deployed) == {f"{APP}--t1": 100}
    assert "nothing changed" in printed


def test_changed_setting_takes_over_once_it_is_ready(deployed: Subscription) -> None:
    deployed.done("deploy", "--env", "dev", EMAIL_FROM="Talenti <new@talenti.app>")

    assert deployed.template.seen[-1]["SERVING_REVISION"] == f"{APP}--t1"
    assert deployed.world["apps"][APP]["history"] == [{f"{APP}--t2": 100}]
    assert [one["active"] for one in deployed.world["apps"][APP]["revisions"]] == [True, True]


def test_revision_that_is_not_ready_gets_nothing_until_it_is(deployed: Subscription) -> None:
    deployed.world["http"][f"https://{APP}--t2.{DOMAIN}/health/ready"] = [{"status": 503}]
    settings = {"EMAIL_FROM": "Talenti <new@talenti.app>"}
    printed = deployed.refused("deploy", "--env", "dev", **settings)
    assert "goes on serving" in printed
    assert weights(deployed) == {f"{APP}--t1": 100}

    deployed.world["http"][f"https://{APP}--t2.{DOMAIN}/health/ready"] = [{"status": 200}]
    deployed.done("deploy", "--env", "dev", **settings)

    assert weights(deployed) == {f"{APP}--t2": 100}
    assert deployed.revisions(APP) == ["t1", "t2"]


def test_revision_that_was_rolled_back_stays_so(deployed: Subscription) -> None:
    settings = {"EMAIL_FROM": "Talenti <new@talenti.app>"}
    deployed.done("deploy", "--env", "dev", **settings)
    app = deployed.world["apps"][APP]
    app["traffic"] = [{"revisionName": f"{APP}--t1", "weight": 100}]
    app["revisions"][1]["active"] = False

    printed = deployed.done("deploy", "--env", "dev", **settings)

    assert weights(deployed) == {f"{APP}--t1": 100}
    assert "nothing changed" in printed


def test_running_canary_is_left_alone(deployed: Subscription) -> None:
    app = deployed.world["apps"][APP]
    app["revisions"].append(app["revisions"][0] | {"name": f"{APP}--t2"})
    split = [{"revisionName": f"{APP}--t{n}", "weight": weight} for n, weight in ((1, 90), (2, 10))]
    app["traffic"] = split

    printed = deployed.refused("deploy", "--env", "dev")

    assert "a canary is being tried" in printed
    assert deployed.changes() == []


def test_app_that_never_became_ready_is_mended_by_other_settings(
    deployed: Subscription,
) -> None:
    deployed.world["apps"][APP]["revisions"][0]["state"] = "Degraded"
    deployed.world["registries"]["acrtalentidev"] = {f"talenti:sha-{SHA}": DIGEST}

    deployed.done("deploy", "--env", "dev", EMAIL_FROM="Talenti <right@talenti.app>")

    assert deployed.revisions(APP) == ["t1", "t2"]
    assert deployed.world["apps"][APP]["traffic"] == [{"latestRevision": True, "weight": 100}]


def test_pipeline_that_may_only_change_its_group_asks_nothing_of_the_subscription(
    deployed: Subscription,
) -> None:
    deployed.world["answers"] = [
        {"command": command, "error": "(AuthorizationFailed)", "times": 9}
        for command in ("provider list", "keyvault list-deleted")
    ]

    deployed.done("deploy", "--env", "dev")


def test_budget_keeps_the_day_it_was_made_on(deployed: Subscription) -> None:
    deployed.done("deploy", "--env", "dev")
    period = {"timePeriod": {"startDate": "2025-02-01T00:00:00Z"}}
    deployed.world["budgets"] = {GROUP: [{"name": "budget-talenti-dev-aue", "properties": period}]}
    deployed.done("deploy", "--env", "dev")
    deployed.done("deploy", "--env", "dev", BUDGET_START_DATE="")

    made, kept, without = (one["BUDGET_START_DATE"] for one in deployed.template.seen)
    assert (made[-3:], kept, without) == ("-01", "2025-02-01", "")


def test_storage_that_has_grown_does_not_shrink(deployed: Subscription) -> None:
    deployed.world["storage"] = {"psql-talenti-dev-aue": 512}

    deployed.done("deploy", "--env", "dev")

    deployed.done("deploy", "--env", "dev", POSTGRES_STORAGE_GB="256")
    deployed.done("deploy", "--env", "dev", POSTGRES_STORAGE_GB="1024")

    seen = [one["POSTGRES_STORAGE_GB"] for one in deployed.template.seen]
    assert seen == ["512", "512", "1024"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"CUSTOM_DOMAIN": "api.talenti.app"}, "set CUSTOM_DOMAIN"),
        ({"CALLER_NUMBER": "+61255501234"}, "set CALLER_NUMBER"),
        ({"DATABASE_URL": "postgres://other"}, "set DATABASE_URL"),
        ({"EMAIL_FROM": "Talenti <mail@talenti.app>"}, "set EMAIL_FROM"),
    ],
)
def test_what_was_given_once_is_not_forgotten(
    subscription: Subscription, given: dict[str, str], missing: str
) -> None:
    make_environment(subscription, "dev", **given)
    if "CALLER_NUMBER" in given:
        env = subscription.world["apps"][APP]["revisions"][-1]["containers"][0]["env"]
        env.append({"name": "AZURE_ACS_CALLER_NUMBER", "value": given["CALLER_NUMBER"]})

    assert missing in subscription.refused("deploy", "--env", "dev")
    assert subscription.changes() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "set MAIL_DOMAIN and MAIL_DOMAIN_VERIFIED"),
        ({"MAIL_DOMAIN": "talenti.app"}, "set MAIL_DOMAIN_VERIFIED"),
        ({"MAIL_DOMAIN": "talenti.app", "MAIL_DOMAIN_VERIFIED": "true"}, ""),
        ({"MAIL_DOMAIN": ""}, ""),
    ],
)
def test_domain_of_mails_stays_unless_it_is_taken_away_on_purpose(
    subscription: Subscription, given: dict[str, str], said: str
) -> None:
    make_environment(subscription, "prod", EMAIL_URL="smtp://mail")
    subscription.world["linked"] = "talenti.app"

    outcome = subscription.run("deploy", "--env", "prod", **given)

    assert said in outcome.stdout
    assert (outcome.returncode == 0) == (not said), outcome.stdout


def test_half_of_an_application_that_sends_mail_is_refused(deployed: Subscription) -> None:
    printed = deployed.refused("deploy", "--env", "dev", SMTP_PASSWORD="word")

    assert "set SMTP_APPLICATION_ID and SMTP_PRINCIPAL_ID" in printed


def test_other_image_is_a_release(deployed: Subscription) -> None:
    printed = deployed.refused("deploy", "--env", "dev", IMAGE_DIGEST="sha256:" + "f" * 64)

    assert "another image is a release" in printed
    assert deployed.changes() == []
