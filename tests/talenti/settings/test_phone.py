"""How the variables of interviews by phone are read; the file is run anew with each environment."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from talenti.settings import environment, phone
from tests.talenti.settings.anew import run_anew

ACS = "endpoint=https://talenti.communication.azure.com/;accesskey=c2VjcmV0"
GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


@pytest.fixture
def read(monkeypatch):
    return partial(run_anew, phone, monkeypatch)


def test_connection_string_gives_address_and_key(read):
    values = read(AZURE_ACS_CONNECTION_STRING=ACS)
    assert values["AZURE_ACS_ENDPOINT"] == "https://talenti.communication.azure.com"
    assert values["AZURE_ACS_ACCESS_KEY"] == "c2VjcmV0"


def test_connection_string_is_read_in_any_case_and_order(read):
    values = read(AZURE_ACS_CONNECTION_STRING="AccessKey=a==; Endpoint = https://x.azure.com ;")
    assert (values["AZURE_ACS_ENDPOINT"], values["AZURE_ACS_ACCESS_KEY"]) == (
        "https://x.azure.com",
        "a==",
    )


def test_deployment_guides_other_spelling_of_the_connection_string_works(read):
    assert read(ACS_CONNECTION_STRING=ACS)["AZURE_ACS_ACCESS_KEY"] == "c2VjcmV0"


def test_ids_and_number_are_kept_as_events_spell_them(read):
    values = read(
        AZURE_ACS_RESOURCE_ID=GUID.upper(),
        AZURE_EVENTGRID_TENANT_ID=GUID,
        AZURE_ACS_CALLER_NUMBER="+61280001234",
    )
    assert values["AZURE_ACS_RESOURCE_ID"] == values["AZURE_EVENTGRID_TENANT_ID"] == GUID
    assert values["AZURE_ACS_CALLER_NUMBER"] == "+61280001234"


def test_two_secrets_are_accepted_while_one_replaces_the_other(read):
    assert read()["AZURE_EVENTGRID_SECRETS"] == ()
    assert read(AZURE_EVENTGRID_SECRET="new")["AZURE_EVENTGRID_SECRETS"] == ("new",)
    both = read(AZURE_EVENTGRID_SECRET="new", AZURE_EVENTGRID_PREVIOUS_SECRET="old")
    assert both["AZURE_EVENTGRID_SECRETS"] == ("new", "old")


WRONG = {
    "id with a path": ("AZURE_ACS_RESOURCE_ID", f"/subscriptions/{GUID}/resourceGroups/rg"),
    "id without hyphens": ("AZURE_ACS_RESOURCE_ID", GUID.replace("-", "")),
    "tenant by its domain": ("AZURE_EVENTGRID_TENANT_ID", "talenti.onmicrosoft.com"),
    "national number": ("AZURE_ACS_CALLER_NUMBER", "0280001234"),
    "number with spaces": ("AZURE_ACS_CALLER_NUMBER", "+61 2 8000 1234"),
    "short number": ("AZURE_ACS_CALLER_NUMBER", "+612800"),
    "long number": ("AZURE_ACS_CALLER_NUMBER", "+6128000123456789"),
    "cost with a comma": ("CALL_COST_PER_MINUTE", "0,01"),
    "cost below nothing": ("CALL_COST_PER_MINUTE", "-1"),
    "cost that is no number": ("CALL_COST_PER_MINUTE", "NaN"),
    "currency by its sign": ("CALL_CURRENCY", "$"),
    "digits of another script": (
        "AZURE_ACS_CALLER_NUMBER",
        "+6128000123\N{ARABIC-INDIC DIGIT FOUR}",
    ),
}


@pytest.mark.parametrize(("name", "value"), WRONG.values(), ids=WRONG.keys())
def test_wrong_value_stops_the_start_with_its_name(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


ENGINES = {
    "nothing": ({}, False, "offline"),
    "nothing, deployed": ({}, True, ""),
    "connection string": ({"AZURE_ACS_CONNECTION_STRING": ACS}, True, "azure"),
    "named offline": ({"AZURE_ACS_CONNECTION_STRING": ACS, "CALLROOM": "offline"}, True, "offline"),
    "own path": ({"CALLROOM": "our.Callroom"}, False, "our.Callroom"),
}


@pytest.mark.parametrize(("variables", "deployed", "engine"), ENGINES.values(), ids=ENGINES.keys())
def test_callroom_follows_its_name_then_the_connection_string(
    read, monkeypatch, variables, deployed, engine
):
    monkeypatch.setattr(environment, "DEPLOYED", deployed)
    assert read(**variables)["callroom_engine"]() == engine


def test_cost_of_a_minute_is_exact(read):
    assert read()["CALL_COST_PER_MINUTE"] == 0
    values = read(CALL_COST_PER_MINUTE="0.0135", CALL_CURRENCY="eur")
    assert (values["CALL_COST_PER_MINUTE"], values["CALL_CURRENCY"]) == (Decimal("0.0135"), "EUR")
