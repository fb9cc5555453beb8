"""The stack's telephone line, in a process of its own: python -m tests.stack.line PORT.

It stands in for Communication Services and for Event Grid. The candidates of the simulated line
pick up, the demo's among them; what they say is recorded into Blob Storage.
"""

import sys
import threading

import django

django.setup()

from django.conf import settings  # noqa: E402 - the models exist once Django is set up
from django.utils import timezone  # noqa: E402

from talenti.models import SigningKeys  # noqa: E402
from talenti.storage.azure import configured_account  # noqa: E402
from talenti.webhooks.jwks import read_keys  # noqa: E402
from tests.emulators.acs import AcsEmulator  # noqa: E402
from tests.emulators.acs_played import Played  # noqa: E402
from tests.emulators.acs_recordings import to_blob_storage  # noqa: E402
from tests.emulators.acs_signing import Signer  # noqa: E402
from tests.emulators.acs_tapes import EventGrid  # noqa: E402


def main(port: int) -> None:
    """Serve until ended."""
    tenant = settings.AZURE_EVENTGRID_TENANT_ID
    entra = Signer(
        settings.ENTRA_TOKEN_ISSUERS[0].format(tenant=tenant), settings.AZURE_EVENTGRID_AUDIENCE
    )
    secret = settings.AZURE_EVENTGRID_SECRETS[0]
    door = f"{settings.PUBLIC_URL}/webhooks/eventgrid/?secret={secret}"
    with AcsEmulator(port=port) as emulator:
        emulator.exchange.callee = Played.at
        emulator.exchange.tapes.upload = to_blob_storage(configured_account())
        emulator.exchange.tapes.keeps_copies = False
        emulator.exchange.tapes.event_grid = EventGrid(door, entra, tenant)
        believe(settings.ACS_KEYS_ADDRESS, emulator.jwks())
        believe(settings.ENTRA_KEYS_ADDRESS.format(tenant=tenant), entra.jwks())
        threading.Event().wait()


def believe(address: str, keys: bytes) -> None:
    """Let these be the keys at this address, as if read just now: nobody asks Microsoft here."""
    values = {"keys": read_keys(keys), "fetched_at": timezone.now()}
    SigningKeys.objects.update_or_create(address=address, defaults=values)


if __name__ == "__main__":
    main(int(sys.argv[1]))
