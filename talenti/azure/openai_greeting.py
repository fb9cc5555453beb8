"""The cheapest call that proves address, key, deployment and API version together."""

from talenti.azure.openai import Form, Limits, complete, provider

SECONDS = 10
MAX_TOKENS = 16
FORM = Form(
    "greeting",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["ok"],
        "properties": {"ok": {"type": "boolean"}},
    },
)
MESSAGE = {"role": "user", "content": 'Answer with the JSON object {"ok": true}.'}


def greet() -> str:
    """Return the model that answered; raises PermanentFailure or RetryLater."""
    return complete((MESSAGE,), FORM, Limits(SECONDS, MAX_TOKENS)).model or provider().model
