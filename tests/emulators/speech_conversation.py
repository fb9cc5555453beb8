"""The words of the Speech SDK's protocol: headers and a body in each WebSocket message."""

import json
import struct
import uuid
from typing import Any

from tests.emulators.websocket import WebSocket

TICKS_PER_MS = 10_000  # the service counts in 100 ns


def converse(socket: WebSocket, script: Any, asked: dict[str, Any]) -> None:
    """Listen to the end of the audio, then say what was heard, as the script has it.

    The SDK ends its audio twice; the second turn holds nothing.
    """
    turn, wav = "", bytearray()
    for message in socket.messages():
        headers, body = parse(message)
        path = headers.get("path", "").lower()
        if path != "audio":
            asked["messages"][path] = body
            continue
        if not turn:
            turn = headers["x-requestid"]
            say(socket, "turn.start", turn, {"context": {"serviceTag": uuid.uuid4().hex}})
            say(socket, "speech.startDetected", turn, {"Offset": 0})
        asked["audio_bytes"] += len(body)
        wav += body if isinstance(body, bytes) else body.encode()
        if not body:
            heard = [] if asked["answered"] else script.hear(bytes(wav))
            answer(socket, turn, documents(heard, asked["messages"]), script.fault)
            turn, asked["answered"] = "", True
            if script.fault.manner == "cut":
                return


def answer(socket: WebSocket, turn: str, phrases: list[dict[str, Any]], fault: Any) -> None:
    """Send the phrases and end the turn; `cut` leaves after the first phrase."""
    if fault.manner == "garbage":
        socket.send(f"X-RequestId:{turn}\r\nPath:speech.phrase\r\n\r\n{{not json")
    for phrase in phrases:
        if fault.manner == "broken words":
            phrase["NBest"][0]["Words"] = [{"Word": 7}]
        say(socket, "speech.phrase", turn, phrase)
        if fault.manner == "cut":
            return
    end = {"RecognitionStatus": "EndOfDictation", "Offset": 0, "Duration": 0}
    say(socket, "speech.phrase", turn, end)
    say(socket, "turn.end", turn, {})


def documents(phrases: list[Any], messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the recognised phrases in the detailed format, with as much as was asked for."""
    asked = json.loads(messages.get("speech.context") or "{}")
    options = asked.get("phraseOutput", {}).get("detailed", {}).get("options", [])
    diarises = "speakerDiarization" in asked.get("phraseDetection", {})
    return [
        document(phrase)
        | {"NBest": [best(phrase, options)]}
        | ({"SpeakerId": label_of(phrase.voice)} if diarises else {})
        for phrase in phrases
    ]


def label_of(voice: int) -> str:
    """Return the service's label; some voices it cannot place."""
    return f"Guest-{voice}" if voice else "Unknown"


def document(phrase: Any) -> dict[str, Any]:
    """Return one recognised phrase."""
    return {
        "Id": uuid.uuid4().hex,
        "RecognitionStatus": "Success",
        "Offset": phrase.start_ms * TICKS_PER_MS,
        "Duration": phrase.duration_ms * TICKS_PER_MS,
        "DisplayText": phrase.text,
    }


def best(phrase: Any, options: list[str]) -> dict[str, Any]:
    """Return its best reading; words are in the spoken form, lower case."""
    reading = {
        "Confidence": phrase.confidence,
        "Lexical": phrase.text.lower(),
        "ITN": phrase.text,
        "MaskedITN": phrase.text,
        "Display": phrase.text,
    }
    if "WordTimings" in options:
        sure = {"Confidence": phrase.confidence} if "WordConfidence" in options else {}
        reading["Words"] = [
            {"Word": word.lower(), "Offset": at * TICKS_PER_MS, "Duration": long * TICKS_PER_MS}
            | sure
            for word, at, long in phrase.words()
        ]
    return reading


def parse(message: str | bytes) -> tuple[dict[str, str], str | bytes]:
    """Return the headers, lower case, and the body."""
    body: str | bytes
    if isinstance(message, bytes):
        (size,) = struct.unpack(">H", message[:2])
        head, body = message[2 : 2 + size].decode(), message[2 + size :]
    else:
        head, _, body = message.partition("\r\n\r\n")
    lines = (line.partition(":") for line in head.split("\r\n") if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in lines}, body


def say(socket: WebSocket, path: str, turn: str, told: dict[str, Any]) -> None:
    """Send one message of the service."""
    head = f"X-RequestId:{turn}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}"
    socket.send(f"{head}\r\n\r\n{json.dumps(told)}")
