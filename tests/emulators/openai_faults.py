"""Everything that can go wrong at the provider, as behaviours for `OpenAiEmulator.script`."""

import json

from tests.emulators.openai import Behaviour, Received, Reply, completion, sensible


def says(value: object) -> Behaviour:
    """Answer with a JSON value, or with a text as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return lambda _: completion(text)


def verdict(
    level: object = "3", *quotes: tuple[int, str], reason: str = "assessed", **changes: object
) -> Behaviour:
    """Answer with a verdict on a competency."""
    listed = [{"passage": one, "quote": quote, "shows": "an own act"} for one, quote in quotes]
    fields = {"level": level, "reason": reason, "rationale": "It fits.", "quotes": listed}
    return says({**fields, **changes})


def fails(status: int, code: str | None = None, **headers: str) -> Behaviour:
    """Answer with an error."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    error = {"code": code, "message": "secret words of the provider"}
    return lambda _: Reply({"error": error}, status, named)


def cut_off(received: Received) -> Reply:
    """Stop in the middle of a sensible answer, at the limit of tokens."""
    text: str = sensible(received).body["choices"][0]["message"]["content"]
    return completion(text[: len(text) // 2], finish="length")


def refuses(_: Received) -> Reply:
    return completion(None, refusal="I'm sorry, I can't help with that.")


def filters_answer(_: Received) -> Reply:
    return completion(None, finish="content_filter")


def hangs(_: Received) -> Reply:
    return Reply(wait=True)


def drops(_: Received) -> Reply:
    return Reply(drop=True)


def drips(received: Received) -> Reply:
    """Send the right answer, one byte every 50 ms."""
    return Reply(sensible(received).body, drip=True)


def is_no_completion(_: Received) -> Reply:
    return Reply(b"<html>gateway</html>", headers={"content-type": "text/html"})


filters_question = fails(400, "content_filter")
is_too_long = fails(400, "context_length_exceeded")
