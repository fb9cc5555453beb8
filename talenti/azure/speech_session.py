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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import azure.cognitiveservices.speech as speech

TICKS_PER_MS = 10_000  # the service counts in 100 ns
TOKEN_SECONDS = 3600
_alive: list[Any] = []


def recognise(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `heard` (start_ms, end_ms, text, confidence each) and `fault`, mostly empty.

    Arguments: source (a WAV file), locale, seconds, and region or endpoint with key or token.
    """
    import azure.cognitiveservices.speech as speech

    atexit.register(_leave)
    audio = speech.audio.AudioConfig(filename=arguments["source"])
    recogniser = speech.SpeechRecognizer(_config(arguments), audio)
    _alive.append(recogniser)  # its own end may block for ten seconds, or crash
    session = Session()
    recogniser.recognized.connect(session.hear)
    recogniser.canceled.connect(session.cancel)
    recogniser.session_stopped.connect(session.stop)
    recogniser.start_continuous_recognition_async().get()
    if not session.ended.wait(arguments["seconds"]):
        session.fault = "ServiceTimeout"
    return {"heard": session.heard, "fault": session.fault}


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
        self.heard: list[tuple[int, int, str, float | None]] = []
        self.fault = ""
        self.ended = threading.Event()

    def hear(self, event: Any) -> None:
        """Keep one phrase."""
        result = event.result
        if result.text:
            start = result.offset // TICKS_PER_MS
            end = (result.offset + result.duration) // TICKS_PER_MS
            self.heard.append((start, end, result.text, confidence(result.json)))

    def cancel(self, event: Any) -> None:
        """Note why it ended; the end of the file is no fault."""
        details = event.cancellation_details
        if details.reason.name != "EndOfStream":
            self.fault = details.code.name
        self.ended.set()

    def stop(self, _event: Any) -> None:
        """Note that it ended."""
        self.ended.set()


def confidence(document: str) -> float | None:
    """Return the confidence of the best reading in the service's own document."""
    try:
        return float(json.loads(document)["NBest"][0]["Confidence"])
    except (ValueError, KeyError, IndexError, TypeError):
        return None
