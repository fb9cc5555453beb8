"""Faults of Azure Speech in our own words; the provider's text stays out of ours."""

import logging
import re

from talenti.errors import (
    PermanentFailure,
    ProviderAway,
    ProviderBusy,
    RetryLater,
    TalentiError,
)

logger = logging.getLogger(__name__)
BUSY = 429
OUTAGE = {408}  # and all from 500 on
TRANSIENT = {425}
PERMANENT = {
    401: ("provider_unauthorised", "Azure Speech refuses our key or identity."),
    403: ("provider_unauthorised", "Azure Speech refuses our key or identity."),
    404: ("provider_not_found", "Azure Speech does not offer this at our endpoint."),
}
BAD_AUDIO = {400, 413, 415, 422}
REFUSED = ("provider_refused_request", "Azure Speech does not accept this kind of request.")
AWAY = "Azure Speech is away or too slow."
# How the SDK names what ended its session; anything else may pass.
SDK_STATUS = {
    "AuthenticationFailure": 401,
    "Forbidden": 403,
    "TooManyRequests": BUSY,
    "ServiceRedirectPermanent": 308,
    "BadRequest": 308,  # we decode the audio ourselves: it is our request that is refused
}


def speech_is_away(fault: str) -> ProviderAway:
    """Note the fault and return what to raise for it."""
    logger.warning("provider fault vendor=speech fault=%s", fault)
    return ProviderAway(AWAY, fault=fault)


def sdk_crashed() -> RetryLater:
    """Return what to raise when native code of the SDK ended its process: no outage of Azure's."""
    logger.warning("provider fault vendor=speech fault=crash")
    return RetryLater("The software of Azure Speech crashed.")


def status_failure(status: int, code: str = "", after: float | None = None) -> TalentiError:
    """Return what an HTTP status with the provider's own code means to us."""
    logger.warning(
        "provider fault vendor=speech status=%s code=%s", status, re.sub(r"\W", "_", code)[:60]
    )
    message = f"Azure Speech answered {status}."
    if status == BUSY:
        return ProviderBusy(message, after_seconds=after)
    if status in OUTAGE or status >= 500:
        return ProviderAway(message, fault=str(status), after_seconds=after)
    if status in TRANSIENT:
        return RetryLater(message, after_seconds=after)
    if status in BAD_AUDIO:
        return _of_request(code)
    name, sentence = PERMANENT.get(status, REFUSED)
    return PermanentFailure(sentence, code=name)


def synthesis_failure(status: int, after: float | None = None) -> TalentiError:
    """Return what an HTTP status means that answers a text: it is no audio that is wrong then."""
    if status in BAD_AUDIO:
        logger.warning("provider fault vendor=speech status=%s code=synthesis", status)
        name, sentence = REFUSED
        return PermanentFailure(sentence, code=name)
    return status_failure(status, after=after)


def _of_request(code: str) -> PermanentFailure:
    if re.search("locale|language", code, re.IGNORECASE):
        return PermanentFailure(
            "Azure Speech does not know this language.", code="language_not_supported"
        )
    return PermanentFailure("Azure Speech cannot use this audio.", code="bad_audio")


def sdk_failure(name: str) -> TalentiError:
    """Return what the SDK's cancellation code means to us."""
    return status_failure(SDK_STATUS[name]) if name in SDK_STATUS else speech_is_away(name)


def bad_answer() -> PermanentFailure:
    """Return the error for an answer that contradicts itself or the audio."""
    return PermanentFailure("Azure Speech gave an answer that cannot be.", code="bad_answer")


def retry_after(header: str | None) -> float | None:
    """Return the seconds that the provider asks us to wait, None when it does not say."""
    known = header is not None and re.fullmatch(r"\d{1,6}", header.strip())
    return float(header.strip()) if known and header else None
