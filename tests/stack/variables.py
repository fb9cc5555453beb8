"""The variables of the stack: those of docs/settings.md, pointed at what runs on this machine."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tests.emulators.acs import CALLER, RESOURCE_ID
from tests.emulators.acs import KEY as ACS_KEY
from tests.emulators.openai import OpenAiEmulator
from tests.emulators.speech import KEY, SpeechEmulator
from tests.services.azurite_server import AzuriteServer
from tests.services.environment import OWN_INSTALLATION, PROVIDERS

ROOT = Path(__file__).resolve().parents[2]
CONTAINERS = ("interview-recordings", "candidate-documents", "exports")


@dataclass(frozen=True, slots=True)
class Backing:
    """What the processes stand on."""

    port: int
    database_url: str
    redis_url: str
    azurite: AzuriteServer
    openai: OpenAiEmulator
    speech: SpeechEmulator
    line_port: int


def take_over(backing: Backing, folder: Path) -> dict[str, str]:
    """Make the stack's variables those of this process, whose children inherit them."""
    for name in list(os.environ):
        if name in OWN_INSTALLATION or name.startswith(PROVIDERS):
            del os.environ[name]
    variables = variables_for(backing, folder)
    os.environ |= variables
    return variables


def variables_for(backing: Backing, folder: Path) -> dict[str, str]:
    """Return what a deployment sets; each engine follows from its endpoint."""
    return {
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "PYTHONPATH": str(ROOT),
        "ENVIRONMENT": "dev",
        "DATA_DIR": str(folder / "data"),
        "PORT": str(backing.port),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SECRET": secrets.token_urlsafe(48),
        "DATABASE_URL": backing.database_url,
        "REDIS_URL": backing.redis_url,
        "AZURE_STORAGE_ACCOUNT": backing.azurite.account,
        "AZURE_STORAGE_ACCOUNT_KEY": backing.azurite.key,
        "AZURE_STORAGE_ENDPOINT": backing.azurite.endpoint,
        "AZURE_OPENAI_ENDPOINT": backing.openai.url,
        "AZURE_OPENAI_API_KEY": backing.openai.key,
        "AZURE_SPEECH_ENDPOINT": backing.speech.endpoint,
        "AZURE_SPEECH_KEY": KEY,
        # In one request: the SDK gives up an emulator that needs long to listen to a whole call.
        "TRANSCRIBER_MODE": "fast",
        "LINE_PORT": str(backing.line_port),
        "AZURE_ACS_CONNECTION_STRING": f"endpoint=http://127.0.0.1:{backing.line_port}/;"
        f"accesskey={ACS_KEY}",
        "AZURE_ACS_RESOURCE_ID": RESOURCE_ID,
        "AZURE_ACS_CALLER_NUMBER": CALLER,
        "AZURE_EVENTGRID_TENANT_ID": RESOURCE_ID,
        "AZURE_EVENTGRID_AUDIENCE": RESOURCE_ID,
        "AZURE_EVENTGRID_SECRET": secrets.token_urlsafe(32),
    }
