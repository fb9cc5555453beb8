"""What Communication Services takes in each request, as strictly as it can be said.

Every field that a request may have is named here: an unknown or a missing one is refused, so that a
test sees what the service would have ignored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.emulators.speech_voice import LANGUAGE, SPACE, VOICES

API_VERSION = "2026-03-12"
E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_PROMPT = 400
Check = Callable[[Any], bool]
Shape = Check | dict[str, Any] | list[Any]


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_number(value: Any) -> bool:
    return isinstance(value, str) and bool(E164.fullmatch(value))


def is_address(value: Any) -> bool:
    """Https, as the service wants it; on this machine also without."""
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def one_of(*allowed: Any) -> Check:
    return lambda value: any(value == one and type(value) is type(one) for one in allowed)


def between(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def is_ssml(value: Any) -> bool:
    """One voice that exists, in its own language, with plain text that is not too long."""
    try:
        speak = ET.fromstring(value)
    except (ET.ParseError, TypeError):
        return False
    voice = speak.find(f"{SPACE}voice")
    if speak.tag != f"{SPACE}speak" or voice is None or len(voice):
        return False
    name, text = voice.get("name", ""), voice.text or ""
    language = speak.get(LANGUAGE, "")
    return name in VOICES and name.startswith(language) and 0 < len(text) <= LONGEST_PROMPT


PHONE = {"rawId": is_text, "phoneNumber": {"value": is_number}}
PROMPT = {"kind": one_of("ssml"), "ssml": {"ssmlText": is_ssml}}
DTMF = {"interToneTimeoutInSeconds": between(1, 60), "maxTonesToCollect": between(1, 100)}
SHAPES: Mapping[str, dict[str, Any]] = {
    "create_call": {
        "targets": [PHONE],
        "sourceCallerIdNumber": {"value": is_number},
        "operationContext": is_text,
        "callbackUri": is_address,
        "callIntelligenceOptions": {"cognitiveServicesEndpoint": is_address},
    },
    "recognize:dtmf": {
        "recognizeInputType": one_of("dtmf"),
        "playPrompts?": [PROMPT],
        "interruptCallMediaOperation": one_of(False),
        "operationContext": is_text,
        "recognizeOptions": {
            "interruptPrompt": is_flag,
            "initialSilenceTimeoutInSeconds": between(1, 300),
            "targetParticipant": PHONE,
            "dtmfOptions": DTMF,
        },
    },
    "recognize:speechOrDtmf": {
        "recognizeInputType": one_of("speechOrDtmf"),
        "playPrompts?": [PROMPT],
        "interruptCallMediaOperation": one_of(False),
        "operationContext": is_text,
        "recognizeOptions": {
            "interruptPrompt": is_flag,
            "initialSilenceTimeoutInSeconds": between(1, 20),
            "targetParticipant": PHONE,
            "speechLanguage": lambda value: bool(re.fullmatch("[a-z]{2}-[A-Z]{2}", str(value))),
            "dtmfOptions": DTMF,
            "speechOptions": {"endSilenceTimeoutInMs": between(500, 20_000)},
        },
    },
    "play": {
        "playSources": [PROMPT],
        "playTo": [PHONE],
        "interruptCallMediaOperation": one_of(False),
        "playOptions": {"loop": one_of(False)},
        "operationContext": is_text,
    },
    "start_recording": {
        "callConnectionId": is_text,
        "recordingStateCallbackUri": is_address,
        "recordingContentType": one_of("audio"),
        "recordingChannelType": one_of("unmixed"),
        "recordingFormatType": one_of("wav"),
        "channelAffinity": [{"channel": between(0, 4), "participant": PHONE}],
        "externalStorage": {
            "recordingStorageKind": one_of("azureBlobStorage"),
            "recordingDestinationContainerUrl": is_address,
        },
    },
}
NO_BODY = {"cancel_media", "hang_up", "get_call", "delete_recording"}


def faults_of(command: str, body: Any) -> list[str]:
    """Return what is wrong with the body of a command, nothing for a right one."""
    if command in NO_BODY:
        return [] if body is None else ["a body where none belongs"]
    kind = body.get("recognizeInputType") if isinstance(body, dict) else None
    shape = SHAPES.get(f"recognize:{kind}" if command == "recognize" else command)
    return ["an unknown kind of input"] if shape is None else list(_differences(body, shape, ""))


def _differences(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from _of_object(value, shape, path)
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            yield f"{path} is no list"
            return
        for place, item in enumerate(value):
            yield from _differences(item, shape[0], f"{path}[{place}]")
    elif not shape(value):
        yield f"{path} is not as it should be"


def _of_object(value: Any, shape: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    names = {name.rstrip("?"): inner for name, inner in shape.items()}
    for name in sorted(set(value) - set(names)):
        yield f"{path}.{name} is unknown"
    for name, inner in names.items():
        if name in value:
            yield from _differences(value[name], inner, f"{path}.{name}")
        elif f"{name}?" not in shape:
            yield f"{path}.{name} is missing"
