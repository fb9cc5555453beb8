"""disaster-recovery.sh: the region that waits, and production moved there."""

from typing import Any

import pytest

from tests.infra_scripts.conftest import DIGEST, SECRETS, SHA, Subscription, make_environment
from tests.infra_scripts.template import DOMAIN, secrets_in
from tests.stubs.subscriptions import SERVERS

GROUP = "rg-talenti-prod-sea"
DATABASE, VAULT = "psql-talenti-prod-sea", "kv-talenti-prod-sea"
APP = "ca-api-talenti-prod-sea"
FAILOVER = ("failover", "--confirm", GROUP)
ZONE = ("--dns-zone", "talenti.app", "--dns-zone-group", "rg-dns")
DOMAIN_OF_OURS = {"CUSTOM_DOMAIN": "api.talenti.app"}
AZCOPY = '#!/bin/bash\necho "$AZCOPY_AUTO_LOGIN_TYPE $*" >>"$(dirname "$0")/../copied"\n'


@pytest.fixture
def production(subscription: Subscription) -> Subscription:
    """Production in its own region; nothing elsewhere."""
    make_environment(subscription, "prod", EMAIL_URL="smtp://mail")
    return subscription


def prepare(production: Subscription) -> str:
    return production.done("disaster-recovery", "prepare", EMAIL_URL="smtp://mail")


@pytest.fixture
def prepared(production: Subscription) -> Subscription:
    """Production, and a recovery region that waits; azcopy is installed."""
    prepare(production)
    production.forget()
    production.template.seen.clear()
    production.stubs.put("azcopy", AZCOPY)
    return production


def copied(subscription: Subscription) -> list[str]:
    path = subscription.stubs.folder / "copied"
    return path.read_text().splitlines() if path.exists() else []


def lose_region(subscription: Subscription) -> None:
    """Nothing of production answers."""
    names = ("containerapp ingress traffic show", "containerapp revision show", "containerapp show")
    gone = {"--name": "ca-api-talenti-prod-aue"}
    plans: list[dict[str, Any]] = [
        {"command": name, "when": gone, "error": "(ServiceUnavailable)", "times": 99}
        for name in names
    ]
    subscription.world["answers"] = plans
    subscription.world["closed_vaults"] = ["kv-talenti-prod-aue"]


def test_prepared_region_has_everything_but_apps(production: Subscription) -> None:
    printed = prepare(production)

    world = production.world
    assert world["databases"][DATABASE] == "GeoAsyncReplica"
    assert world["registries"]["acrtalentiprodsea"] == {f"talenti:sha-{SHA}": DIGEST}
    assert world["vaults"][VAULT]["secret-key"] == SECRETS["SECRET_KEY"]
    assert world["vaults"][VAULT]["jwt-secret"] == SECRETS["JWT_SECRET"]
    assert f"{SECRETS['POSTGRES_PASSWORD']}@{DATABASE}" in world["vaults"][VAULT]["database-url"]
    assert (APP in world["apps"], "caj-migrate-talenti-prod-sea" in world["jobs"]) == (False, True)
    assert production.template.seen[-1]["POSTGRES_SOURCE_SERVER_ID"] == (
        f"/x/{SERVERS}/psql-talenti-prod-aue"
    )
    assert "containerapp job start" not in production.changes()
    assert "PREPARED" in printed


def test_replica_has_as_much_storage_as_production(production: Subscription) -> None:
    production.world["storage"] = {"psql-talenti-prod-aue": 256}

    prepare(production)

    assert production.template.seen[0]["POSTGRES_STORAGE_GB"] == "256"


def test_preparing_again_brings_the_new_image(prepared: Subscription) -> None:
    newer = "sha256:" + "e" * 64
    prepared.world["registries"]["acrtalentiprod"][f"talenti:sha-{'e' * 40}"] = newer
    container = prepared.world["apps"]["ca-api-talenti-prod-aue"]["revisions"][-1]["containers"][0]
    container["image"] = f"acrtalentiprod.azurecr.io/talenti@{newer}"
    container["env"] = [{"name": "DEPLOY_SHA", "value": "e" * 40}]

    prepare(prepared)

    assert prepared.world["registries"]["acrtalentiprodsea"] == {
        f"talenti:sha-{SHA}": DIGEST,
        f"talenti:sha-{'e' * 40}": newer,
    }


def test_production_moves_with_its_secrets_and_image(prepared: Subscription) -> None:
    printed = prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)

    world = prepared.world
    order = prepared.changes()
    assert order[0] == "postgres flexible-server replica promote"
    assert order.index("containerapp job start") < len(order) - 1
    assert world["databases"][DATABASE] == "None"
    assert "POSTGRES_CREATE_MODE" not in prepared.template.seen[0]
    assert world["vaults"][VAULT]["secret-key"] == SECRETS["SECRET_KEY"]
    assert world["apps"][APP]["domains"] == ["api.talenti.app"]
    assert [one["CUSTOM_DOMAIN"] for one in prepared.template.seen] == [
        *[""] * 3,
        "api.talenti.app",
    ]
    (record,) = [call for call in prepared.stubs.calls() if "set-record" in call]
    assert "--zone-name talenti.app --record-set-name api" in record
    assert f"--cname {APP}.{DOMAIN}" in record
    assert copied(prepared) == [
        f"AZCLI copy https://sttalentiprodaue-secondary.blob.core.windows.net/{name}/*"
        f" https://sttalentiprodsea.blob.core.windows.net/{name} --recursive --overwrite=false"
        for name in ("interview-recordings", "candidate-documents")
    ]
    assert "RECOVERY COMPLETE" in printed


def test_region_that_is_gone_is_replaced_by_what_was_prepared(prepared: Subscription) -> None:
    lose_region(prepared)

    printed = prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)

    assert "production does not answer" in printed
    container = prepared.world["apps"][APP]["revisions"][-1]["containers"][0]
    assert container["image"] == f"acrtalentiprodsea.azurecr.io/talenti@{DIGEST}"
    assert {"name": "VERSION", "value": "1.2.3"} in container["env"]
    assert "RECOVERY COMPLETE" in printed


def test_restored_server_takes_the_place_of_the_replica(production: Subscription) -> None:
    production.stubs.put("azcopy", AZCOPY)
    url = {"DATABASE_URL": "postgres://talenti:restored-word@restored:5432/talenti"}
    mail = {"EMAIL_URL": "smtp://mail"}

    production.done("disaster-recovery", *FAILOVER, *ZONE, **url, **mail, **DOMAIN_OF_OURS)

    assert "postgres flexible-server replica promote" not in production.changes()
    assert production.world["vaults"][VAULT]["database-url"] == url["DATABASE_URL"]
    assert DATABASE not in production.world["databases"]
    assert secrets_in("\n".join(production.stubs.calls()), ["restored-word"]) == []


def test_without_replica_and_without_server_it_says_what_to_do(production: Subscription) -> None:
    printed = production.refused("disaster-recovery", *FAILOVER)

    assert "restore a server" in printed
    assert "set DATABASE_URL" in printed
    assert production.changes() == []


def test_moving_again_changes_nothing_more(prepared: Subscription) -> None:
    prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)
    prepared.forget()
    revisions = len(prepared.world["apps"][APP]["revisions"])

    printed = prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)

    assert prepared.changes() == [
        "deployment group create",
        "network dns record-set cname set-record",
    ]
    assert len(prepared.world["apps"][APP]["revisions"]) == revisions
    assert "RECOVERY COMPLETE" in printed


STEPS = (
    *("postgres flexible-server replica promote", "containerapp job start"),
    *("network dns record-set cname set-record", "containerapp job execution show"),
)


@pytest.mark.parametrize("command", STEPS)
def test_failed_step_is_no_recovery_until_it_is_mended(
    prepared: Subscription, command: str
) -> None:
    prepared.world["answers"] = [{"command": command, "error": "(Busy) later", "times": 1}]
    slack = {"SLACK_WEBHOOK_URL": "https://hooks.example/1"}
    prepared.world["http"]["https://hooks.example/1"] = [{"status": 200}]

    printed = prepared.refused("disaster-recovery", *FAILOVER, *ZONE, **slack, **DOMAIN_OF_OURS)
    assert "STOPPED at: " in printed
    assert "COMPLETE" not in printed

    printed = prepared.done("disaster-recovery", *FAILOVER, *ZONE, **slack, **DOMAIN_OF_OURS)
    assert "RECOVERY COMPLETE" in printed
    assert ["failure" in text for _, text in prepared.world["posted"]] == [True, False]


def test_record_that_is_ours_to_change_is_waited_for(prepared: Subscription) -> None:
    printed = prepared.refused("disaster-recovery", *FAILOVER, **DOMAIN_OF_OURS)
    assert f"change the record of api.talenti.app to a CNAME of {APP}.{DOMAIN}" in printed
    assert "COMPLETE" not in printed
    assert prepared.world["apps"][APP]["domains"] == []

    printed = prepared.done("disaster-recovery", *FAILOVER, "--dns-changed", **DOMAIN_OF_OURS)
    assert prepared.world["apps"][APP]["domains"] == ["api.talenti.app"]
    assert "RECOVERY COMPLETE" in printed


def test_recordings_that_are_not_copied_are_no_recovery(prepared: Subscription) -> None:
    (prepared.stubs.folder / "bin" / "azcopy").unlink()
    words = (*FAILOVER, *ZONE)

    printed = prepared.refused("disaster-recovery", *words, **DOMAIN_OF_OURS)
    assert "recordings and documents are not copied" in printed
    assert "COMPLETE" not in printed
    assert APP in prepared.world["apps"]

    prepared.stubs.put("azcopy", AZCOPY)
    assert "RECOVERY COMPLETE" in prepared.done("disaster-recovery", *words, **DOMAIN_OF_OURS)


def test_planned_move_waits_for_the_replica(prepared: Subscription) -> None:
    prepared.done("disaster-recovery", *FAILOVER, "--planned", *ZONE, **DOMAIN_OF_OURS)

    (promoted,) = [call for call in prepared.stubs.calls() if " promote " in call]
    assert "--promote-mode standalone --promote-option planned" in promoted


def test_region_that_became_production_is_not_prepared(prepared: Subscription) -> None:
    prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)
    prepared.forget()

    printed = prepared.refused("disaster-recovery", "prepare", EMAIL_URL="smtp://mail")

    assert "is production now" in printed
    assert prepared.changes() == []


def test_vault_that_does_not_answer_is_named(production: Subscription) -> None:
    production.world["closed_vaults"] = ["kv-talenti-prod-aue"]

    printed = production.refused("disaster-recovery", "prepare", EMAIL_URL="smtp://mail")

    assert "does not tell SECRET_KEY" in printed
    assert production.changes() == []


@pytest.mark.parametrize("words", [("prepare",), (*FAILOVER, *ZONE)], ids=["prepare", "failover"])
def test_dry_run_changes_nothing(prepared: Subscription, words: tuple[str, ...]) -> None:
    printed = prepared.done(
        "disaster-recovery", *words, "--dry-run", EMAIL_URL="smtp://mail", **DOMAIN_OF_OURS
    )

    assert prepared.changes() == []
    assert copied(prepared) == []
    assert "would run: az deployment group create" in printed
    assert "COMPLETE" not in printed


def test_secrets_are_shown_nowhere(prepared: Subscription) -> None:
    prepared.done("disaster-recovery", *FAILOVER, *ZONE, **DOMAIN_OF_OURS)

    shown = "\n".join([*prepared.printed, *prepared.stubs.calls()])
    assert secrets_in(shown, [*SECRETS.values()]) == []
