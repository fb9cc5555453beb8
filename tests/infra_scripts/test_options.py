"""What every script of infra/scripts says to wrong and to few words."""

import pytest

from tests.infra_scripts.conftest import Subscription

SCRIPTS = ("checksums", "deploy", "destroy", "disaster-recovery", "validate")
WRONG = [
    ("deploy",),
    ("deploy", "--env"),
    ("deploy", "--env", "test"),
    ("deploy", "--env", "dev", "--force"),
    ("deploy", "--env", "dev", "--location", "atlantis"),
    ("deploy", "dev"),
    ("deploy", "--env", "dev", ""),
    ("deploy", "--env --location"),
    ("validate", "--env", "production"),
    ("destroy", "--confirm", "rg-talenti-dev-aue"),
    ("disaster-recovery",),
    ("disaster-recovery", "recover"),
    ("disaster-recovery", "prepare", "--env", "prod"),
    ("disaster-recovery", "prepare", "--location", "australiaeast"),
    ("disaster-recovery", "failover"),
    ("disaster-recovery", "failover", "--confirm", "rg-talenti-prod-aue"),
    ("disaster-recovery", "failover", "--dry-run", "--dns-zone", "talenti.app"),
    ("checksums",),
    ("checksums", "renew"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_words_end_with_the_usage_and_ask_azure_nothing(
    subscription: Subscription, words: tuple[str, ...]
) -> None:
    outcome = subscription.run(*words)

    assert outcome.returncode == 64, outcome.stdout
    assert f"infra/scripts/{words[0]}.sh" in outcome.stdout
    assert subscription.stubs.calls() == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_is_the_head_of_the_script(subscription: Subscription, script: str) -> None:
    printed = subscription.done(script, "--help")

    assert f"infra/scripts/{script}.sh" in printed
    assert "set -euo" not in printed
    assert subscription.stubs.calls() == []
