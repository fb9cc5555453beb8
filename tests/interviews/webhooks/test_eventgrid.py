"""The door of recorded files: the handshake, news of files, and what is nobody's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from interviews.models import CallEntry, DeadLetter
from interviews.webhooks.eventgrid import is_our_topic
from talenti.ids import new_id
from tests.emulators.acs_events import file_event
from tests.emulators.acs_signing import Signer, eventgrid_token
from tests.interviews.webhooks.world import (
    APPLICATION,
    ENTRA_KEYS,
    NOTHING,
    OLD_SECRET,
    SECRET,
    SUBSCRIPTION,
    TENANT,
    TOPIC,
    World,
    rows,
)
from tests.talenti.webhooks.issuer import know

PATH = "/webhooks/eventgrid/"
RECORDING = "recording-1"
CODE = "512d38b6-c7b8-40c8-89fe-f46f9e9622b6"


@pytest.fixture
def recorded(world: World) -> World:
    """The call is being recorded."""
    world.call.recording_id = RECORDING
    world.call.save()
    return world


def file_ready(minutes: int = 0, recording: str = RECORDING, **values: Any) -> dict[str, Any]:
    """Return the news of a file, so many minutes old."""
    known = {"call": "c", "server_call": "s", "id": recording, "duration_ms": 98_000}
    event = file_event(known | {"started_at": datetime.now(UTC)}, [{"index": 0}])
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    return event | {"topic": TOPIC, "eventTime": at.isoformat()} | values


def handshake(**values: Any) -> dict[str, Any]:
    data = {
        "validationCode": CODE,
        "validationUrl": "https://rp-eastus2.eventgrid.azure.net:553/validate?id=1",
    }
    return {
        "id": "2d1781af-3a4c-4d7c-bd0c-e34b19da4e66",
        "topic": TOPIC,
        "subject": "",
        "data": data | values.pop("data", {}),
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "eventTime": "2026-03-04T15:00:08.4567Z",
        "metadataVersion": "1",
        "dataVersion": "1",
    } | values


def deliver(world: World, *events: Any, **values: Any) -> Any:
    return world.post(world.eventgrid, json.dumps(events).encode(), **values)


def reasons() -> list[str]:
    return [row.reason for row in DeadLetter.objects.order_by("received_at")]


def test_news_of_a_file_is_kept_with_its_call(recorded: World) -> None:
    event = file_ready()

    answer = deliver(recorded, event)

    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer["Cache-Control"], dict(answer.cookies)) == ("no-store", {})
    entry = CallEntry.objects.get()
    assert (entry.call_id, entry.source, entry.event_id) == (
        recorded.call.pk,
        "eventgrid",
        event["id"],
    )
    assert bytes(entry.body) == json.dumps(event).encode()


def test_call_is_found_by_the_ids_in_the_path_too(world: World) -> None:
    world.call.server_call_id = "server-1"
    world.call.save()
    event = file_ready(subject="/recording/call/server-1/recordingId/unheard-of", data={})

    assert deliver(world, event).status_code == 200
    assert CallEntry.objects.get().call_id == world.call.pk


def test_cloud_events_are_read_as_well(recorded: World) -> None:
    event = file_ready()
    changed = {
        "specversion": "1.0",
        "id": event["id"],
        "source": TOPIC,
        "subject": event["subject"],
        "type": event["eventType"],
        "time": event["eventTime"],
        "data": event["data"],
    }
    body = json.dumps(changed).encode()

    answer = recorded.post(
        recorded.eventgrid, body, content_type="application/cloudevents+json; charset=utf-8"
    )
    assert (answer.status_code, CallEntry.objects.get().event_id) == (200, event["id"])


@pytest.mark.parametrize("path", [f"{PATH}?secret={OLD_SECRET}", f"{PATH[:-1]}?secret={SECRET}"])
def test_secret_before_and_path_without_a_slash_work_too(recorded: World, path: str) -> None:
    assert deliver(recorded, file_ready(), path=path).status_code == 200


def test_token_of_version_1_is_taken_too(recorded: World) -> None:
    signer = Signer(f"https://sts.windows.net/{TENANT}/", APPLICATION, kid="entra-2")
    know(ENTRA_KEYS, signer)

    answer = deliver(recorded, file_ready(), token=eventgrid_token(signer, TENANT))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("minutes", "status", "reason"),
    [(0, 503, []), (59, 503, []), (61, 200, ["unknown_call"]), (-90, 503, [])],
)
def test_file_of_an_unknown_call_comes_again_for_an_hour(
    world: World, minutes: int, status: int, reason: list[str]
) -> None:
    answer = deliver(world, file_ready(minutes))

    assert (answer.status_code, reasons()) == (status, reason)
    assert answer.get("Retry-After") == ("60" if status == 503 else None)


def test_known_files_are_kept_beside_one_that_has_to_come_again(recorded: World) -> None:
    answer = deliver(recorded, file_ready(recording="other"), file_ready())

    assert (answer.status_code, CallEntry.objects.count(), reasons()) == (503, 1, [])


def test_handshake_answers_its_code(world: World) -> None:
    answer = deliver(world, handshake())

    assert (answer.status_code, answer.json()) == (200, {"validationResponse": CODE})
    assert (answer["Cache-Control"], rows()) == ("no-store", NOTHING)


def test_handshake_without_proof_is_refused(world: World) -> None:
    body = json.dumps([handshake()])
    bare = Client().post(world.eventgrid.path, body, content_type="application/json")
    no_secret = deliver(world, handshake(), path=PATH)

    assert (bare.status_code, no_secret.status_code, rows()) == (401, 401, NOTHING)


@pytest.mark.parametrize(
    "odd",
    [
        {"topic": None},
        {"topic": ""},
        {"topic": "/subscriptions/other"},
        {"topic": TOPIC.replace("acs-talenti", "acs-other")},
        {"topic": f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/x/y"},
        {"data": {"validationCode": None}},
        {"data": {"validationCode": 7}},
        {"data": {"validationCode": ""}},
        {"data": {"validationCode": "a b"}},
        {"data": {"validationCode": "x" * 201}},
    ],
)
def test_handshake_of_others_is_kept_and_not_answered(world: World, odd: dict[str, Any]) -> None:
    answer = deliver(world, handshake(**odd))

    assert (answer.status_code, answer.content, reasons()) == (200, b"", ["handshake"])


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (TOPIC, True),
        (TOPIC.lower(), True),
        (f"{TOPIC}/", True),
        (SUBSCRIPTION, True),
        (f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics/t", True),
        (f"{TOPIC}/more", False),
        (f"https://host{TOPIC}", False),
        (f"{TOPIC}\n", False),
        (7, False),
        ([TOPIC], False),
    ],
)
def test_topic_is_ours_or_none(settings, topic: object, expected: bool) -> None:
    settings.AZURE_ACS_ENDPOINT = "https://acs-talenti.australia.communication.azure.com"

    assert is_our_topic(topic) is expected


def greet(path: str, **headers: str) -> Any:
    return Client().options(path, headers=headers)


def test_cloud_events_are_greeted_from_event_grid_alone(world: World) -> None:
    path = world.eventgrid.path
    ours = greet(path, **{"WebHook-Request-Origin": "eventgrid.azure.net"})
    others = [
        greet(path, **{"WebHook-Request-Origin": origin})
        for origin in ("", "*", "evil.example", "eventgrid.azure.net.evil.example")
    ]
    without_secret = greet(PATH, **{"WebHook-Request-Origin": "eventgrid.azure.net"})

    assert (ours.status_code, ours["WebHook-Allowed-Origin"]) == (200, "eventgrid.azure.net")
    assert [answer.status_code for answer in (*others, without_secret)] == [401] * 5
    assert not any("WebHook-Allowed-Origin" in answer for answer in (*others, without_secret))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_are_refused_by_name(world: World, method: str) -> None:
    answer = Client().generic(method, world.eventgrid.path)

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    "event",
    [
        {"eventType": "Microsoft.Communication.SMSReceived"},
        {"eventType": "Microsoft.Communication.CallConnected"},
        {"eventType": "talenti.file_ready", "at": "2026-03-04T15:00:00Z", "op": 0},
    ],
)
def test_other_types_are_kept_and_looked_at_by_nobody(
    recorded: World, event: dict[str, Any]
) -> None:
    answer = deliver(recorded, file_ready() | event)

    assert (answer.status_code, reasons(), CallEntry.objects.count()) == (200, ["unknown_type"], 0)


@pytest.mark.parametrize(
    "missing",
    ["AZURE_EVENTGRID_TENANT_ID", "AZURE_EVENTGRID_AUDIENCE", "AZURE_EVENTGRID_SECRETS"],
)
def test_without_its_settings_there_is_no_door(recorded: World, settings, missing: str) -> None:
    setattr(settings, missing, "")

    assert deliver(recorded, file_ready()).status_code == 404
    assert greet(recorded.eventgrid.path).status_code == 404
    assert rows() == NOTHING


def test_unknown_recordings_of_long_ago_do_not_add_up(world: World) -> None:
    event = file_ready(600, recording=str(new_id()))
    for _ in range(3):
        deliver(world, event)

    assert [row.times for row in DeadLetter.objects.all()] == [3]
