"""The emulator refuses what Communication Services would ignore or refuse."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulators.acs_shapes import faults_of

PHONE = {"rawId": "4:+4930901820", "phoneNumber": {"value": "+4930901820"}}
SSML = (
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">'
    '<voice name="en-US-JennyNeural">{}</voice></speak>'
)
PROMPT = {"kind": "ssml", "ssml": {"ssmlText": SSML.format("Hello.")}}
RIGHT: dict[str, dict[str, Any]] = {
    "create_call": {
        "targets": [PHONE],
        "sourceCallerIdNumber": {"value": "+61280001234"},
        "operationContext": "call",
        "callbackUri": "https://talenti.example/webhooks/acs/1/s",
        "callIntelligenceOptions": {"cognitiveServicesEndpoint": "https://s.example"},
    },
    "recognize": {
        "recognizeInputType": "speechOrDtmf",
        "playPrompts": [PROMPT],
        "interruptCallMediaOperation": False,
        "operationContext": "op-1",
        "recognizeOptions": {
            "interruptPrompt": True,
            "initialSilenceTimeoutInSeconds": 20,
            "targetParticipant": PHONE,
            "speechLanguage": "en-US",
            "dtmfOptions": {"interToneTimeoutInSeconds": 2, "maxTonesToCollect": 1},
            "speechOptions": {"endSilenceTimeoutInMs": 1000},
        },
    },
    "play": {
        "playSources": [PROMPT],
        "playTo": [PHONE],
        "interruptCallMediaOperation": False,
        "playOptions": {"loop": False},
        "operationContext": "op-1",
    },
    "start_recording": {
        "callConnectionId": "c",
        "recordingStateCallbackUri": "https://talenti.example/webhooks/acs/1/s",
        "recordingContentType": "audio",
        "recordingChannelType": "unmixed",
        "recordingFormatType": "wav",
        "channelAffinity": [{"channel": 0, "participant": PHONE}],
        "externalStorage": {
            "recordingStorageKind": "azureBlobStorage",
            "recordingDestinationContainerUrl": "https://t.blob.core.windows.net/r/f",
        },
    },
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each field stands."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in entries:
        if isinstance(value, dict):
            yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def within(body: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        body = body[name]
    return body


FIELDS = [(command, path) for command, body in RIGHT.items() for path in places(body)]


@pytest.mark.parametrize("command", RIGHT)
def test_right_body_is_taken(command: str) -> None:
    assert faults_of(command, RIGHT[command]) == []


@pytest.mark.parametrize(("command", "path"), FIELDS, ids=str)
def test_field_that_is_missing_or_of_another_kind_is_refused(
    command: str, path: tuple[Any, ...]
) -> None:
    missing, other = copy.deepcopy(RIGHT[command]), copy.deepcopy(RIGHT[command])
    del within(missing, path[:-1])[path[-1]]
    within(other, path[:-1])[path[-1]] = None
    optional = path == ("playPrompts",)
    assert bool(faults_of(command, missing)) is not optional
    assert faults_of(command, other)


@pytest.mark.parametrize(("command", "path"), FIELDS, ids=str)
def test_field_beside_the_known_ones_is_refused(command: str, path: tuple[Any, ...]) -> None:
    body = copy.deepcopy(RIGHT[command])
    within(body, path[:-1])["loopCount"] = 1
    assert len(faults_of(command, body)) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("recognizeOptions", "initialSilenceTimeoutInSeconds"), 21),
        (("recognizeOptions", "initialSilenceTimeoutInSeconds"), 5.0),
        (("recognizeOptions", "interruptPrompt"), "true"),
        (("recognizeOptions", "speechLanguage"), "en"),
        (("recognizeInputType",), "dtmf"),
        (("recognizeInputType",), "speech"),
        (("playPrompts",), []),
        (("playPrompts", 0, "ssml", "ssmlText"), SSML.format("x" * 401)),
        (("playPrompts", 0, "ssml", "ssmlText"), SSML.format("")),
        (("playPrompts", 0, "ssml", "ssmlText"), SSML.format("a & b")),
        (("playPrompts", 0, "ssml", "ssmlText"), SSML.replace("Jenny", "Nobody").format("Hi")),
        (("playPrompts", 0, "ssml", "ssmlText"), SSML.replace('lang="en-US', 'lang="de-DE')),
        (("playPrompts", 0, "ssml", "ssmlText"), "Hello."),
    ],
)
def test_value_that_the_service_does_not_take_is_refused(path: tuple[Any, ...], value: Any) -> None:
    body = copy.deepcopy(RIGHT["recognize"])
    within(body, path[:-1])[path[-1]] = value
    assert faults_of("recognize", body)


def test_body_where_none_belongs_is_refused() -> None:
    assert faults_of("hang_up", None) == []
    assert faults_of("hang_up", {}) == ["a body where none belongs"]
    assert faults_of("play", None) == [" is no object"]
