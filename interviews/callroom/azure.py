"""Communication Services as the callroom: its client in the words of the protocol."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from interviews.callroom.protocol import (
    Ask,
    CallGone,
    Dial,
    Line,
    LineBusy,
    OutcomeUnknown,
    RecordOrder,
    Repeatability,
)
from interviews.calls.sentences import split_speech
from talenti.azure import calls, calls_media
from talenti.azure.calls_faults import CallOver, MediaBusy, Unanswered
from talenti.azure.calls_settings import call_provider, missing_settings
from talenti.azure.speech_synthesis import voice_named


class AzureCallroom:
    """Satisfies the Callroom protocol; the settings name the resource and the number."""

    name = "azure"
    label = "Calls by telephone (Azure Communication Services)."

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""
        return missing_settings(call_provider())

    def probe(self) -> str:
        """Call the provider once, for nothing; raises PermanentFailure or RetryLater."""
        return calls.ping()

    def warm_up(self) -> None:
        """Load the SDK, which the first call would wait for."""
        calls.warm_up()

    def speaks(self, language: str) -> bool:
        """Return whether the settings name a voice for this language, or for its main part."""
        return bool(voice_named(language))

    def place(self, dial: Dial) -> Line:
        """Ring the number. Raises OutcomeUnknown when no answer came: it may be ringing."""
        with _in_our_words():
            ids = calls.place_call(dial.number, dial.callback_url, dial.context, _once(dial.repeat))
        return Line(*ids, number=dial.number)

    def ask(self, line: Line, ask: Ask) -> None:
        """Say and listen. Raises LineBusy while another media operation runs."""
        how = calls_media.Listening(
            context=ask.context,
            language=ask.language,
            to="keys" if ask.listens == "keys" else "speech_or_keys",
            initial_silence_seconds=ask.initial_silence_seconds,
            end_silence_seconds=ask.end_silence_seconds,
            may_interrupt=ask.may_interrupt,
        )
        with _in_our_words():
            calls_media.listen(_target(line), split_speech(ask.text), how)

    def say(self, line: Line, text: str, *, language: str, context: str) -> None:
        """Say it to its end. Raises LineBusy while another media operation runs."""
        with _in_our_words():
            calls_media.speak(_target(line), split_speech(text), language=language, context=context)

    def cancel_media(self, line: Line) -> None:
        """End whatever is being said or listened to."""
        with _in_our_words():
            calls_media.cancel_media(line.connection_id)

    def start_recording(self, line: Line, order: RecordOrder) -> str:
        """Begin to record and return the recording's id; OutcomeUnknown when no answer came.

        A call that is recorded already is PermanentFailure with code `already_recording`.
        """
        with _in_our_words():
            return calls.start_recording(
                _target(line), order.folder, order.callback_url, _once(order.repeat)
            )

    def hang_up(self, line: Line) -> None:
        """End the call for everybody; one that is over already is fine."""
        with suppress(CallOver):
            calls.hang_up(line.connection_id)

    def is_alive(self, line: Line) -> bool:
        """Ask whether the call is still there."""
        return calls.is_alive(line.connection_id)

    def delete_copy(self, location: str) -> None:
        """Delete the provider's own copy of a recording; gone already is fine."""
        calls.delete_recording(location)


def _once(repeat: Repeatability) -> calls.Once:
    return calls.Once(repeat.request_id, repeat.first_sent)


def _target(line: Line) -> calls.Target:
    return calls.Target(line.connection_id, line.number)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except Unanswered as fault:
        raise OutcomeUnknown(fault.message) from None
    except CallOver:
        raise CallGone from None
    except MediaBusy as fault:
        raise LineBusy(fault.message, after_seconds=fault.after_seconds) from None
