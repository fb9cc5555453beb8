"""Keys are read seldom, shared, kept for a day, and never taken for absent while they are away."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from django.db import connection
from django.utils import timezone

from talenti.models import SigningKeys
from talenti.webhooks import fetching, keys
from talenti.webhooks.keys import KeysAway, KeySource, UnknownKey
from tests.talenti.webhooks.issuer import KeyServer, know, make_signer, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyServer]:
    """Whoever has the keys; a process looks at the row as often as it likes."""
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    with KeyServer() as running, contextlib.suppress(OSError):
        yield running


def source(server: KeyServer) -> KeySource:
    """Return what a new process knows: nothing."""
    return KeySource("test-keys", server.address)


def let_pass(server: KeyServer, **seconds: int) -> None:
    """Move moments of the row into the past."""
    row = SigningKeys.objects.get(address=server.address)
    for name, back in seconds.items():
        setattr(row, name, timezone.now() - timedelta(seconds=back))
    row.save()


def numbers_of(server: KeyServer, place: int = 0) -> object:
    return server.signers[place].key.public_key().public_numbers()


def test_key_is_read_once_and_then_known_without_a_query(
    server: KeyServer, django_assert_num_queries
) -> None:
    process = source(server)
    assert process.find("key-1").public_numbers() == numbers_of(server)

    with django_assert_num_queries(0):
        assert process.find("key-1") is process.find("key-1")
    assert server.asked == 1


def test_another_process_takes_the_keys_from_the_row(server: KeyServer) -> None:
    source(server).find("key-1")

    assert source(server).find("key-1").public_numbers() == numbers_of(server)
    assert server.asked == 1


def test_twenty_bogus_keys_cause_one_request_and_no_queries(
    server: KeyServer, django_assert_num_queries
) -> None:
    process = source(server)
    with pytest.raises(UnknownKey):
        process.find("bogus-0")
    with django_assert_num_queries(0):
        for number in range(1, 20):
            with pytest.raises(UnknownKey):
                process.find(f"bogus-{number}")

    assert server.asked == 1


def test_bogus_keys_cause_one_request_in_half_a_minute_in_all_processes(server: KeyServer) -> None:
    know(server.address, *server.signers, fetched_at=timezone.now() - timedelta(seconds=60))
    for _ in range(3):
        with pytest.raises(UnknownKey):
            source(server).find("bogus")

    assert server.asked == 1


def test_rotated_key_is_found_once_the_pause_is_over(server: KeyServer) -> None:
    process = source(server)
    process.find("key-1")
    server.signers.append(make_signer(kid="key-2"))
    with pytest.raises(UnknownKey):  # the keys were read a moment ago
        process.find("key-2")

    let_pass(server, asked_at=31, fetched_at=31)
    assert source(server).find("key-2").public_numbers() == numbers_of(server, 1)
    assert server.asked == 2


def test_withdrawn_key_ends_when_the_keys_are_read_again(server: KeyServer) -> None:
    source(server).find("key-1")
    server.signers = [make_signer(kid="key-2")]
    let_pass(server, asked_at=3601, fetched_at=3601)

    with pytest.raises(UnknownKey):
        source(server).find("key-1")


def test_nothing_known_and_nobody_there_is_our_fault(server: KeyServer) -> None:
    server.close()

    with pytest.raises(KeysAway) as refusal:
        source(server).find("key-1")
    assert refusal.value.after_seconds == 30
    assert SigningKeys.objects.get().fault == "ConnectionError"


def test_unknown_key_is_our_fault_too_while_nobody_is_there(server: KeyServer) -> None:
    know(server.address, *server.signers, fetched_at=timezone.now() - timedelta(seconds=60))
    server.close()

    with pytest.raises(KeysAway):
        source(server).find("key-2")


@pytest.mark.parametrize(("hours", "is_believed"), [(1, True), (23, True), (25, False)])
def test_last_known_keys_hold_for_a_day(server: KeyServer, hours: int, is_believed: bool) -> None:
    know(server.address, *server.signers, fetched_at=timezone.now() - timedelta(hours=hours))
    server.close()
    process = source(server)

    with contextlib.nullcontext() if is_believed else pytest.raises(KeysAway):
        assert process.find("key-1").public_numbers() == numbers_of(server)


def test_failure_is_not_tried_again_at_once(server: KeyServer) -> None:
    server.behave = lambda handler: send(handler, b"", 500)
    for _ in range(5):
        with pytest.raises(KeysAway):
            source(server).find("key-1")
    assert (server.asked, SigningKeys.objects.get().fault) == (1, "500")

    server.behave = server.answer_well
    let_pass(server, asked_at=31)
    assert source(server).find("key-1").public_numbers() == numbers_of(server)


def redirect(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 302, Location="http://127.0.0.1:1/keys")


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a little, and go on for longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(20):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            threading.Event().wait(0.05)


@pytest.mark.parametrize(
    ("behave", "fault"),
    [
        (lambda handler: send(handler, b"<html>of a gateway</html>"), "JSONDecodeError"),
        (lambda handler: send(handler, b'{"keys": []}'), "ValueError"),
        (lambda handler: send(handler, b" " * (256 * 1024 + 1)), "endless answer"),
        (redirect, "302"),
        (drip, "endless answer"),
    ],
)
def test_bad_answers_leave_the_known_keys_as_they_were(
    server: KeyServer, behave, fault: str
) -> None:
    know(server.address, *server.signers, fetched_at=timezone.now() - timedelta(hours=2))
    server.behave = behave

    assert source(server).find("key-1").public_numbers() == numbers_of(server)
    row = SigningKeys.objects.get()
    assert (server.asked, row.fault, list(row.keys)) == (1, fault, ["key-1"])


def test_hanging_issuer_is_left_after_the_patience(server: KeyServer) -> None:
    server.behave = server.hang

    with pytest.raises(KeysAway):
        source(server).find("key-1")
    assert SigningKeys.objects.get().fault in {"ReadTimeout", "ConnectTimeout"}


def test_process_waits_for_another_one_that_is_reading(
    server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    SigningKeys.objects.create(address=server.address, asked_at=timezone.now())
    monkeypatch.setattr(keys.time, "sleep", lambda _: know(server.address, *server.signers))

    assert source(server).find("key-1").public_numbers() == numbers_of(server)
    assert server.asked == 0


def test_process_does_not_wait_for_one_that_failed(server: KeyServer) -> None:
    SigningKeys.objects.create(
        address=server.address, asked_at=timezone.now(), fault="ConnectionError"
    )

    with pytest.raises(KeysAway):
        source(server).find("key-1")
    assert server.asked == 0


@pytest.mark.parametrize(
    ("address", "deployed", "expected"),
    [
        ("https://keys.example/keys", True, True),
        ("http://keys.example/keys", False, False),
        ("http://127.0.0.1:8080/keys", False, True),
        ("http://127.0.0.1:8080/keys", True, False),
        ("file:///etc/passwd", False, False),
        ("ftp://127.0.0.1/keys", False, False),
    ],
)
def test_keys_are_read_over_https(settings, address: str, deployed: bool, expected: bool) -> None:
    settings.DEPLOYED = deployed

    assert fetching.is_trusted(address) is expected


@pytest.mark.django_db(transaction=True)
def test_threads_that_need_a_new_key_share_one_request(server: KeyServer) -> None:
    process, found, barrier = source(server), [], threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        try:
            found.append(process.find("key-1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(map(id, found))), server.asked) == (8, 1, 1)
