"""What tests of calls have in common: a number, an address with its secret, and each command."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from talenti.azure import calls, calls_media
from talenti.azure.calls import Once, Target
from tests.emulators.acs import AcsEmulator

NUMBER = "+4930901820"
SECRET = "3sRk_per-call-secret"
CALLBACK = f"http://127.0.0.1:1/webhooks/acs/7d1b8f4e/{SECRET}"
WORDS = "Wie haben Sie den Streit beigelegt?"
FIRST_SENT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)


def once() -> Once:
    """Return a new thing to be done once."""
    return Once(str(uuid4()), FIRST_SENT)


def place(repeat: Once | None = None) -> Target:
    """Ring the number."""
    connection_id, _ = calls.place_call(NUMBER, CALLBACK, "call", repeat or once())
    return Target(connection_id, NUMBER)


def connected(server: AcsEmulator) -> Target:
    """Ring, and let it be answered; nobody takes the events."""
    server.postman.attempts = 1
    target = place()
    assert server.postman.settle()
    return target


def how(context: str = "op-1", to: str = "speech_or_keys") -> calls_media.Listening:
    """Return a way to listen in German."""
    return calls_media.Listening(context, "de", to, 5, 2, may_interrupt=True)


def record(target: Target, repeat: Once | None = None) -> str:
    """Record."""
    return calls.start_recording(target, "org/call", CALLBACK, repeat or once())


ON_A_CALL: dict[str, Callable[[Target], object]] = {
    "recognize": lambda target: calls_media.listen(target, [WORDS], how()),
    "play": lambda target: calls_media.speak(target, [WORDS], language="de", context="op-1"),
    "cancel_media": lambda target: calls_media.cancel_media(target.connection_id),
    "start_recording": record,
    "hang_up": lambda target: calls.hang_up(target.connection_id),
}
