"""What is said and heard on a call: SSML in the language's own voice, speech or one key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from talenti.azure.calls import Target, command
from talenti.azure.calls_faults import Command
from talenti.azure.speech import locale_of
from talenti.azure.speech_synthesis import spoken_text, ssml, voice_named
from talenti.errors import PermanentFailure

if TYPE_CHECKING:
    from azure.communication.callautomation import SsmlSource

LISTEN, SPEAK, CANCEL = Command("recognize"), Command("play"), Command("cancel_media")
BETWEEN_KEYS_SECONDS = 2  # never reached: one key is all that is waited for


@dataclass(frozen=True, slots=True)
class Listening:
    """How the called one is listened to. Silences are whole seconds; `keys`: to nothing said."""

    context: str
    language: str
    to: Literal["keys", "speech_or_keys"]
    initial_silence_seconds: int
    end_silence_seconds: int
    may_interrupt: bool


def listen(target: Target, prompts: Sequence[str], how: Listening) -> None:
    """Say the prompts, if there are any, then listen until a key, or the end of what is said.

    Raises MediaBusy while something else runs, PermanentFailure (language_not_supported).
    """
    from azure.communication import callautomation as sdk

    keys_only = how.to == "keys"
    kinds = sdk.RecognizeInputType
    spoken = sources(prompts, how.language) if prompts else None
    locale = None if keys_only else _locale(how.language)
    with command(LISTEN) as client:
        client.get_call_connection(target.connection_id).start_recognizing_media(
            kinds.DTMF if keys_only else kinds.SPEECH_OR_DTMF,
            sdk.PhoneNumberIdentifier(target.number),
            play_prompt=spoken,
            interrupt_prompt=how.may_interrupt,
            initial_silence_timeout=how.initial_silence_seconds,
            dtmf_max_tones_to_collect=1,
            dtmf_inter_tone_timeout=BETWEEN_KEYS_SECONDS,
            end_silence_timeout=how.end_silence_seconds,
            speech_language=locale,
            operation_context=how.context,
        )


def speak(target: Target, texts: Sequence[str], *, language: str, context: str) -> None:
    """Say the texts one after another; raises as `listen` does, and `nothing_to_say`."""
    from azure.communication import callautomation as sdk

    spoken = sources(texts, language)
    if not spoken:
        raise PermanentFailure("There is nothing to say.", code="nothing_to_say")
    with command(SPEAK) as client:
        client.get_call_connection(target.connection_id).play_media(
            spoken, [sdk.PhoneNumberIdentifier(target.number)], operation_context=context
        )


def cancel_media(connection_id: str) -> None:
    """End whatever is being said or listened to."""
    with command(CANCEL) as client:
        client.get_call_connection(connection_id).cancel_all_media_operations()


def sources(texts: Sequence[str], language: str) -> list["SsmlSource"]:
    """Return each text as SSML, without those that hold nothing that can be said."""
    from azure.communication.callautomation import SsmlSource

    voice = voice_named(language)
    if not voice:
        raise PermanentFailure("No voice is set for this language.", code="language_not_supported")
    said = filter(None, map(spoken_text, texts))
    return [SsmlSource(ssml_text=ssml(text, voice)) for text in said]


def _locale(language: str) -> str:
    locale = locale_of(language)
    if locale is None:
        raise PermanentFailure(
            "Azure Speech is not asked for this language.", code="language_not_supported"
        )
    return locale
