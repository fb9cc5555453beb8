"""check_providers calls the engines of Azure OpenAI once each, cheaply."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from talenti.azure.openai_greeting import greet
from talenti.errors import PermanentFailure
from tests.emulators import openai_faults as faults

ROLES = ("assessor", "interviewer", "author")


def test_greeting_is_one_small_call_that_names_the_model(azure_openai):
    assert greet() == "gpt-4o-2024-08-06"
    (sent,) = azure_openai.requests
    assert sent.body["max_completion_tokens"] == 16


@pytest.mark.parametrize("provider", ["old_azure_openai", "other_openai"])
def test_greeting_suits_every_kind_of_server(request, provider):
    request.getfixturevalue(provider)
    assert greet() == "gpt-4o-2024-08-06"


def test_greeting_of_a_wrong_key_is_refused_by_name(azure_openai):
    azure_openai.script(faults.fails(401))
    with pytest.raises(PermanentFailure) as failed:
        greet()
    assert failed.value.code == "provider_unauthorised"


def test_table_of_providers_shows_each_role(azure_openai, settings):
    settings.ENGINES = settings.ENGINES | dict.fromkeys(ROLES, "azure")
    out = StringIO()
    call_command("check_providers", stdout=out)
    lines = {line.split()[0]: line for line in out.getvalue().splitlines()}
    assert all("ok: gpt-4o-2024-08-06" in lines[role] for role in ROLES)
    azure_openai.script(faults.fails(404))
    with pytest.raises(CommandError, match=r"In trouble: assessor\."):
        call_command("check_providers", stdout=StringIO())
