"""Continuous recognition by the Speech SDK. Runs in the media child process only.

The SDK is native code with threads of its own, which may hang or crash: whoever starts this process
ends it when its time is over. What went wrong is returned by the SDK's name for it.
"""

import atexit
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from talenti.azure.speech_heard import TICKS_PER_MS, UNREADABLE, Heard, share, words_of_sdk

if TYPE_CHECKING:
    import azure.cognitiveservices.speech as speech

TOKEN_SECONDS = 3600
_alive: list[Any] = []


def recognise(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `heard` (the fields of Heard each) and `fault`, mostly empty.

    Arguments: source (a WAV file), locale, voices (1: none are told apart), seconds, and region or
    endpoint with key or token.
    """
    import azure.cognitiveservices.speech as speech

    atexit.register(_leave)
    audio = speech.audio.AudioConfig(filename=arguments["source"])
    session = Session()
    recogniser: Any
    if arguments["voices"] > 1:
        recogniser = speech.transcription.ConversationTranscriber(_config(arguments), audio)
        phrases, start = recogniser.transcribed, recogniser.start_transcribing_async
    else:
        recogniser = speech.SpeechRecognizer(_config(arguments), audio)
        phrases, start = recogniser.recognized, recogniser.start_continuous_recognition_async
    _alive.append(recogniser)  # its own end may block for ten seconds, or crash
    phrases.connect(session.hear)
    recogniser.canceled.connect(session.cancel)
    recogniser.session_stopped.connect(session.stop)
    start().get()
    if not session.ended.wait(arguments["seconds"]):
        session.fault = "ServiceTimeout"
    return {"heard": [astuple(phrase) for phrase in session.heard], "fault": session.fault}


def _leave() -> None:
    """End at once, with the answer written: the SDK is not waited for."""
    sys.stdout.flush()
    os._exit(0)


def _config(arguments: Mapping[str, Any]) -> "speech.SpeechConfig":
    import azure.cognitiveservices.speech as speech

    place: dict[str, Any] = (
        {"endpoint": arguments["endpoint"]}
        if arguments["endpoint"]
        else {"region": arguments["region"]}
    )
    if arguments["key"]:
        place["subscription"] = arguments["key"]
    else:
        place["token_credential"] = Token(arguments["token"])
    config = speech.SpeechConfig(**place)
    config.speech_recognition_language = arguments["locale"]
    config.output_format = speech.OutputFormat.Detailed
    config.request_word_level_timestamps()
    config.set_profanity(speech.ProfanityOption.Raw)
    return config


class Token:
    """A token that the parent process was given; this one knows no identity."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_token(self, *_: str, **__: Any) -> Any:
        """Return the token."""
        from azure.core.credentials import AccessToken

        return AccessToken(self._value, int(time.time()) + TOKEN_SECONDS)


class Session:
    """What the SDK's threads tell, until it ends."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.fault = ""
        self.ended = threading.Event()

    def hear(self, event: Any) -> None:
        """Keep one phrase."""
        result = event.result
        if result.text:
            start = result.offset // TICKS_PER_MS
            end = (result.offset + result.duration) // TICKS_PER_MS
            best = best_reading(result.json)
            voice, words = getattr(result, "speaker_id", ""), words_of_sdk(best.get("Words"))
            self.heard.append(Heard(start, end, result.text, confidence(best), voice, words))

    def cancel(self, event: Any) -> None:
        """Note why it ended; the end of the file is no fault."""
        details = event.cancellation_details
        if details.reason.name != "EndOfStream":
            self.fault = details.code.name
        self.ended.set()

    def stop(self, _event: Any) -> None:
        """Note that it ended."""
        self.ended.set()


def best_reading(document: str) -> Mapping[str, Any]:
    """Return the best reading of the service's own document, empty where it has none."""
    try:
        best = json.loads(document)["NBest"][0]
    except UNREADABLE:
        return {}
    return best if isinstance(best, dict) else {}


def confidence(best: Mapping[str, Any]) -> float | None:
    """Return how sure the service is of a reading, None where it does not say."""
    try:
        return share(best.get("Confidence"))
    except UNREADABLE:
        return None
