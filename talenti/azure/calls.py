"""The one gate to Azure Communication Services: it places a call and drives it, and records it.

The SDK retries nothing. What must not happen twice carries the repeatability headers that were
stored before it was first sent, and goes over a connection of its own: one that has idled may have
been forgotten on its way, and nobody would know whether the request arrived.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from talenti.azure.calls_faults import CallOver, Command, no_answer, told_apart
from talenti.azure.calls_settings import CallProvider, call_provider
from talenti.azure.credentials import OwnIdentity, managed_identity
from talenti.providers.calls import provider_call
from talenti.providers.names import AZURE_ACS

if TYPE_CHECKING:
    from azure.communication.callautomation import CallAutomationClient
    from azure.core.credentials import AzureKeyCredential
    from requests import Session

CONNECT_SECONDS, READ_SECONDS = 3, 7
SECONDS = float(CONNECT_SECONDS + READ_SECONDS)
NO_CALL = "00000000-0000-0000-0000-000000000000"
DISCONNECTED = "disconnected"

PLACE = Command("create_call", once=True, on_call=False)
RECORD = Command("start_recording", once=True)
HANG_UP, ASK_STATE = Command("hang_up"), Command("get_call")
DELETE = Command("delete_recording")


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a repeated request the same one to the service; `first_sent` is aware."""

    request_id: str
    first_sent: datetime

    def headers(self) -> dict[str, str]:
        """Return the headers, with the moment as HTTP writes dates."""
        moment = format_datetime(self.first_sent.astimezone(UTC), usegmt=True)
        return {"Repeatability-Request-ID": self.request_id, "Repeatability-First-Sent": moment}


@dataclass(frozen=True, slots=True)
class Target:
    """A placed call and the number in it (E.164)."""

    connection_id: str
    number: str


def place_call(number: str, callback_url: str, context: str, once: Once) -> tuple[str, str]:
    """Ring the number (E.164); return the ids of its connection and of the call at the server.

    Raises Unanswered when it may be ringing although no answer came.
    """
    from azure.communication.callautomation import PhoneNumberIdentifier

    asked = call_provider()
    called, caller = PhoneNumberIdentifier(number), PhoneNumberIdentifier(asked.caller_number)
    with command(PLACE) as client:
        placed = client.create_call(
            called,
            callback_url,
            source_caller_id_number=caller,
            operation_context=context,
            cognitive_services_endpoint=asked.speech_endpoint,
            headers=once.headers(),
        )
        if not (placed.call_connection_id and placed.server_call_id):
            raise no_answer("no id", PLACE, sent=True)
    return placed.call_connection_id, placed.server_call_id


def start_recording(target: Target, folder: str, callback_url: str, once: Once) -> str:
    """Record both sides, the called one on channel 0, as WAV below `folder`; return its id.

    Raises Unanswered when it may be recording although no answer came, PermanentFailure with code
    `already_recording` when it was before.
    """
    from azure.communication import callautomation as sdk

    channel = sdk.ChannelAffinity(sdk.PhoneNumberIdentifier(target.number), channel=0)
    storage = sdk.AzureBlobContainerRecordingStorage(f"{call_provider().recordings_url}/{folder}")
    with command(RECORD) as client:
        started = client.start_recording(
            call_connection_id=target.connection_id,
            recording_state_callback_url=callback_url,
            recording_content_type=sdk.RecordingContent.AUDIO,
            recording_channel_type=sdk.RecordingChannel.UNMIXED,
            recording_format_type=sdk.RecordingFormat.WAV,
            channel_affinity=[channel],
            recording_storage=storage,
            headers=once.headers(),
        )
        if not started.recording_id:
            raise no_answer("no id", RECORD, sent=True)
    return started.recording_id


def hang_up(connection_id: str) -> None:
    """End the call for everybody; raises CallOver when it is over already."""
    with command(HANG_UP) as client:
        client.get_call_connection(connection_id).hang_up(is_for_everyone=True)


def is_alive(connection_id: str) -> bool:
    """Ask whether the call is still there."""
    try:
        with command(ASK_STATE) as client:
            properties = client.get_call_connection(connection_id).get_call_properties()
    except CallOver:
        return False
    return properties.call_connection_state != DISCONNECTED


def delete_recording(location: str) -> None:
    """Delete the service's own copy; one that is gone, or in a storage of others, is fine."""
    # ValueError: the SDK signs requests to the service's own hosts only, and sent nothing.
    with suppress(CallOver), command(DELETE, live=False) as client, suppress(ValueError):
        client.delete_recording(location)


def ping() -> str:
    """Ask for a call that cannot be, which costs nothing; raises as `is_alive` does."""
    try:
        with told_apart(ASK_STATE):
            _client(call_provider()).get_call_connection(NO_CALL).get_call_properties()
    except CallOver:
        return "signed in"
    return "answered"


@contextmanager
def command(asked: Command, *, live: bool = True) -> Iterator["CallAutomationClient"]:
    """Make the block one request, by the client it is given; raises what `told_apart` does."""
    with provider_call(AZURE_ACS, asked.name, seconds=SECONDS, live=live):
        client = _client(call_provider(), alone=asked.once)
        with told_apart(asked):
            yield client


_clients: dict[tuple[int, CallProvider, bool], "CallAutomationClient"] = {}
_building = threading.Lock()


def warm_up() -> None:
    """Load the SDK and make this process's clients, which the first call would wait for."""
    for alone in (False, True):
        _client(call_provider(), alone=alone)


def close_clients() -> None:
    """Close every client; the next request makes a new one."""
    while _clients:
        _clients.popitem()[1].close()


def _client(provider: CallProvider, *, alone: bool = False) -> "CallAutomationClient":
    """Return this process's client: sockets must not be shared with a forked parent."""
    key = (os.getpid(), provider, alone)
    with _building:
        if key not in _clients:
            _clients[key] = _build(provider, alone=alone)
        return _clients[key]


def _build(provider: CallProvider, *, alone: bool) -> "CallAutomationClient":
    from azure.communication.callautomation import CallAutomationClient
    from azure.core.pipeline.transport import RequestsTransport

    transport = RequestsTransport(
        session=_single_session() if alone else _shared_session(),
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
    )
    # Not from a connection string: that would make https of any address.
    return CallAutomationClient(
        provider.endpoint,
        _credential(provider),
        transport=transport,
        retry_total=0,
        permit_redirects=False,  # what we sign is for this address alone
    )


def _shared_session() -> "Session":
    """Return a session that keeps as many connections as there may be requests at once."""
    from requests import Session
    from requests.adapters import HTTPAdapter

    session = Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=settings.PROVIDER_CALLS_AT_ONCE))
    return session


def _single_session() -> "Session":
    """Return a session that opens a connection for each request."""
    from requests import PreparedRequest, Response, Session

    class SingleSession(Session):
        def send(self, request: PreparedRequest, **options: Any) -> Response:
            with Session() as session:
                return session.send(request, **options)

    return SingleSession()


def _credential(provider: CallProvider) -> "AzureKeyCredential | OwnIdentity":
    from azure.core.credentials import AzureKeyCredential

    if provider.key:
        return AzureKeyCredential(provider.key)
    return OwnIdentity(managed_identity(provider.client_id))
