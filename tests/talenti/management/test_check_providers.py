"""One table says which provider answers."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command


class Answering:
    """An engine whose provider answers."""

    def check(self) -> list[str]:
        return []

    def probe(self) -> str:
        return "gpt-4o"


class Refusing(Answering):
    """An engine whose provider does not let us in, and quotes the key."""

    def probe(self) -> str:
        raise PermissionError("key sk-planted is wrong")


class Unfinished(Answering):
    """An engine that lacks something."""

    def check(self) -> list[str]:
        return ["AZURE_OPENAI_ENDPOINT is missing."]


def table_with(settings: Any, name: str) -> dict[str, str]:
    """Return the answers by role, with the assessor replaced; lines end in milliseconds."""
    settings.ENGINES = settings.ENGINES | {"assessor": name}
    out = StringIO()
    try:
        call_command("check_providers", stdout=out)
    finally:
        rows = [line.split(None, 2) for line in out.getvalue().splitlines()[1:]]
        answers = {role: rest.rsplit(None, 1)[0].strip() for role, _, rest in rows}
        settings.seen = answers
    return answers


def test_offline_engines_and_own_files_are_well(settings: Any) -> None:
    assert table_with(settings, "offline") == {
        **dict.fromkeys(settings.ENGINES, "local: nothing to call"),
        **{f"storage:{alias}": "ok: can be written" for alias in settings.FILE_ALIASES},
    }


def test_provider_that_answers_is_ok(settings: Any) -> None:
    assert table_with(settings, f"{__name__}.Answering")["assessor"] == "ok: gpt-4o"


@pytest.mark.parametrize(
    ("engine", "answer"),
    [
        ("Refusing", "failed: PermissionError"),
        ("Unfinished", "not configured: AZURE_OPENAI_ENDPOINT is missing."),
    ],
)
def test_trouble_is_named_without_its_words(settings: Any, engine: str, answer: str) -> None:
    with pytest.raises(CommandError, match=r"In trouble: assessor\."):
        table_with(settings, f"{__name__}.{engine}")

    assert settings.seen["assessor"] == answer
