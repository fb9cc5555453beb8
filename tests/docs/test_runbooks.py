"""Whoever is woken by an alert finds its name as a heading, and what to do below it."""

import re

import pytest

from tests.architecture.tree import ROOT
from tests.infra.scenarios import run

RUNBOOKS = ROOT / "docs/operations.md"
ALERTS = {
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/activityLogAlerts",
    "Microsoft.Consumption/budgets",
}
HEADING = re.compile(r"^### `([a-z-]+)`", re.MULTILINE)
PARTS = ("**Means**", "**Look**", "**Do**", "**Over**")


def sections() -> dict[str, str]:
    """Return the text below each alert's heading."""
    pieces = HEADING.split(RUNBOOKS.read_text())[1:]
    return {name: text.split("\n## ")[0] for name, text in zip(*[iter(pieces)] * 2, strict=True)}


def deployed() -> set[str]:
    """Return what the alerts are called, without application, environment and region."""
    names = {
        one.name
        for scenario in ("dev-serving", "prod-serving")
        for one in run(scenario).resources
        if one.type in ALERTS and not one.existing
    }
    return {re.sub(r"^alert-|-(?:egst-)?talenti-.*$", "", name) for name in names}


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert set(sections()) == deployed()


@pytest.mark.parametrize("name", sorted(sections()))
def test_runbook_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(
    name: str,
) -> None:
    assert [part for part in PARTS if part not in sections()[name]] == []


def test_every_saved_query_is_shown() -> None:
    saved = re.findall(
        r"loadTextContent\('\.\./(queries/[\w-]+\.kql)'\)",
        (ROOT / "infra/modules/queries.bicep").read_text(),
    )
    text = RUNBOOKS.read_text()

    assert [name for name in saved if f"](../infra/{name})" not in text] == []
