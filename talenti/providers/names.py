"""The providers by the names that rows, metrics and logs have for them."""

AZURE_OPENAI = "azure-openai"
OPENAI = "openai"
AZURE_SPEECH = "azure-speech"
AZURE_ACS = "azure-acs"
# The keys that events are signed with.
ACS_KEYS = "azure-acs-keys"
ENTRA_KEYS = "entra-keys"
# Calls with a person waiting have a few seconds: that they are late says nothing of other calls.
LIVE = "-live"
WAITING = {AZURE_ACS: "calls under way"}

TITLES = {
    AZURE_OPENAI: "Azure OpenAI",
    OPENAI: "OpenAI-compatible server",
    AZURE_SPEECH: "Azure Speech",
    AZURE_ACS: "Azure Communication Services",
    ACS_KEYS: "Keys of Azure Communication Services",
    ENTRA_KEYS: "Keys of Microsoft Entra",
}


def title_of(name: str) -> str:
    """Return what people call it."""
    vendor = name.removesuffix(LIVE)
    title = TITLES.get(vendor, vendor)
    waiting = WAITING.get(vendor, "live questions")
    return f"{title} ({waiting})" if name.endswith(LIVE) else title
