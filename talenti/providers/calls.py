"""One call of a provider: let through, counted, timed and seen as one span, never with content."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from talenti.connections import release_connections
from talenti.errors import ProviderAway, ProviderBusy, ProviderPaused, RetryLater, TalentiError
from talenti.providers.gates import Verdict, enter
from talenti.providers.names import LIVE
from talenti.telemetry import recorder
from talenti.telemetry.recorder import Attribute, Span

OK, AWAY, THROTTLED, LATER, REFUSED, ERROR = "ok", "away", "throttled", "later", "refused", "error"
VERDICTS = {AWAY: Verdict.FAILED, LATER: Verdict.UNKNOWN, ERROR: Verdict.UNKNOWN}


@dataclass(slots=True)
class Call:
    """The call under way; `outcome` is how it ends unless an error ends it."""

    span: Span
    outcome: str = OK

    def note(self, attributes: dict[str, Attribute]) -> None:
        """Add facts to the span: ids, counts and names of models, never content."""
        self.span.note(attributes)


@contextmanager
def provider_call(
    vendor: str, operation: str, *, seconds: float, live: bool = False
) -> Iterator[Call]:
    """Make the block one call of `vendor`, which takes at most about `seconds`.

    Raises ProviderPaused or ProviderFull at once where it may not be made. Inside, raise
    ProviderAway for a provider that is down and ProviderBusy for one that throttles; every other
    error says nothing against it. With `live` (a person waits, so `seconds` are few) failures count
    among such calls only. No database connection is held meanwhile.
    """
    labels = {"vendor": vendor, "operation": operation}
    name, above = (f"{vendor}{LIVE}", vendor) if live else (vendor, "")
    try:
        passage = enter(name, seconds=seconds, above=above)
    except ProviderPaused as refusal:
        recorder.count("provider_calls", 1, **labels, outcome=refusal.code)
        raise
    outcome, fault, started = ERROR, "", time.monotonic()
    try:
        release_connections()
        with recorder.span(f"{vendor} {operation}", kind=recorder.CALL) as span:
            call = Call(span)
            try:
                yield call
                outcome = call.outcome
            except Exception as error:
                outcome, fault = outcome_of(error), fault_of(error)
                raise
            finally:
                span.note({**labels, "outcome": outcome, "fault": fault})
    finally:
        took_ms = (time.monotonic() - started) * 1000
        passage.leave(VERDICTS.get(outcome, Verdict.ANSWERED), fault)
        recorder.count("provider_calls", 1, **labels, outcome=outcome)
        recorder.measure("provider_call_duration_ms", took_ms, **labels, outcome=outcome)


def outcome_of(error: Exception) -> str:
    """Return in one word how a call ended that raised `error`."""
    if isinstance(error, ProviderAway):
        return AWAY
    if isinstance(error, ProviderBusy):
        return THROTTLED
    if isinstance(error, RetryLater):
        return LATER
    return REFUSED if isinstance(error, TalentiError) else ERROR


def fault_of(error: Exception) -> str:
    """Return what was seen, without a word of the provider's."""
    if isinstance(error, ProviderAway):
        return error.fault
    return error.code if isinstance(error, TalentiError) else type(error).__name__
