"""The door of calls' events: they are kept byte for byte; 503 is where we are to blame."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from interviews.calls.dialect import own_fact
from interviews.calls.facts import Fact, FactKind
from interviews.models import CallEntry, DeadLetter
from interviews.services.call_addresses import secret_of
from interviews.services.call_intake import FOLLOW_CALL
from interviews.webhooks.belonging import conversation_of
from talenti.ids import new_id
from talenti.work.models import WorkItem
from tests.emulators.acs_fixtures import AcsEmulator
from tests.interviews.webhooks.world import ACS_KEYS, CONNECTION, NOTHING, World, address_of, rows
from tests.talenti.webhooks.issuer import know

PREFIX = "Microsoft.Communication."


def event(name: str = "CallConnected", place: int = 1, **data: Any) -> dict[str, Any]:
    """Return an event of the call as the service words it."""
    return {
        "id": f"event-{place}",
        "source": f"calling/callConnections/{CONNECTION}",
        "type": f"{PREFIX}{name}",
        "time": "2026-03-04T15:00:08.1234567+00:00",
        "specversion": "1.0",
        "data": {"callConnectionId": CONNECTION} | data,
    }


def list_of(*events: Any) -> bytes:
    return json.dumps(events).encode()


def kept() -> list[tuple[str, str]]:
    """Return the ledgers' entries: whose, and which event."""
    return [(str(entry.call_id), entry.event_id) for entry in CallEntry.objects.order_by("pk")]


def dead() -> list[tuple[str, bytes]]:
    return [(row.reason, bytes(row.body)) for row in DeadLetter.objects.order_by("received_at")]


@contextmanager
def no_database() -> Iterator[None]:
    """Let every query fail as it does when the server is gone."""

    def fail(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield


def test_events_are_kept_byte_for_byte_and_looked_at_later(world: World) -> None:
    body = b'[ {"id":"a","type":"X","time":"2026-03-04T15:00:08Z",\t"more":1e2}\n,' + list_of(
        event(place=2)
    ).removeprefix(b"[")

    answer = world.post(world.acs, body)

    assert (answer.status_code, answer.content) == (200, b"")
    first, second = CallEntry.objects.order_by("position")
    assert bytes(first.body) == b'{"id":"a","type":"X","time":"2026-03-04T15:00:08Z",\t"more":1e2}'
    assert (second.source, second.type) == ("acs", f"{PREFIX}CallConnected")
    assert [first.call_id, second.call_id] == [world.call.pk] * 2
    queued = WorkItem.objects.filter(kind=FOLLOW_CALL, subject_id__in=[first.pk, second.pk])
    assert queued.count() == 2


def test_answer_has_no_cookie_and_is_not_to_be_kept(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {world.acs.token()}", "Accept-Language": "de"}
    answer = client.post(
        world.acs.path, list_of(event()), content_type="application/json", headers=headers
    )

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert (answer["Cache-Control"], "Content-Language" in answer) == ("no-store", False)
    assert "Cookie" not in answer.get("Vary", "")


def test_repeated_delivery_changes_nothing(world: World) -> None:
    for _ in range(3):
        assert world.post(world.acs, list_of(event(), event())).status_code == 200

    assert rows() == {"CallEntry": 1, "DeadLetter": 0, "WorkItem": 1}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/cloudevents+json",
        "application/cloudevents-batch+json; charset=UTF-8",
    ],
)
def test_one_event_or_many_come_in_these_types(world: World, content_type: str) -> None:
    body = json.dumps(event()).encode()

    assert world.post(world.acs, body, content_type=content_type).status_code == 200
    assert kept() == [(str(world.call.pk), "event-1")]


def test_slash_at_the_end_is_fine(world: World) -> None:
    answer = world.post(world.acs, list_of(event()), path=f"{world.acs.path}/")

    assert (answer.status_code, len(kept())) == (200, 1)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_by_name(world: World, method: str) -> None:
    answer = Client().generic(
        method, world.acs.path, headers={"Authorization": f"Bearer {world.acs.token()}"}
    )

    assert (answer.status_code, answer["Allow"], answer["Cache-Control"]) == (
        405,
        "POST",
        "no-store",
    )


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": "application/jsonp"}, 415),
        ({"content_type": ""}, 415),
        ({"headers": {"Content-Encoding": "gzip"}}, 415),
        ({"headers": {"Content-Length": ""}}, 411),
        ({"headers": {"Content-Length": "many"}}, 400),
        ({"headers": {"Content-Length": "-1"}}, 400),
        ({"headers": {"Content-Length": str(1024**2 + 1)}}, 413),
        ({"headers": {"Content-Length": "9" * 18}}, 413),
    ],
)
def test_bodies_that_are_not_deliveries_are_refused(
    world: World, values: dict[str, Any], status: int
) -> None:
    answer = world.post(world.acs, list_of(event()), **values)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer["Cache-Control"], rows()) == ("no-store", NOTHING)


def test_a_delivery_may_have_one_mebibyte_and_no_byte_more(world: World) -> None:
    body = list_of(event()).ljust(1024**2)

    assert world.post(world.acs, body).status_code == 200
    assert world.post(world.acs, body + b" ").status_code == 413
    assert len(kept()) == 1


def test_events_of_another_call_do_not_reach_this_one(world: World) -> None:
    stranger = event(place=1, callConnectionId="another")
    answer = world.post(world.acs, list_of(stranger, event(place=2)))

    assert (answer.status_code, kept()) == (200, [(str(world.call.pk), "event-2")])
    assert dead() == [("other_call", json.dumps(stranger).encode())]


def test_facts_of_our_own_do_not_come_from_outside(world: World) -> None:
    forged = own_fact(Fact(FactKind.STOP, timezone.now(), op=1))

    assert world.post(world.acs, forged).status_code == 200
    assert [entry.type for entry in CallEntry.objects.all()] == ["unreadable"]


def server_id(conversation: str, machine: str) -> str:
    address = f"https://{machine}.conv.skype.com/conv/{conversation}?i=10-60-3-206&e=638"
    return base64.b64encode(address.encode()).decode()


def test_server_moves_a_call_without_making_it_another(world: World) -> None:
    world.call.server_call_id = server_id("abc", "one")
    world.call.save()

    same, other = (
        event(place=place, serverCallId=server_id(conversation, "two"))
        for place, conversation in enumerate(("abc", "xyz"))
    )
    world.post(world.acs, list_of(same, other))

    assert ([entry for _, entry in kept()], [reason for reason, _ in dead()]) == (
        ["event-0"],
        ["other_call"],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (server_id("abc", "one"), "abc"),
        (server_id("abc", "one").rstrip("="), "abc"),
        ("", ""),
        ("server-1", "server-1"),
        ("!!!", "!!!"),
        ("////", "////"),
        (base64.b64encode(b"http://[").decode(), base64.b64encode(b"http://[").decode()),
        (base64.b64encode(b"words").decode(), base64.b64encode(b"words").decode()),
    ],
)
def test_conversation_is_read_where_there_is_one(given: str, expected: str) -> None:
    assert conversation_of(given) == expected


def test_call_that_this_database_does_not_know_yet_is_asked_for_again(world: World) -> None:
    unknown = new_id()
    answer = world.post(
        world.acs, list_of(event()), path=f"/webhooks/acs/{unknown}/{secret_of(unknown)}"
    )

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )
    assert rows() == NOTHING


def test_keys_that_are_away_are_our_fault(world: World, settings) -> None:
    settings.ACS_KEYS_ADDRESS = "http://127.0.0.1:1/keys"

    answer = world.post(world.acs, list_of(event()))

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert (answer.json()["type"], rows()) == ("/problems/keys_away", NOTHING)


def test_database_that_is_away_is_our_fault(world: World) -> None:
    world.post(world.acs)  # the keys are in memory now
    with no_database():
        answer = world.post(world.acs, list_of(event()))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (answer.json()["type"], rows()) == ("/problems/unavailable", NOTHING)


def test_forgery_is_refused_while_the_database_is_away(world: World) -> None:
    world.post(world.acs)
    with no_database():
        assert world.post(world.acs, token=f"{world.acs.token()[:-4]}AAAA").status_code == 401


def test_without_communication_services_there_is_no_door(world: World, settings) -> None:
    settings.AZURE_ACS_RESOURCE_ID = ""

    assert world.post(world.acs, list_of(event())).status_code == 404
    assert rows() == NOTHING


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/acs/",
        "/webhooks/acs/x/y",
        "/webhooks/acs/../eventgrid",
        "/webhooks/",
    ],
)
def test_there_is_nothing_beside_the_doors(world: World, path: str) -> None:
    answer = world.post(world.acs, path=path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_real_keys_of_an_issuer_open_the_door(
    world: World, azure_acs: AcsEmulator, settings
) -> None:
    settings.ACS_KEYS_ADDRESS = azure_acs.keys_url
    answer = world.post(
        world.acs, list_of(event()), token=azure_acs.signer.token(), path=address_of(world.call)
    )

    assert (answer.status_code, len(kept())) == (200, 1)


def test_accepted_event_costs_few_queries(world: World, django_assert_max_num_queries) -> None:
    know(ACS_KEYS, world.acs.signer)
    world.post(world.acs, list_of(event()))

    with django_assert_max_num_queries(11):
        assert world.post(world.acs, list_of(event(place=2))).status_code == 200
