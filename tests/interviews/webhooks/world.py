"""Two doors as they stand in Azure: whose tokens are asked for, and who has which keys."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from interviews.models import Call, CallEntry, DeadLetter
from interviews.services.call_addresses import secret_of
from interviews.states import CallStatus
from talenti.webhooks.issuers import EVENT_GRID, SUBSCRIBER
from talenti.work.models import WorkItem
from tests.emulators.acs_signing import Signer
from tests.interviews.call_rows import make_call, make_phone_interview
from tests.people import People
from tests.talenti.webhooks.issuer import know, make_signer

ACS_ISSUER = "https://acscallautomation.communication.azure.com"
ACS_KEYS = f"{ACS_ISSUER}/calling/keys"
RESOURCE = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
OTHER_TENANT = "11111111-86f1-41af-91ab-2d7cd011db47"
ENTRA_ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"
ENTRA_KEYS = f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"
APPLICATION = "1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
SECRET, OLD_SECRET = "s" * 40, "p" * 40
SUBSCRIPTION = "/subscriptions/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
TOPIC = (
    f"{SUBSCRIPTION}/resourceGroups/rg-talenti/providers/Microsoft.Communication/"
    "CommunicationServices/acs-talenti"
)
CONNECTION = "411f0b00-d97f-49ad-a6ff-4f8a3b2c1d0e"


@dataclass(frozen=True)
class Door:
    """One door: where, whose tokens, and what these say."""

    path: str
    signer: Signer
    claims: dict[str, Any]

    def token(self, **claims: Any) -> str:
        """Return a right token, unless claims make it wrong."""
        return self.signer.token(**(self.claims | claims))


@dataclass(frozen=True)
class World:
    """Both doors, a call that is under way, and another one."""

    call: Call
    other: Call
    acs: Door
    eventgrid: Door

    def post(self, door: Door, body: bytes = b"[]", **values: Any) -> Any:
        """Deliver a body, with a right token unless `token` or `authorization` is another one."""
        token = values.pop("token", None) or door.token()
        headers = {"Authorization": values.pop("authorization", f"Bearer {token}")}
        if not body:  # the client would leave them out
            headers |= {"Content-Type": "application/json", "Content-Length": "0"}
        headers |= values.pop("headers", {})
        given = {"content_type": "application/json"} | values
        return Client().post(given.pop("path", door.path), body, headers=headers, **given)


def make_world(people: People, settings: Any) -> World:
    """Return it; the keys are known, so that nobody is asked."""
    settings.AZURE_ACS_RESOURCE_ID = RESOURCE
    settings.AZURE_ACS_ENDPOINT = "https://acs-talenti.australia.communication.azure.com"
    settings.AZURE_EVENTGRID_TENANT_ID = TENANT
    settings.AZURE_EVENTGRID_AUDIENCE = APPLICATION
    settings.AZURE_EVENTGRID_SECRETS = (SECRET, OLD_SECRET)
    call = make_call(
        make_phone_interview(people.home), CallStatus.CONNECTED, connection_id=CONNECTION
    )
    other = make_call(make_phone_interview(people.home, name="Erin Eve"), CallStatus.CONNECTED)
    acs = make_signer(issuer=ACS_ISSUER, audience=RESOURCE, kid="acs-1")
    entra = make_signer(issuer=ENTRA_ISSUER, audience=APPLICATION, kid="entra-1")
    know(ACS_KEYS, acs)
    know(ENTRA_KEYS, entra)
    rights = {"tid": TENANT, "azp": EVENT_GRID, "roles": [SUBSCRIBER]}
    return World(
        call=call,
        other=other,
        acs=Door(address_of(call), acs, {}),
        eventgrid=Door(f"/webhooks/eventgrid/?secret={SECRET}", entra, rights),
    )


def address_of(call: Call) -> str:
    """Return the path that a call's events come to."""
    return f"/webhooks/acs/{call.pk}/{secret_of(call.pk)}"


def rows() -> dict[str, int]:
    """Return how much there is of all that a door may write."""
    return {model.__name__: model.objects.count() for model in (CallEntry, DeadLetter, WorkItem)}


NOTHING = {"CallEntry": 0, "DeadLetter": 0, "WorkItem": 0}
