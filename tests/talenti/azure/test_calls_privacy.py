"""No number, no word and no secret of a call leaves by a log, a span or an error."""

import logging
import traceback

import pytest

from talenti.azure import calls
from talenti.azure.calls import close_clients
from talenti.errors import TalentiError
from talenti.scrubbing import ScrubFilter
from talenti.telemetry import recorder
from tests.emulators.acs import CALLER
from tests.emulators.acs_faults import SECRET_WORDS, Fault
from tests.talenti.azure.calling import NUMBER, ON_A_CALL, SECRET, WORDS, connected, place
from tests.talenti.providers.recordings import Keeper

FAULTS = {
    "none": None,
    "refused": Fault(400, "8523"),
    "words as a code": Fault(400, SECRET_WORDS),
    "away": Fault(500),
    "cut": Fault(ending="close"),
    "garbage": Fault(ending="garbage", effect=True),
}


@pytest.fixture
def everything(azure_acs):
    """Every line that anybody logs at DEBUG, as our handlers let it through."""
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, root, azure = Handler(), logging.getLogger(), logging.getLogger("azure")
    handler.addFilter(ScrubFilter())
    before = root.level, azure.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    azure.setLevel(logging.DEBUG)
    close_clients()
    yield lines
    root.removeHandler(handler)
    root.setLevel(before[0])
    azure.setLevel(before[1])


def private(server) -> tuple[str, ...]:
    return (NUMBER, NUMBER[1:], CALLER[1:], SECRET, WORDS, server.key, SECRET_WORDS)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_commands_tell_nothing_of_the_call_to_logs_spans_and_errors(
    azure_acs, everything, monkeypatch, fault
):
    keeper, told = Keeper(), list[str]()
    monkeypatch.setattr(recorder, "_recorder", keeper)
    target = connected(azure_acs)
    deeds = {**ON_A_CALL, "create_call": lambda _: place()}
    if fault is not None:
        azure_acs.faults.add("*", fault, times=0)
    for deed in deeds.values():
        try:
            deed(target)
        except TalentiError as error:
            told += traceback.format_exception(error)
    shown = "\n".join([*everything, *told, repr(keeper)])
    assert {span.attributes["operation"] for span in keeper.spans} == set(deeds)
    assert [secret for secret in private(azure_acs) if secret in shown] == []


def test_sdk_was_heard_at_all(azure_acs, everything):
    calls.hang_up(connected(azure_acs).connection_id)
    assert any(line.startswith("Request URL:") for line in everything)


@pytest.mark.parametrize(
    ("code", "shown"), [("8523", "8523"), ("Throttled", "Throttled"), ("odd\nINFO forged", "")]
)
def test_fault_is_logged_with_its_status_and_code(azure_acs, caplog, code, shown):
    target = connected(azure_acs)
    azure_acs.faults.add("play", Fault(500, code))
    with pytest.raises(TalentiError):
        ON_A_CALL["play"](target)
    line = f"provider fault vendor=acs operation=play status=500 code={shown}"
    assert line in caplog.messages
