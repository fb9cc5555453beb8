"""Names of providers as people read them."""

from talenti.providers.names import title_of


def test_providers_have_names_that_people_know() -> None:
    assert [title_of(name) for name in ("azure-openai", "azure-openai-live", "another")] == [
        "Azure OpenAI",
        "Azure OpenAI (live questions)",
        "another",
    ]
