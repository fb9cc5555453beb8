"""Names of providers as people read them."""

from talenti.providers.names import title_of


def test_providers_have_names_that_people_know() -> None:
    names = ("azure-openai", "azure-openai-live", "azure-acs-live", "another")
    assert [title_of(name) for name in names] == [
        "Azure OpenAI",
        "Azure OpenAI (live questions)",
        "Azure Communication Services (calls under way)",
        "another",
    ]
