"""Events of a line, in the form that Communication Services sends them."""

import json
from datetime import datetime
from typing import Any

CONNECTION = "15002280-0000-4000-8000-000000000001"
SERVER_CALL = "aHR0cHM6Ly9leGFtcGxlLnRlc3QvY29udi9hYmM="
RECORDING = "eyJQbGF0Zm9ybSI6IjE1MDAyMjgwIn0"
TONES = {
    **{str(number): name for number, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )},
    "*": "asterisk",
    "#": "pound",
}  # fmt: skip


def event(name: str, number: int, at: datetime, *, op: int = 0, **data: Any) -> bytes:
    """One CloudEvent of the calling service; `number` makes its id."""
    context = {"operationContext": f"op-{op}"} if op else {}
    body = {
        "id": f"event-{number}",
        "source": f"calling/callConnections/{CONNECTION}",
        "type": f"Microsoft.Communication.{name}",
        "data": {
            "callConnectionId": CONNECTION,
            "serverCallId": SERVER_CALL,
            **context,
            **data,
        },
        "time": at.isoformat(),
        "specversion": "1.0",
    }
    return json.dumps(body).encode()


def result(code: int, sub_code: int) -> dict[str, Any]:
    return {"resultInformation": {"code": code, "subCode": sub_code, "message": ""}}


def pressed(tones: str) -> dict[str, Any]:
    """What a recognition tells when keys were pressed."""
    names = [TONES[tone] for tone in tones]
    return {**result(200, 8531), "recognitionType": "dtmf", "dtmfResult": {"tones": names}}


def said(words: str, confidence: float = 0.9) -> dict[str, Any]:
    """What a recognition tells when something was said."""
    speech = {"speech": words, "confidence": confidence}
    return {**result(200, 0), "recognitionType": "speech", "speechResult": speech}
