"""The one gate to Azure OpenAI, and to any server that speaks its protocol.

The SDK retries nothing: what may succeed later goes back into the work item with the provider's own
wish. One client lives in each process.
"""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from talenti.azure.openai_faults import as_outcome, provider_errors, provider_is_away
from talenti.azure.openai_replies import Completion, read_completion
from talenti.providers.calls import OK, Call, provider_call
from talenti.providers.names import AZURE_OPENAI, OPENAI

if TYPE_CHECKING:
    import openai

Message = Mapping[str, str]
CONNECT_SECONDS = 3.0
MAX_REPLY_BYTES = 4 * 1024**2
TOKEN_SCOPE = "https://cognitiveservices.azure.com/.default"  # noqa: S105 (a scope, no secret)
STRUCTURED_SINCE = "2024-08-01"
COMPLETION_TOKENS_SINCE = "2024-09-01"  # before it the limit was called max_tokens
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the model is and how we sign in; `model` is the deployment on Azure."""

    address: str
    is_azure: bool
    key: str = field(repr=False)
    api_version: str
    model: str
    client_id: str

    @property
    def has_structured_outputs(self) -> bool:
        """Whether a strict schema may be sent; older versions know JSON mode only."""
        return not self.is_azure or self.api_version >= STRUCTURED_SINCE

    @property
    def vendor(self) -> str:
        """Return its name in breakers, metrics and spans."""
        return AZURE_OPENAI if self.is_azure else OPENAI

    @property
    def place(self) -> str:
        """Return where it is, for labels."""
        return "Azure OpenAI" if self.is_azure else "an OpenAI-compatible server"

    @property
    def token_limit(self) -> str:
        """Return the name of the field that limits the answer's length."""
        old = not self.is_azure or self.api_version < COMPLETION_TOKENS_SINCE
        return "max_tokens" if old else "max_completion_tokens"


@dataclass(frozen=True, slots=True)
class Form:
    """The form of the answer: a JSON schema with a name, as strict structured outputs take it."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take: `seconds` in all, `max_tokens` of answer; and how it samples.

    `live`: a person waits, and something else is said when the answer is late.
    """

    seconds: float
    max_tokens: int
    temperature: float | None = None
    seed: int | None = None
    live: bool = False


def provider() -> Provider:
    """Return the configured provider; Azure when its endpoint is set."""
    if settings.AZURE_OPENAI_ENDPOINT or not settings.OPENAI_BASE_URL:
        return Provider(
            address=settings.AZURE_OPENAI_ENDPOINT,
            is_azure=True,
            key=settings.AZURE_OPENAI_API_KEY,
            api_version=settings.AZURE_OPENAI_API_VERSION,
            model=settings.AZURE_OPENAI_DEPLOYMENT_NAME,
            client_id=settings.AZURE_CLIENT_ID,
        )
    return Provider(
        address=settings.OPENAI_BASE_URL,
        is_azure=False,
        key=settings.OPENAI_API_KEY,
        api_version="",
        model=settings.OPENAI_MODEL,
        client_id="",
    )


def complete(messages: Sequence[Message], form: Form, limits: Limits) -> Completion:
    """Ask once. A filtered or refused answer is a Completion whose `finish` says so.

    Raises RetryLater for what may succeed later (busy, away, too slow, left alone) and
    PermanentFailure for what a person must put right (provider_unauthorised, deployment_not_found,
    quota_exhausted, provider_refused_request). No database connection is held meanwhile.
    """
    asked = provider()
    body = _body(asked, messages, form, limits)
    seconds, live = limits.seconds, limits.live
    with provider_call(asked.vendor, form.name, seconds=seconds, live=live) as call:
        call.note({"gen_ai.operation.name": "chat", "gen_ai.request.model": asked.model})
        try:
            completion = read_completion(_post(asked, body, seconds))
        except provider_errors() as error:
            completion = as_outcome(error)
        _note(call, completion)
    return completion


def _note(call: Call, completion: Completion) -> None:
    """Say in the span what was used, by the names that OpenTelemetry has for it."""
    call.outcome = OK if completion.finish == "stop" else completion.finish
    call.note(
        {
            "gen_ai.response.model": completion.model,
            "gen_ai.response.finish_reason": completion.finish,
            "gen_ai.usage.input_tokens": completion.input_tokens,
            "gen_ai.usage.output_tokens": completion.output_tokens,
        }
    )


def price(completion: Completion) -> Decimal | None:
    """Return what the call cost in US dollars, None when the table does not list the model."""
    table = settings.OPENAI_PRICES
    for name in (provider().model, completion.model):
        listed = [one for one in table if name == one or name.startswith(f"{one}-20")]
        if listed:
            into, out = table[max(listed, key=len)]
            return (completion.input_tokens * into + completion.output_tokens * out) / MILLION
    return None


def _body(
    asked: Provider, messages: Sequence[Message], form: Form, limits: Limits
) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "json_object"}
    if asked.has_structured_outputs:
        schema = {"name": form.name, "strict": True, "schema": dict(form.schema)}
        shape = {"type": "json_schema", "json_schema": schema}
    optional = {"temperature": limits.temperature, "seed": limits.seed}
    return {
        "model": asked.model,
        "messages": [dict(message) for message in messages],
        "response_format": shape,
        asked.token_limit: limits.max_tokens,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _post(asked: Provider, body: dict[str, Any], seconds: float) -> bytes:
    """Return the body of the answer; it is read in pieces, so that a slow drip ends in time.

    A piece that is on its way at the deadline may take as long once more.
    """
    import openai

    deadline = time.monotonic() + seconds
    connect = min(CONNECT_SECONDS, seconds / 3)
    timeout = openai.Timeout(seconds - connect, connect=connect, pool=connect)
    calls = _client(asked).chat.completions.with_streaming_response
    received = bytearray()
    with calls.create(**body, timeout=timeout) as response:
        for piece in response.iter_bytes():
            received += piece
            if time.monotonic() > deadline or len(received) > MAX_REPLY_BYTES:
                raise provider_is_away("endless_answer")
    return bytes(received)


_clients: dict[tuple[int, Provider], "openai.OpenAI"] = {}
_building = threading.Lock()


def warm_up() -> None:
    """Load the SDK and make this process's client, which the first call would wait for."""
    _ = _client(provider()).chat.completions.with_streaming_response


def _client(asked: Provider) -> "openai.OpenAI":
    """Return this process's client: sockets must not be shared with a forked parent."""
    key = (os.getpid(), asked)
    with _building:  # sixty threads with their first call at once would make sixty
        if key not in _clients:
            _clients[key] = _build(asked)
        return _clients[key]


def close_clients() -> None:
    """Close every client; the next call makes a new one."""
    while _clients:
        _clients.popitem()[1].close()


def _build(asked: Provider) -> "openai.OpenAI":
    import openai

    # A redirect would carry the key to another host.
    http = openai.DefaultHttpxClient(follow_redirects=False)
    if not asked.is_azure:
        key = asked.key or "none"  # local servers ask for no key, the SDK does
        return openai.OpenAI(base_url=asked.address, api_key=key, max_retries=0, http_client=http)
    sign_in: dict[str, Any] = {"api_key": asked.key}
    if not asked.key:
        sign_in = {"azure_ad_token_provider": _token_provider(asked.client_id)}
    return openai.AzureOpenAI(
        azure_endpoint=asked.address,
        api_version=asked.api_version,
        max_retries=0,
        http_client=http,
        **sign_in,
    )


def _token_provider(client_id: str) -> Any:
    from azure.identity import ManagedIdentityCredential, get_bearer_token_provider

    credential = ManagedIdentityCredential(
        client_id=client_id or None, connection_timeout=3, read_timeout=10, retry_total=1
    )
    return get_bearer_token_provider(credential, TOKEN_SCOPE)
