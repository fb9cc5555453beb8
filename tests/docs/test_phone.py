"""docs/phone.md and the phone's costs: what they say of the program is what it does."""

import re
import tomllib
from decimal import Decimal

from interviews.calls import codes
from interviews.calls.state import Fault, Outcome
from tests.architecture.tree import ROOT

PHONE = (ROOT / "docs/phone.md").read_text()
COSTS = (ROOT / "docs/costs.md").read_text()
SCRIPTS = ROOT / "interviews/callroom/simulated/scripts"
CODE = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| (.+?) \| (.+?) \| (yes|no) \|$", re.MULTILINE)
PART = re.compile(r"^\| ([^|]+) \|[^|]*\| (\d\.\d{3}) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[str, str, bool]]:
    return {
        code: (words, outcome, again == "yes")
        for named, words, outcome, again in CODE.findall(PHONE)
        for code in re.findall(r"\w+", named)
    }


def noteworthy() -> dict[str, tuple[str, str, bool]]:
    """Return the codes that end a call tellingly, or that we can mend."""
    known = {str(number) for number in codes.SIP} | {
        name
        for table in (codes.SERVICE_ENDS, codes.API, codes.CALLEE, codes.MEDIA, codes.OWN)
        for name in table
    }
    found = {code: codes.meaning(code) for code in known}
    return {
        code: (codes.explain(code), _outcome(one), codes.may_redial(one.outcome, code))
        for code, one in found.items()
        if one.outcome is not Outcome.FAILED or one.fault is Fault.OURS
    }


def _outcome(one: codes.Meaning) -> str:
    words = one.outcome.value.replace("_", " ")
    return f"{words}, {one.fault.value}" if one.fault else words


def test_table_of_codes_is_what_the_program_says() -> None:
    assert documented() == noteworthy()
    assert len(documented()) > 40


def test_every_outcome_is_explained_to_recruiters() -> None:
    page = PHONE.partition("## What candidates ask")[0]
    rows = re.findall(r"^\| ([a-z ,]+) \|.*\|.*\|$", page, re.MULTILINE)
    named = {name.strip() for row in rows for name in row.split(",")} - {"outcome"}

    assert named == {one.value.replace("_", " ") for one in Outcome}


def test_every_simulated_candidate_is_named_with_their_number() -> None:
    named = re.findall(r"^\| `(\+\d+)` \| `(\w+)` \| (.+) \|$", PHONE, re.MULTILINE)
    scripts = [(one, tomllib.loads(one.read_text())) for one in sorted(SCRIPTS.glob("*.toml"))]

    assert named == [(data["number"], path.stem, data["about"]) for path, data in scripts]
    assert len(named) > 10


def test_costs_of_a_call_add_up() -> None:
    *parts, (last, total) = PART.findall(COSTS)

    assert (last, sum(Decimal(cost) for _, cost in parts)) == ("Sum of the call", Decimal(total))
    assert len(parts) == 5
