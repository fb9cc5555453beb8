"""The sums of docs/costs.md add up, and its prices are those of the settings."""

import re
from decimal import Decimal

from talenti.settings import openai
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "costs.md").read_text()
MONTHLY = re.compile(r"^\| ([^|]+) \|[^|]*\| (\d+) \| (\d+) \|$", re.MULTILINE)
EACH = re.compile(r"^\| ([^|]+) \|[^|]*\| (\d+\.\d{4}) \|$", re.MULTILINE)
MILLION = 1_000_000


def test_monthly_sums_are_those_of_the_rows_above() -> None:
    low = high = 0
    sums = []
    for name, least, most in MONTHLY.findall(TEXT):
        if name.startswith("Sum"):
            sums.append((name, int(least), int(most)) == (name, low, high))
        else:
            low, high = low + int(least), high + int(most)

    assert sums == [True, True]


def test_cost_of_an_interview_adds_up() -> None:
    *parts, (last, total) = EACH.findall(TEXT)

    assert (last, sum(Decimal(cost) for _, cost in parts)) == ("Sum", Decimal(total))


def test_tokens_cost_what_the_settings_say() -> None:
    into, out = openai.OPENAI_PRICES["gpt-4o"]
    costs = {name: Decimal(cost) for name, cost in EACH.findall(TEXT)}

    assert costs["scoring, tokens in"] == 6 * 2200 * into / MILLION
    assert costs["scoring, tokens out"] == 6 * 300 * out / MILLION
    assert costs["follow-up questions"] == 8 * (900 * into + 40 * out) / MILLION
