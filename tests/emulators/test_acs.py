"""The emulator of Communication Services does what is known of the real one."""

import json
import os
import threading

import jwt
import pytest

from interviews.callroom.simulated.scripts import script_named
from interviews.calls.dialect import read_event, split_events
from interviews.calls.facts import FactKind
from talenti.azure import calls, calls_media
from talenti.azure.blob import service
from tests.emulators.acs import RESOURCE_ID
from tests.emulators.acs_callee import Scripted
from tests.emulators.acs_delivery import Mischief
from tests.emulators.acs_doors import Doors
from tests.emulators.acs_played import Played
from tests.emulators.acs_recordings import SAMPLE_RATE, to_blob_storage, two_channels
from tests.emulators.acs_signing import EVENTGRID_APP, EVENTGRID_ROLE, ISSUER, Signer
from tests.emulators.acs_tapes import EventGrid
from tests.talenti.azure.calling import NUMBER, ON_A_CALL, how, once

TENANT = "22222222-3333-4444-5555-666666666666"


@pytest.fixture(autouse=True)
def _plain_candidate(azure_acs) -> None:
    azure_acs.exchange.callee = lambda _: Scripted()


def told(doors: Doors) -> list[tuple[FactKind, int]]:
    return [(fact.kind, fact.op) for fact in doors.facts()]


def ring(server, doors: Doors) -> calls.Target:
    connection_id, _ = calls.place_call(NUMBER, f"{doors.url}/acs", "call", once())
    assert server.postman.settle()
    return calls.Target(connection_id, NUMBER)


def test_call_tells_what_happens_under_its_contexts(azure_acs, acs_doors):
    azure_acs.exchange.callee = lambda _: Scripted(says=["1", "I repair relays.", ""])
    target = ring(azure_acs, acs_doors)
    for number, to in enumerate(["keys", "speech_or_keys", "speech_or_keys"], 1):
        calls_media.listen(target, ["Hello."], how(f"op-{number}", to))
        azure_acs.postman.settle()
    calls_media.speak(target, ["Goodbye."], language="en", context="op-4")
    azure_acs.postman.settle()
    calls.hang_up(target.connection_id)
    azure_acs.postman.settle()
    assert told(acs_doors) == [
        (FactKind.CONNECTED, 0),
        (FactKind.HEARD, 1),
        (FactKind.HEARD, 2),
        (FactKind.NOT_HEARD, 3),
        (FactKind.OTHER, 0),
        (FactKind.SAID, 4),
        (FactKind.DISCONNECTED, 0),
    ]


def test_events_carry_a_token_for_the_resource_that_its_keys_prove(azure_acs, acs_doors):
    ring(azure_acs, acs_doors)
    (_, headers, body), keys = acs_doors.taken[0], jwt.PyJWKClient(azure_acs.keys_url, timeout=5)
    token = headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience=RESOURCE_ID,
        issuer=ISSUER,
        options={"require": ["exp", "nbf"]},
    )
    assert claims["exp"] - claims["nbf"] == 300
    assert isinstance(json.loads(body), list)


def test_refused_event_comes_again_and_in_the_end_no_more(azure_acs, acs_doors):
    acs_doors.statuses = [503, 500, 503, 503]
    ring(azure_acs, acs_doors)
    assert [delivered.status for delivered in azure_acs.postman.delivered] == [503, 500, 503]
    assert len({body for _, _, body in acs_doors.taken}) == 1


def test_cancelled_operation_ends_as_cancelled_alone(azure_acs, acs_doors):
    target = ring(azure_acs, acs_doors)
    azure_acs.exchange.pace = 0.05
    calls_media.listen(target, ["Hello. " * 20], how("op-1"))
    calls_media.cancel_media(target.connection_id)
    azure_acs.postman.settle()
    assert told(acs_doors)[1:] == [(FactKind.CANCELLED, 1)]


@pytest.mark.parametrize(
    ("ringing", "code"), [((486, 560486), "560486"), ((603, 560603), "560603")]
)
def test_unanswered_call_fails_with_the_code_of_the_network(azure_acs, acs_doors, ringing, code):
    azure_acs.exchange.callee = lambda _: Scripted(ringing=ringing)
    target = ring(azure_acs, acs_doors)
    fact = read_event(split_events(acs_doors.taken[0][2])[0]).fact
    assert (fact.kind, fact.code) == (FactKind.NOT_CONNECTED, code)
    assert not calls.is_alive(target.connection_id)


@pytest.mark.parametrize(
    ("command", "sub_code", "kind"),
    [
        ("recognize", 8511, FactKind.NOT_HEARD),
        ("recognize", 8565, FactKind.NOT_HEARD),
        ("recognize", 8508, FactKind.CANCELLED),
        ("play", 8535, FactKind.NOT_SAID),
        ("play", 9999, FactKind.NOT_SAID),
    ],
)
def test_operation_that_is_accepted_may_fail_with_any_code(
    azure_acs, acs_doors, command, sub_code, kind
):
    target = ring(azure_acs, acs_doors)
    azure_acs.exchange.spoil(command, sub_code)
    ON_A_CALL[command](target)
    azure_acs.postman.settle()
    (_, fact) = acs_doors.facts()
    assert (fact.kind, fact.op, fact.code) == (kind, 1, str(sub_code))
    ON_A_CALL[command](target)


def test_recording_that_is_accepted_may_fail_and_be_begun_again(azure_acs, acs_doors):
    target = ring(azure_acs, acs_doors)
    azure_acs.exchange.spoil("start_recording", 8608)
    for _ in range(2):
        calls.start_recording(target, "org/call", f"{acs_doors.url}/acs", once())
    azure_acs.postman.settle()
    assert [(fact.kind, fact.code) for fact in acs_doors.facts()[1:]] == [
        (FactKind.RECORDING_REFUSED, "8608"),
        (FactKind.RECORDING_ON, ""),
    ]


def test_nothing_follows_a_candidate_who_hangs_up(azure_acs, acs_doors):
    azure_acs.exchange.callee = lambda _: Scripted(says=["hang-up"])
    target = ring(azure_acs, acs_doors)
    calls_media.listen(target, ["Hello."], how())
    azure_acs.postman.settle()
    assert told(acs_doors) == [(FactKind.CONNECTED, 0), (FactKind.DISCONNECTED, 0)]


def test_mischief_doubles_drops_and_delays_by_its_seed(azure_acs, acs_doors):
    def with_seed(seed: int) -> list[tuple[FactKind, int]]:
        azure_acs.reset()
        acs_doors.taken.clear()
        azure_acs.exchange.callee = lambda _: Scripted(says=[])
        target = ring(azure_acs, acs_doors)
        azure_acs.postman.misbehave(Mischief(seed, doubled=0.5, dropped=0.3))
        for number in range(1, 9):
            calls_media.speak(target, ["Hello."], language="en", context=f"op-{number}")
            azure_acs.postman.settle()
        return told(acs_doors)

    first, again, other = with_seed(1), with_seed(1), with_seed(2)
    said = [op for kind, op in first if kind is FactKind.SAID]
    assert first == again != other
    assert len(said) > len(set(said)), "nothing came twice"
    assert set(said) < set(range(1, 9)), "nothing was lost"


def test_late_events_overtake_each_other(azure_acs, acs_doors):
    azure_acs.postman.misbehave(Mischief(3, late=1.0, late_seconds=0.2))
    for _ in range(12):
        calls.place_call(NUMBER, f"{acs_doors.url}/acs", "call", once())
    azure_acs.postman.settle()
    placed = list(azure_acs.exchange.calls)
    told = [json.loads(body)[0]["data"]["callConnectionId"] for _, _, body in acs_doors.taken]
    assert sorted(told) == sorted(placed)
    assert told != placed


def test_recording_is_written_to_the_customers_container_and_told_of(
    azure_acs, acs_doors, blob_account, blob_container, settings
):
    settings.AZURE_STORAGE_ENDPOINT = blob_account.endpoint
    settings.AZURE_STORAGE_CONTAINERS = {"recordings": blob_container}
    azure_acs.exchange.tapes.upload = to_blob_storage(blob_account)
    grid = EventGrid(
        f"{acs_doors.url}/grid?secret=s", Signer("https://sts.example/t/", "app"), TENANT
    )
    azure_acs.exchange.tapes.event_grid = grid
    target = ring(azure_acs, acs_doors)
    recording_id = calls.start_recording(target, "org/call", f"{acs_doors.url}/acs", once())
    calls.hang_up(target.connection_id)
    azure_acs.postman.settle()

    kinds = [kind for kind, _ in told(acs_doors)]
    assert kinds == [
        FactKind.CONNECTED,
        FactKind.RECORDING_ON,
        FactKind.DISCONNECTED,
        FactKind.RECORDING_OFF,
        FactKind.FILE_READY,
    ]
    path, headers, body = acs_doors.taken[-1]
    event = read_event(split_events(body)[0])
    claims = jwt.decode(
        headers["authorization"].removeprefix("Bearer "),
        grid.signer.key.public_key(),
        algorithms=["RS256"],
        audience="app",
    )
    assert (path, event.recording_id) == ("/grid?secret=s", recording_id)
    assert (claims["appid"], claims["roles"], claims["tid"]) == (
        EVENTGRID_APP,
        [EVENTGRID_ROLE],
        TENANT,
    )
    container = service(blob_account, os.getpid()).get_container_client(blob_container)
    names = sorted(container.list_blob_names())
    sound, metadata = container.download_blob(names[1]), container.download_blob(names[0])
    assert [name.rpartition("/")[2].split(".")[0] for name in names] == [
        "0-acsmetadata",
        "0-audiowav",
    ]
    assert all(name.startswith("org/call/") for name in names)
    assert sound.readall() == two_channels()
    assert json.loads(metadata.readall())["participants"][0] == {
        "participantId": f"4:{NUMBER}",
        "channel": 0,
    }
    assert event.fact.data["duration_ms"] == len(two_channels()[44:]) // 4 * 1000 // SAMPLE_RATE


def test_candidate_who_hangs_up_in_what_is_cancelled_is_gone_when_we_hang_up(azure_acs, acs_doors):
    azure_acs.exchange.callee = lambda _: Played(script_named("hangs_up"))
    target = ring(azure_acs, acs_doors)
    azure_acs.exchange.pace = 60.0
    for number, question in enumerate(["One?", "Two?"], 1):
        calls_media.listen(target, [question], how(f"op-{number}"))
        calls_media.cancel_media(target.connection_id)
    azure_acs.exchange.pace = 0.0
    calls.hang_up(target.connection_id)
    assert _until_over(target)


def _until_over(target: calls.Target) -> bool:
    over = threading.Event()
    return any(not calls.is_alive(target.connection_id) or over.wait(0.02) for _ in range(200))
