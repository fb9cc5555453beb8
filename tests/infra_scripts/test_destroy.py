"""destroy.sh deletes what is named, and nothing by mistake."""

import pytest

from tests.infra_scripts.conftest import Subscription, make_environment

GROUP, PROD = "rg-talenti-dev-aue", "rg-talenti-prod-aue"


@pytest.mark.parametrize(
    "words",
    [
        ["--env", "dev"],
        ["--env", "dev", "--confirm", "rg-talenti-staging-aue"],
        ["--env", "prod", "--confirm", PROD],
        ["--env", "dr", "--confirm", "rg-talenti-prod-sea"],
        ["--env", "prod", "--production"],
    ],
)
def test_half_a_confirmation_is_none(subscription: Subscription, words: list[str]) -> None:
    outcome = subscription.run("destroy", *words)

    assert outcome.returncode == 64
    assert subscription.stubs.calls() == []


def test_group_goes_and_names_are_free_again(deployed: Subscription) -> None:
    printed = deployed.done("destroy", "--env", "dev", "--confirm", GROUP)

    assert deployed.changes() == ["group delete", *["cognitiveservices account purge"] * 2]
    assert (deployed.world["groups"], deployed.world["deleted_accounts"]) == ([], [])
    assert deployed.world["deleted_vaults"] == ["kv-talenti-dev-aue"]
    assert "for 90 days" in printed


def test_purge_that_failed_is_done_by_the_next_run(deployed: Subscription) -> None:
    busy = {"command": "cognitiveservices account purge", "error": "(Busy)", "times": 1}
    deployed.world["answers"] = [busy]
    deployed.refused("destroy", "--env", "dev", "--confirm", GROUP)

    deployed.done("destroy", "--env", "dev", "--confirm", GROUP)

    assert deployed.world["deleted_accounts"] == []


def test_production_goes_with_a_word_more(subscription: Subscription) -> None:
    make_environment(subscription, "prod", EMAIL_URL="smtp://mail")

    subscription.done("destroy", "--env", "prod", "--confirm", PROD, "--production")

    assert subscription.world["groups"] == []


def test_dry_run_deletes_nothing(deployed: Subscription) -> None:
    printed = deployed.done("destroy", "--env", "dev", "--confirm", GROUP, "--dry-run")

    assert deployed.changes() == []
    assert f"would run: az group delete --name {GROUP}" in printed
