"""Interviews by phone: Communication Services places the calls, Event Grid tells of recordings."""

from talenti import env
from talenti.settings.environment import DEPLOYED

_ACS = env.connection_parts("AZURE_ACS_CONNECTION_STRING")
AZURE_ACS_ENDPOINT = _ACS.get("endpoint", "").rstrip("/")
AZURE_ACS_ACCESS_KEY = _ACS.get("accesskey", "")  # no such part at all: managed identity
# Events of calls are signed for any customer; the resource's own id is how ours are told apart.
AZURE_ACS_RESOURCE_ID = env.guid("AZURE_ACS_RESOURCE_ID")
AZURE_ACS_CALLER_NUMBER = env.phone_number("AZURE_ACS_CALLER_NUMBER")

# Who signs the events of calls and of Event Grid, and where their public keys are. Microsoft's, so
# no variable moves them; a test does.
ACS_EVENT_ISSUER = "https://acscallautomation.communication.azure.com"
ACS_KEYS_ADDRESS = f"{ACS_EVENT_ISSUER}/calling/keys"
ENTRA_TOKEN_ISSUERS = (
    "https://sts.windows.net/{tenant}/",
    "https://login.microsoftonline.com/{tenant}/v2.0",
)
ENTRA_KEYS_ADDRESS = "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys"
# Who may deliver events: a token of this tenant for this application, and one of these secrets.
AZURE_EVENTGRID_TENANT_ID = env.guid("AZURE_EVENTGRID_TENANT_ID")
AZURE_EVENTGRID_AUDIENCE = env.text("AZURE_EVENTGRID_AUDIENCE")
AZURE_EVENTGRID_SECRETS = tuple(
    filter(
        None,
        (env.text("AZURE_EVENTGRID_SECRET"), env.text("AZURE_EVENTGRID_PREVIOUS_SECRET")),
    )
)


def callroom_engine() -> str:
    """Return who places calls: the one named, else Communication Services where it is set.

    In staging and prod the offline one has to be named, so without both there is none.
    """
    unnamed = "azure" if AZURE_ACS_ENDPOINT else "" if DEPLOYED else "offline"
    return env.text("CALLROOM", unnamed)


# How fast simulated calls are: 0 as fast as the machine can, 1 as on the telephone.
SIMULATED_CALL_PACE = env.number("SIMULATED_CALL_PACE", 0, least=0, most=1)

# When and how often somebody may be called: whole hours of the candidate's own clock.
CALL_HOURS = (
    env.number("CALL_HOURS_FROM", 9, least=0, most=23),
    env.number("CALL_HOURS_UNTIL", 20, least=1, most=24),
)
CALL_DAYS = tuple(env.words("CALL_DAYS", "mon,tue,wed,thu,fri,sat"))
CALL_ATTEMPTS = env.number("CALL_ATTEMPTS", 3, least=1, most=20)
CALL_RESUME_HOURS = env.number("CALL_RESUME_HOURS", 24, least=1, most=336)
CALL_RING_SECONDS = env.number("CALL_RING_SECONDS", 60, least=15, most=120)
CALL_MAX_MINUTES = env.number("CALL_MAX_MINUTES", 60, least=5, most=240)

# What a connected minute costs, as the console shows it; a minute that has begun counts whole.
CALL_COST_PER_MINUTE = env.amount("CALL_COST_PER_MINUTE", "0")
CALL_CURRENCY = env.currency("CALL_CURRENCY", "USD")
