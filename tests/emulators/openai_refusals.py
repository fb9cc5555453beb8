"""What the service refuses before a model is asked, with its status and words."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.openai import Received

Refusal = tuple[int, dict[str, Any]]
ACCEPTED: Refusal = (0, {})
KNOWN_FIELDS = {"model", "messages", "response_format", "seed", "temperature"}
UNSUPPORTED = {"minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"}


def refuse(received: "Received", key: str, deployments: tuple[str, ...], token: str) -> Refusal:
    """Return the status and the error of a refusal, or ACCEPTED."""
    is_azure = received.path.startswith("/openai/deployments/")
    if not received.path.endswith("/chat/completions"):
        return _error(404, "404", "Resource not found")
    if not _is_signed_in(received, is_azure, key, token):
        return _error(401, "401", "Access denied due to invalid subscription key.")
    if received.deployment not in deployments:
        return _error(404, "DeploymentNotFound", "The API deployment does not exist.")
    version = received.query.get("api-version", "")
    if is_azure and not re.fullmatch(r"20\d\d-\d\d-\d\d(-preview)?", version):
        return _error(404, "404", "Resource not found")
    wrong = next(_wrong_fields(received.body, version if is_azure else ""), None)
    return _error(400, "invalid_request_error", wrong) if wrong else ACCEPTED


def _is_signed_in(received: "Received", is_azure: bool, key: str, token: str) -> bool:
    bearer = received.headers.get("authorization")
    if is_azure:
        return received.headers.get("api-key") == key or bearer == f"Bearer {token}"
    return bearer == f"Bearer {key}"


def _wrong_fields(body: Mapping[str, Any], version: str) -> Iterator[str]:
    limits = {"max_completion_tokens", "max_tokens"}
    if version and version < "2024-09-01":
        limits = {"max_tokens"}
    if unknown := set(body) - KNOWN_FIELDS - limits:
        yield f"Unrecognized request argument supplied: {', '.join(sorted(unknown))}"
    form = body.get("response_format", {})
    if form.get("type") == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        yield "'messages' must contain the word 'json' in some form"
    if form.get("type") == "json_schema":
        if version and version < "2024-08-01":
            yield "response_format value as json_schema is enabled only for 2024-08-01 and later"
        yield from _loose_parts(form["json_schema"]["schema"])


def _loose_parts(schema: Any) -> Iterator[str]:
    """Yield what strict structured outputs do not take."""
    parts = schema if isinstance(schema, list) else []
    if isinstance(schema, dict):
        parts = list(schema.values())
        yield from _looseness(schema)
    for part in parts:
        yield from _loose_parts(part)


def _looseness(schema: dict[str, Any]) -> Iterator[str]:
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield "'additionalProperties' is required to be supplied and to be false"
        if set(schema.get("required", ())) != set(schema.get("properties", {})):
            yield "'required' is required to include every key in properties"
    if UNSUPPORTED & set(schema):
        yield f"not permitted: {', '.join(sorted(UNSUPPORTED & set(schema)))}"


def _error(status: int, code: str, message: str) -> Refusal:
    return status, {"code": code, "message": message}
