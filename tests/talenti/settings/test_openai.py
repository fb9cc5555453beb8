"""How the variables of Azure OpenAI are read; the file is run anew with each environment."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from talenti.settings import environment, openai
from tests.talenti.settings.anew import run_anew

ENDPOINT = "https://x.openai.azure.com/"


@pytest.fixture
def read(monkeypatch):
    return partial(run_anew, openai, monkeypatch)


def test_without_variables_the_guides_defaults_hold(read):
    values = read()
    assert values["AZURE_OPENAI_API_VERSION"] == "2024-02-15-preview"
    assert values["AZURE_OPENAI_DEPLOYMENT_NAME"] == "gpt-4o"
    assert (values["ASSESSOR_SAMPLES"], values["OPENAI_TEMPERATURE"]) == (1, 0.0)
    assert values["OPENAI_TIMEOUT_SECONDS"] == 45
    assert values["INTERVIEWER_TIMEOUT_SECONDS"] == 3


def test_deployment_has_an_alias(read):
    assert read(AZURE_OPENAI_DEPLOYMENT="judge")["AZURE_OPENAI_DEPLOYMENT_NAME"] == "judge"


ENGINES = {
    "nothing": ({}, "offline"),
    "azure endpoint": ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, "azure"),
    "other endpoint": ({"OPENAI_BASE_URL": "http://models/v1"}, "azure"),
    "named offline": ({"AZURE_OPENAI_ENDPOINT": ENDPOINT, "ASSESSOR": "offline"}, "offline"),
    "named azure": ({"ASSESSOR": "azure"}, "azure"),
    "own path": ({"ASSESSOR": "ours.Assessor"}, "ours.Assessor"),
}


@pytest.mark.parametrize(("variables", "engine"), ENGINES.values(), ids=ENGINES.keys())
def test_engine_follows_its_name_then_the_endpoint(read, variables, engine):
    assert read(**variables)["openai_engine"]("assessor") == engine


def test_deployed_an_offline_engine_has_to_be_named(read, monkeypatch):
    monkeypatch.setattr(environment, "DEPLOYED", True)
    assert read()["openai_engine"]("author") == ""
    assert read(AUTHOR="offline")["openai_engine"]("author") == "offline"


def test_price_table_is_exact(read):
    prices = read(OPENAI_PRICES=" big = 2.50/10 , small=0.15/0.6,")["OPENAI_PRICES"]
    assert prices == {
        "big": (Decimal("2.50"), Decimal(10)),
        "small": (Decimal("0.15"), Decimal("0.6")),
    }


def test_temperature_may_be_none(read):
    assert read(OPENAI_TEMPERATURE="none")["OPENAI_TEMPERATURE"] is None


WRONG = {
    "even samples": {"ASSESSOR_SAMPLES": "2"},
    "no samples": {"ASSESSOR_SAMPLES": "0"},
    "hot": {"OPENAI_TEMPERATURE": "2.1"},
    "temperature in words": {"OPENAI_TEMPERATURE": "warm"},
    "temperature that is no number": {"OPENAI_TEMPERATURE": "nan"},
    "price without out": {"OPENAI_PRICES": "big=2"},
    "price below nothing": {"OPENAI_PRICES": "big=-1/2"},
    "price without end": {"OPENAI_PRICES": "big=inf/2"},
    "endless call": {"OPENAI_TIMEOUT_SECONDS": "600"},
}


@pytest.mark.parametrize("variables", WRONG.values(), ids=WRONG.keys())
def test_wrong_value_stops_the_start_with_its_name(read, variables):
    (name,) = variables
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**variables)
