"""No rule without an error that it finds."""

import re

from tests.architecture.tree import ROOT
from tests.infra.test_planted_language import PLANTED as LANGUAGE
from tests.infra.test_planted_resources import PLANTED as RESOURCES

# Planted in test_planted_texts.py, all of them of this one rule.
TEXTS = {"texts"}
NAMED = re.compile(
    r'finding\(\s*"([\w-]+)"|Finding\([^"]*?, "([\w-]+)", |"(BCP\d+)"|yield [\w.]+, "([\w-]+)"'
)


def test_every_rule_is_proved_by_a_planted_error() -> None:
    planted = {error[3] for error in [*LANGUAGE.values(), *RESOURCES.values()]} | TEXTS

    assert rules() == planted
    assert len(planted) > 40


def rules() -> set[str]:
    """Return the names that findings are given anywhere in the rules."""
    sources = [path.read_text() for path in sorted((ROOT / "tests/infra/bicep").glob("*.py"))]
    return {
        next(filter(None, found.groups())) for source in sources for found in NAMED.finditer(source)
    }
