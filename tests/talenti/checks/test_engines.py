"""System checks say what is set wrongly."""

import pytest
from django.test import override_settings

from talenti.checks import check_engines


def ids() -> list[str | None]:
    return [found.id for found in check_engines()]


def test_offline_engines_need_nothing() -> None:
    assert ids() == []


@pytest.mark.parametrize("name", ["azzure", "no.such.engine.Engine"])
def test_unknown_engine_is_an_error_and_not_a_fallback(name: str, settings) -> None:
    with override_settings(ENGINES=settings.ENGINES | {"assessor": name}):
        assert ids() == ["talenti.E001"]


class Unfinished:
    """An engine that lacks something."""

    def check(self) -> list[str]:
        return ["AZURE_OPENAI_ENDPOINT is missing."]


def test_half_set_engine_is_an_error(settings) -> None:
    path = f"{__name__}.Unfinished"
    with override_settings(ENGINES=settings.ENGINES | {"assessor": path}):
        assert [(found.id, found.msg) for found in check_engines()] == [
            ("talenti.E002", "AZURE_OPENAI_ENDPOINT is missing.")
        ]
