"""Whose tokens are asked for at each door, as the settings have it."""

from django.conf import settings

from talenti.providers.names import ACS_KEYS, ENTRA_KEYS
from talenti.webhooks.claims import Rules

# Tokens of calls live five minutes; the bound only keeps endless ones out.
CALL_TOKEN_SECONDS = 3600
# Those of managed identities and services live up to a day, and some minutes.
ENTRA_TOKEN_SECONDS = 25 * 3600
EVENT_GRID = "4962773b-9cdb-44cf-a8bf-237846a00ab7"  # its application, the same in every tenant
SUBSCRIBER = "AzureEventGridSecureWebhookSubscriber"


def call_rules() -> Rules | None:
    """Return what events of calls have to prove; None: no resource may send any."""
    if not settings.AZURE_ACS_RESOURCE_ID:
        return None
    return Rules(
        vendor=ACS_KEYS,
        keys_address=settings.ACS_KEYS_ADDRESS,
        issuers=frozenset({settings.ACS_EVENT_ISSUER}),
        audience=settings.AZURE_ACS_RESOURCE_ID,
        longest_seconds=CALL_TOKEN_SECONDS,
    )


def event_grid_rules() -> Rules | None:
    """Return what Event Grid has to prove; None: it delivers nothing here."""
    tenant, audience = settings.AZURE_EVENTGRID_TENANT_ID, settings.AZURE_EVENTGRID_AUDIENCE
    if not (tenant and audience and settings.AZURE_EVENTGRID_SECRETS):
        return None
    issuers = (issuer.format(tenant=tenant) for issuer in settings.ENTRA_TOKEN_ISSUERS)
    return Rules(
        vendor=ENTRA_KEYS,
        keys_address=settings.ENTRA_KEYS_ADDRESS.format(tenant=tenant),
        issuers=frozenset(issuers),
        audience=audience,
        longest_seconds=ENTRA_TOKEN_SECONDS,
        exact={"tid": tenant},
        caller=EVENT_GRID,
        role=SUBSCRIBER,
    )
