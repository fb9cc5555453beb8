"""Faults of Communication Services in our own words; its texts repeat numbers and addresses."""

import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from talenti.azure.openai_faults import retry_after
from talenti.errors import PermanentFailure, ProviderAway, ProviderBusy, RetryLater, TalentiError

logger = logging.getLogger(__name__)
AWAY = "Communication Services is away or too slow."
NAMES = {401: "provider_unauthorised", 403: "provider_unauthorised", 404: "provider_not_found"}
AGAIN_AFTER_SECONDS = 0.5  # a media operation that is in the way ends soon

# Sub-codes as the service's own table names them.
GONE = {"8522", "8528", "8543"}  # not found, terminated, does not exist
NOT_IN_CALL = {"8501", "8585"}  # not connected yet, or not any more: the next try tells which
IN_THE_WAY = {"8500", "8519", "8583"}  # media busy, conflict, incompatible operation
RECORDED = {"8553", "8559", "8571"}
THROTTLED = {"8516", "8530", "8589"}
UNLINKED = {"7606", "8567", "8568"}

CODE = re.compile(r"\d{1,8}|[A-Za-z]{1,40}", re.ASCII)

UNAUTHORISED = "Communication Services refuses our key or identity."
SENTENCES = {
    **dict.fromkeys(RECORDED, "Communication Services records this call already."),
    **dict.fromkeys(UNLINKED, "Communication Services may not use the Azure AI resource."),
    "7507": "The calling number is not this resource's own.",
}
FIRST_REFUSAL = 300
BUSY, TIMED_OUT, UNAVAILABLE, NO_SUCH, NOT_ALLOWED = 429, 408, 503, 404, 405
# To placing a call: this id is known, so the call may be ringing since somebody asked before.
REPEATED = {409, 412}


class Unanswered(ProviderAway):
    """A request that must not be made twice may have arrived: nobody knows what came of it."""


class CallOver(PermanentFailure):
    """There is no such call any more, or no such copy."""

    def __init__(self) -> None:
        super().__init__("The call is over.", code="call_gone")


class MediaBusy(RetryLater):
    """Something else is being said or listened to on this call."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked. `once`: twice would ring or record twice. `on_call`: about what was there."""

    name: str
    once: bool = False
    on_call: bool = True


@contextmanager
def told_apart(command: Command) -> Iterator[None]:
    """Raise RetryLater or PermanentFailure for whatever the SDK raises."""
    from azure.core.exceptions import AzureError, DeserializationError

    try:
        yield
    # The SDK stumbles with errors of Python's own over an answer that is not as agreed.
    except (AzureError, DeserializationError, AttributeError, LookupError, TypeError) as error:
        raise translated(error, command) from None


def translated(error: Exception, command: Command) -> TalentiError:
    """Return what the error means to us."""
    status = getattr(error, "status_code", None) or 0
    if status < FIRST_REFUSAL:  # a success that is none, or no answer at all
        sent = bool(status) or _may_have_left(error)
        return no_answer(type(error).__name__, command, sent=sent)
    headers = getattr(getattr(error, "response", None), "headers", {})
    return refusal(status, _code_of(error), command, after=retry_after(headers))


def no_answer(fault: str, command: Command, *, sent: bool) -> ProviderAway:
    """Note the fault and return what to raise where no usable answer came."""
    logger.warning("provider fault vendor=acs operation=%s fault=%s", command.name, fault)
    kind = Unanswered if sent and command.once else ProviderAway
    return kind(AWAY, fault=fault)


def refusal(status: int, code: str, command: Command, *, after: float | None) -> TalentiError:
    """Return what an answer means that is no success."""
    if expected := _state_of_call(status, code, command):
        return expected
    logger.warning(
        "provider fault vendor=acs operation=%s status=%s code=%s", command.name, status, code
    )
    message = f"Communication Services answered {status}."
    if status == BUSY or code in THROTTLED:
        return ProviderBusy(message, after_seconds=after)
    if status == TIMED_OUT or status >= 500:
        # Only 503 says that nothing was done: others may come from a gateway in between.
        kind = Unanswered if command.once and status != UNAVAILABLE else ProviderAway
        return kind(message, fault=str(status), after_seconds=after)
    return _permanent(status, code, message)


def _state_of_call(status: int, code: str, command: Command) -> TalentiError | None:
    """Return what an answer means that speaks of the call, and not of the service or of us."""
    if not command.on_call:
        return no_answer(str(status), command, sent=True) if status in REPEATED else None
    if status == NO_SUCH or (code in GONE and status != NOT_ALLOWED):
        return CallOver()
    if code in IN_THE_WAY:
        return MediaBusy("Something else runs on this call.", after_seconds=AGAIN_AFTER_SECONDS)
    if code in NOT_IN_CALL:
        return RetryLater("The call is not connected.", after_seconds=AGAIN_AFTER_SECONDS)
    return None


def _permanent(status: int, code: str, message: str) -> PermanentFailure:
    """Return the failure with the service's own number as its code, where it gave one."""
    message = SENTENCES.get(code) or (UNAUTHORISED if status in {401, 403} else message)
    if code in RECORDED:
        return PermanentFailure(message, code="already_recording")
    if code.isdigit():
        return PermanentFailure(message, code=code)
    return PermanentFailure(message, code=NAMES.get(status, "provider_refused_request"))


def _code_of(error: Any) -> str:
    """Return the sub-code of the answer, or a code that is one word; other text may be anything."""
    code = str(getattr(getattr(error, "error", None), "code", None) or "")
    return code if CODE.fullmatch(code) else ""


def _may_have_left(error: Exception) -> bool:
    """Return whether the request may have arrived.

    Only these are sure to come before it: nobody took the connection, or not whom we looked for.
    """
    from urllib3.exceptions import ConnectTimeoutError

    before = (ConnectTimeoutError, ssl.SSLCertVerificationError)
    return not any(isinstance(cause, before) for cause in _causes(error))


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """Yield the error and those inside it: SDK, requests and urllib3 each wrap the one below."""
    yield error
    within = [getattr(error, "inner_exception", None), error.__cause__, *error.args]
    for cause in within if depth else []:
        if isinstance(cause, BaseException):
            yield from _causes(cause, depth - 1)
