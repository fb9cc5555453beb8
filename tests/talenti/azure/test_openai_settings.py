"""What the checks say of half-set and contradicting settings."""

import pytest

from talenti.azure.openai_settings import missing_settings

KEY = "a-key-that-no-sentence-shows"
CASES = {
    "nothing": (
        {},
        ["AZURE_OPENAI_ENDPOINT is missing (or OPENAI_BASE_URL for another server)."],
    ),
    "azure with a key": (
        {"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com", "AZURE_OPENAI_API_KEY": KEY},
        [],
    ),
    "azure with an identity": ({"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com"}, []),
    "azure in clear": (
        {"AZURE_OPENAI_ENDPOINT": "http://x.openai.azure.com"},
        ["AZURE_OPENAI_ENDPOINT must be an https address."],
    ),
    "azure with a password in it": (
        {"AZURE_OPENAI_ENDPOINT": f"https://me:{KEY}@x.openai.azure.com"},
        ["AZURE_OPENAI_ENDPOINT must be an https address."],
    ),
    "azure as no address": (
        {"AZURE_OPENAI_ENDPOINT": "https://[x"},
        ["AZURE_OPENAI_ENDPOINT must be an https address."],
    ),
    "odd version": (
        {"AZURE_OPENAI_ENDPOINT": "https://x", "AZURE_OPENAI_API_VERSION": "latest"},
        ["AZURE_OPENAI_API_VERSION must read as 2024-10-21 or 2024-02-15-preview."],
    ),
    "odd deployment": (
        {"AZURE_OPENAI_ENDPOINT": "https://x", "AZURE_OPENAI_DEPLOYMENT_NAME": "a b"},
        ["AZURE_OPENAI_DEPLOYMENT_NAME is not the name of a deployment."],
    ),
    "the other server's key for azure": (
        {"AZURE_OPENAI_ENDPOINT": "https://x", "OPENAI_API_KEY": KEY},
        ["OPENAI_API_KEY is set without OPENAI_BASE_URL: Azure uses AZURE_OPENAI_API_KEY."],
    ),
    "another server": ({"OPENAI_BASE_URL": "http://models:8000/v1"}, []),
    "another server without an address": (
        {"OPENAI_BASE_URL": "models:8000/v1"},
        ["OPENAI_BASE_URL must be an http or https address."],
    ),
    "azure's key for another server": (
        {"OPENAI_BASE_URL": "https://x/v1", "AZURE_OPENAI_API_KEY": KEY},
        ["AZURE_OPENAI_API_KEY is set without AZURE_OPENAI_ENDPOINT."],
    ),
    "both": (
        {"AZURE_OPENAI_ENDPOINT": "https://x", "OPENAI_BASE_URL": "https://y/v1"},
        ["AZURE_OPENAI_ENDPOINT and OPENAI_BASE_URL are both set. Set one."],
    ),
}


@pytest.mark.parametrize(("given", "said"), CASES.values(), ids=CASES.keys())
def test_what_is_missing_or_contradicting_is_named_without_its_value(settings, given, said):
    for name, value in given.items():
        setattr(settings, name, value)
    assert missing_settings() == said
    assert KEY not in "".join(said)
