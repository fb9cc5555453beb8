"""What every fault of Communication Services becomes, by the real SDK."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from talenti.azure import calls
from talenti.azure.calls import close_clients
from talenti.azure.calls_faults import CallOver, MediaBusy, Unanswered
from talenti.errors import (
    PermanentFailure,
    ProviderAway,
    ProviderBusy,
    RetryLater,
    TalentiError,
)
from tests.emulators.acs_faults import Fault
from tests.talenti.azure.calling import ON_A_CALL, connected, place, record


@pytest.fixture
def impatient(azure_acs, monkeypatch):
    """The emulator, and a client that waits half a second at most."""
    monkeypatch.setattr(calls, "READ_SECONDS", 0.5)
    close_clients()
    yield azure_acs
    close_clients()


def ended(command: str, target: calls.Target) -> TalentiError:
    """Return what a command on a call raises."""
    with pytest.raises(TalentiError) as failed:
        ON_A_CALL[command](target)
    return failed.value


def said(failure: TalentiError) -> tuple[type[TalentiError], str]:
    return type(failure), failure.code


MOVED = Fault(307, "Moved", location="http://127.0.0.1:1/")
ANSWERS = {
    "media busy": (Fault(400, "8500"), MediaBusy, "retry_later"),
    "conflict": (Fault(409, "8519"), MediaBusy, "retry_later"),
    "incompatible media": (Fault(412, "8583"), MediaBusy, "retry_later"),
    "not found": (Fault(404, "8522"), CallOver, "call_gone"),
    "not found, and no code": (Fault(404, body=b""), CallOver, "call_gone"),
    "terminated": (Fault(400, "8528"), CallOver, "call_gone"),
    "does not exist": (Fault(400, "8543"), CallOver, "call_gone"),
    "not connected": (Fault(400, "8501"), RetryLater, "retry_later"),
    "not in this state": (Fault(400, "8585"), RetryLater, "retry_later"),
    "nothing configured": (Fault(405, "8522"), PermanentFailure, "8522"),
    "duplicate recording": (Fault(400, "8553"), PermanentFailure, "already_recording"),
    "second recorder": (Fault(400, "8559"), PermanentFailure, "already_recording"),
    "recording conflict": (Fault(409, "8571"), PermanentFailure, "already_recording"),
    "speech not linked": (Fault(400, "8567"), PermanentFailure, "8567"),
    "identity of speech": (Fault(400, "8568"), PermanentFailure, "8568"),
    "cognitive rights": (Fault(403, "7606"), PermanentFailure, "7606"),
    "not our number": (Fault(403, "7507"), PermanentFailure, "7507"),
    "no rights": (Fault(403, "7504"), PermanentFailure, "7504"),
    "wrong signature": (Fault(401, "7509"), PermanentFailure, "7509"),
    "refused before": (Fault(401, "Denied"), PermanentFailure, "provider_unauthorised"),
    "refused by a gateway": (Fault(403, body=b""), PermanentFailure, "provider_unauthorised"),
    "invalid argument": (Fault(400, "8523"), PermanentFailure, "8523"),
    "empty text": (Fault(400, "8582"), PermanentFailure, "8582"),
    "no code": (Fault(400, body=b"<html>"), PermanentFailure, "provider_refused_request"),
    "odd code": (Fault(400, "x\nINFO forged"), PermanentFailure, "provider_refused_request"),
    "redirect": (MOVED, PermanentFailure, "provider_refused_request"),
    "throttled": (Fault(429, "8516", retry_after="7"), ProviderBusy, "retry_later"),
    "calls at once": (Fault(403, "8530"), ProviderBusy, "retry_later"),
    "monthly limit": (Fault(403, "8529"), PermanentFailure, "8529"),
    "timed out": (Fault(408), ProviderAway, "retry_later"),
    "internal": (Fault(500, "9999"), ProviderAway, "retry_later"),
    "gateway": (Fault(502, body=b"<html>"), ProviderAway, "retry_later"),
    "unavailable": (Fault(503), ProviderAway, "retry_later"),
    "cut": (Fault(ending="close"), ProviderAway, "retry_later"),
}


@pytest.mark.parametrize(("fault", "kind", "code"), ANSWERS.values(), ids=ANSWERS.keys())
def test_answer_to_a_command_is_told_in_our_words(azure_acs, fault, kind, code):
    target = connected(azure_acs)
    azure_acs.faults.add("recognize", fault)
    assert said(ended("recognize", target)) == (kind, code)
    assert len(azure_acs.sent("recognize")) == 1


TO_PLACING = {
    "not our number": (Fault(403, "7507"), PermanentFailure, "7507"),
    "no such address": (Fault(404, "NotFound"), PermanentFailure, "provider_not_found"),
    "wrong number": (Fault(400, "8523"), PermanentFailure, "8523"),
    "throttled": (Fault(429, retry_after="60"), ProviderBusy, "retry_later"),
    "too many calls": (Fault(403, "8530"), ProviderBusy, "retry_later"),
    "unavailable": (Fault(503), ProviderAway, "retry_later"),
    "being placed": (Fault(409, "8519"), Unanswered, "retry_later"),
    "first sent long ago": (Fault(412, "8583"), Unanswered, "retry_later"),
    "internal": (Fault(500), Unanswered, "retry_later"),
    "gateway": (Fault(502, effect=True), Unanswered, "retry_later"),
    "gateway is late": (Fault(504, effect=True), Unanswered, "retry_later"),
    "timed out": (Fault(408), Unanswered, "retry_later"),
    "cut": (Fault(ending="close"), Unanswered, "retry_later"),
    "cut after ringing": (Fault(ending="close", effect=True), Unanswered, "retry_later"),
    "success without JSON": (Fault(ending="garbage", effect=True), Unanswered, "retry_later"),
    "success without ids": (Fault(201, body={}, effect=True), Unanswered, "retry_later"),
    "success as a list": (Fault(201, body=[1], effect=True), Unanswered, "retry_later"),
    "success as a text": (Fault(201, body="ok", effect=True), Unanswered, "retry_later"),
    "success as nothing": (Fault(201, body=b"null", effect=True), Unanswered, "retry_later"),
    "accepted": (Fault(202, body={}, effect=True), Unanswered, "retry_later"),
}


@pytest.mark.parametrize(("fault", "kind", "code"), TO_PLACING.values(), ids=TO_PLACING.keys())
def test_answer_to_placing_a_call_says_whether_it_may_be_ringing(azure_acs, fault, kind, code):
    azure_acs.faults.add("create_call", fault)
    with pytest.raises(TalentiError) as failed:
        place()
    assert said(failed.value) == (kind, code)
    assert len(azure_acs.sent("create_call")) == 1


@pytest.mark.parametrize(
    "fault",
    [Fault(500), Fault(ending="close", effect=True), Fault(200, body={}, effect=True)],
)
def test_answer_to_recording_says_whether_it_may_be_recording(azure_acs, fault):
    target = connected(azure_acs)
    azure_acs.faults.add("start_recording", fault)
    with pytest.raises(Unanswered):
        record(target)


@pytest.mark.parametrize(("command", "kind"), [("create_call", Unanswered), ("play", ProviderAway)])
def test_service_that_hangs_is_left_after_a_time(impatient, command, kind):
    target = connected(impatient)
    impatient.faults.add(command, Fault(ending="hang"))
    started = time.monotonic()
    with pytest.raises(TalentiError) as failed:
        place() if command == "create_call" else ON_A_CALL[command](target)
    assert type(failed.value) is kind
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "http://nobody.invalid"])
def test_call_that_reached_nobody_is_safe_to_place_again(azure_acs, settings, endpoint):
    settings.AZURE_ACS_ENDPOINT = endpoint
    with pytest.raises(ProviderAway) as failed:
        place()
    assert type(failed.value) is ProviderAway
    assert failed.value.message == "Communication Services is away or too slow."


@pytest.fixture
def full_house() -> Iterator[str]:
    """An address where nobody takes any more connections."""
    with socket.socket() as house, contextlib.ExitStack() as guests:
        house.bind(("127.0.0.1", 0))
        house.listen(0)
        for _ in range(3):
            guest = guests.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(house.getsockname())
        yield f"http://127.0.0.1:{house.getsockname()[1]}"


def test_service_that_takes_too_long_to_connect_was_sent_nothing(
    azure_acs, settings, monkeypatch, full_house
):
    monkeypatch.setattr(calls, "CONNECT_SECONDS", 0.3)
    settings.AZURE_ACS_ENDPOINT = full_house
    with pytest.raises(ProviderAway) as failed:
        place()
    assert (type(failed.value), failed.value.fault) == (ProviderAway, "ServiceRequestTimeoutError")


@pytest.mark.parametrize(
    ("fault", "seconds", "counts"),
    [
        (Fault(429, retry_after="17"), 17.0, False),
        (Fault(429), None, True),
        (Fault(503, retry_after="5"), 5.0, True),
        (Fault(400, "8500"), 0.5, True),
    ],
)
def test_wish_of_the_service_is_passed_on(azure_acs, fault, seconds, counts):
    target = connected(azure_acs)
    azure_acs.faults.add("play", fault)
    failure = ended("play", target)
    assert isinstance(failure, RetryLater)
    assert (failure.after_seconds, failure.counts) == (seconds, counts)


def test_second_media_operation_waits_for_the_first(azure_acs):
    target = connected(azure_acs)
    azure_acs.exchange.pace = 60.0
    ON_A_CALL["play"](target)
    assert type(ended("recognize", target)) is MediaBusy


def test_second_recording_of_a_call_is_named(azure_acs):
    target = connected(azure_acs)
    record(target)
    assert said(ended("start_recording", target)) == (PermanentFailure, "already_recording")


@pytest.mark.parametrize("command", ON_A_CALL)
def test_call_that_is_over_takes_no_command(azure_acs, command):
    target = connected(azure_acs)
    calls.hang_up(target.connection_id)
    azure_acs.postman.settle()
    assert said(ended(command, target)) == (CallOver, "call_gone")


def test_call_that_only_rings_takes_no_media_yet(azure_acs):
    azure_acs.exchange.pace = 60.0
    assert said(ended("play", place())) == (RetryLater, "retry_later")


def test_state_of_a_call_is_not_guessed_when_nobody_answers(azure_acs):
    target = connected(azure_acs)
    for fault in (Fault(500), Fault(ending="garbage"), Fault(ending="close")):
        azure_acs.faults.add("get_call", fault)
        with pytest.raises(ProviderAway):
            calls.is_alive(target.connection_id)


def test_numbers_of_others_are_refused(azure_acs):
    azure_acs.own_numbers = {"+6500000000"}
    with pytest.raises(PermanentFailure) as failed:
        place()
    assert failed.value.code == "7507"


def test_many_threads_share_the_client(azure_acs):
    failures: list[Exception] = []

    def ask() -> None:
        try:
            assert calls.is_alive(target.connection_id)
        except Exception as error:  # noqa: BLE001 - the test looks at them
            failures.append(error)

    target = connected(azure_acs)
    threads = [threading.Thread(target=ask) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
