"""The voice of the Speech emulator: it checks what it is asked to say, and says a fixture."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

SOUND = (Path(__file__).parents[1] / "recordings" / "fixtures" / "plan.mp3").read_bytes()
FORMATS = {"audio-24khz-48kbitrate-mono-mp3"}
VOICES = {
    "de-DE-KatjaNeural",
    "en-AU-NatashaNeural",
    "en-GB-SoniaNeural",
    "en-US-JennyNeural",
    "es-ES-ElviraNeural",
    "fr-FR-DeniseNeural",
}
SPACE = "{http://www.w3.org/2001/10/synthesis}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_ssml(body: bytes, headers: Any) -> dict[str, str]:
    """Return language, voice and text; ValueError for what the service answers with 400."""
    if headers["X-Microsoft-OutputFormat"] not in FORMATS or not headers["User-Agent"]:
        raise ValueError("format")
    if headers["Content-Type"] != "application/ssml+xml":
        raise ValueError("type")
    try:
        speak = ET.fromstring(body)
    except ET.ParseError as error:
        raise ValueError("not well formed") from error
    voice = speak.find(f"{SPACE}voice")
    if speak.tag != f"{SPACE}speak" or voice is None or voice.get("name") not in VOICES:
        raise ValueError("no known voice")
    if len(voice) or not voice.text:
        raise ValueError("no plain text")
    return {"language": speak.get(LANGUAGE, ""), "voice": voice.get("name", ""), "text": voice.text}


def sound_of(manner: str) -> bytes:
    """Return the answer's body; some faults answer 200 with no sound."""
    return {"garbage": b"<html>signed out</html>", "empty": b""}.get(manner, SOUND)
