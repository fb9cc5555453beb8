"""What went wrong at the provider, in our own words and never in its: its text may hold anything.

Faults of one question (filtered, too long) are outcomes; faults of the whole deployment are raised.
"""

import contextlib
import logging
import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from talenti.azure.openai_replies import Completion, Finish, NoCompletion
from talenti.errors import (
    PermanentFailure,
    ProviderAway,
    ProviderBusy,
    RetryLater,
    TalentiError,
)

logger = logging.getLogger(__name__)
OUTCOMES: dict[str, Finish] = {
    "content_filter": "content_filter",
    "context_length_exceeded": "too_long",
}
PERMANENT = {
    401: ("provider_unauthorised", "The AI provider refuses our key or identity."),
    403: ("provider_unauthorised", "The AI provider refuses our key or identity."),
    404: ("deployment_not_found", "The AI provider has no such deployment or API version."),
}
REFUSED = ("provider_refused_request", "The AI provider does not accept this kind of request.")
NO_QUOTA = ("quota_exhausted", "The account at the AI provider has no quota left.")
BUSY = 429
OUTAGE = {408}  # and all from 500 on
TRANSIENT = {409, 425}


def provider_is_away(fault: str) -> ProviderAway:
    """Note the fault and return what to raise for it."""
    logger.warning("provider fault vendor=openai fault=%s", fault)
    return ProviderAway("The AI provider is away or too slow.", fault=fault)


def provider_errors() -> tuple[type[Exception], ...]:
    """Return every error that a call may end with."""
    import httpx2
    import openai
    from azure.core.exceptions import AzureError

    return (openai.OpenAIError, httpx2.HTTPError, AzureError, NoCompletion)


def as_outcome(error: Exception) -> Completion:
    """Return the completion that stands for a fault of one question, or raise what it means."""
    import openai
    from azure.core.exceptions import AzureError

    if isinstance(error, AzureError):
        # The SDK does not tell an identity that is away from one that is refused.
        logger.warning("provider fault vendor=openai fault=identity")
        raise RetryLater("The managed identity got no token for the AI provider.") from None
    if not isinstance(error, openai.APIStatusError):
        raise provider_is_away(type(error).__name__) from None
    code, status = str(error.code or ""), error.status_code
    if status in {400, 413} and code in OUTCOMES:
        return Completion("", OUTCOMES[code])
    raise _status_failure(status, code, retry_after(error.response.headers)) from None


def _status_failure(status: int, code: str, after: float | None) -> TalentiError:
    shown = re.sub(r"\W", "_", code)[:60]
    logger.warning("provider fault vendor=openai status=%s code=%s", status, shown)
    if status == BUSY and code == "insufficient_quota":
        return PermanentFailure(NO_QUOTA[1], code=NO_QUOTA[0])
    message = f"The AI provider answered {status}."
    if status == BUSY:
        return ProviderBusy(message, after_seconds=after)
    if status in OUTAGE or status >= 500:
        return ProviderAway(message, fault=str(status), after_seconds=after)
    if status in TRANSIENT:
        return RetryLater(message, after_seconds=after)
    name, sentence = PERMANENT.get(status, REFUSED)
    return PermanentFailure(sentence, code=name)


def retry_after(headers: Any) -> float | None:
    """Return the seconds that the provider asks us to wait, None when it does not say."""
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (milliseconds := _number(headers.get(name))) is not None:
            return milliseconds / 1000
    given = headers.get("retry-after")
    seconds = _number(given)
    return _until(given) if seconds is None else seconds


def _number(text: str | None) -> float | None:
    with contextlib.suppress(ValueError, TypeError):
        value = float(text)  # type: ignore[arg-type]
        return max(value, 0.0) if math.isfinite(value) else None
    return None


def _until(text: str | None) -> float | None:
    """Return the seconds until an HTTP date."""
    with contextlib.suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text or "")
        return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
    return None
