"""Interviews by phone as they would be deployed: who may do what, and how events come."""

import pytest

from tests.infra.bicep.apps import containers, variables
from tests.infra.scenarios import CALLS, GUID, PHONE, run
from tests.infra.test_guide import container, made, properties

SUBSCRIPTION = "Microsoft.EventGrid/systemTopics/eventSubscriptions"
ROLES = "Microsoft.Authorization/roleAssignments"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
COGNITIVE_USER = "a97b65f3-24c7-4388-baec-2e87135dc908"
COMMUNICATION_OWNER = "09976791-48a7-449e-bb21-39d1a415f350"


def roles_of(identity: str) -> set[tuple[str, str]]:
    """Return role and name of the place of every assignment to an identity of this kind."""
    return {
        (
            one.body["properties"]["roleDefinitionId"].rpartition("/")[2],
            one.id.partition(f"/providers/{ROLES}")[0].rpartition("/")[2],
        )
        for one in run("prod-serving").resources
        if one.type == ROLES and identity in one.body["properties"]["principalId"]
    }


def test_the_line_is_chosen_by_name_with_and_without_a_phone() -> None:
    with_phone = variables(container("prod-serving", "api"), run("prod-serving"))
    without = variables(container("prod-other-servers", "api"), run("prod-other-servers"))

    assert (with_phone["CALLROOM"], without["CALLROOM"]) == ("azure", "offline")
    assert with_phone["AZURE_ACS_CALLER_NUMBER"] == PHONE["CALLER_NUMBER"]
    assert "accesskey" not in with_phone["AZURE_ACS_CONNECTION_STRING"]
    assert with_phone["AZURE_SPEECH_ENDPOINT"]
    assert {
        name for name in without if name.startswith(("AZURE_ACS_", "AZURE_EVENTGRID_"))
    } == set()


@pytest.mark.parametrize("scenario", ["prod-serving", "prod-other-servers"])
def test_every_queue_has_one_worker_and_calls_one_of_their_own_where_there_are_any(
    scenario: str,
) -> None:
    workers = {
        one.body["name"]: one.body["args"]
        for one in containers(run(scenario))
        if one.command == "worker"
    }

    if scenario == "prod-other-servers":
        assert workers == {"worker": ["worker"]}
    else:
        assert workers == {
            "worker": ["worker", "--queues", "default", "media"],
            "calls": ["worker", "--queues", "calls", "--threads", "8"],
        }


def test_settings_of_calls_reach_every_container() -> None:
    deployed = run("prod-canary")
    wanted = {name: str(value) for name, value in CALLS.items()}

    for one in containers(deployed):
        given = variables(one, deployed)
        assert {name: given[name] for name in wanted} == wanted


def test_events_come_as_cloud_events_with_a_token_of_our_application() -> None:
    webhook = properties("prod-serving", SUBSCRIPTION)
    destination = webhook["destination"]["properties"]

    assert webhook["eventDeliverySchema"] == "CloudEventSchemaV1_0"
    assert webhook["filter"] == {
        "includedEventTypes": ["Microsoft.Communication.RecordingFileStatusUpdated"]
    }
    assert destination["azureActiveDirectoryApplicationIdOrUri"] == GUID
    assert destination["endpointUrl"].endswith(
        f"/webhooks/eventgrid/?secret={PHONE['EVENT_GRID_SECRET']}"
    )
    assert webhook["retryPolicy"] == {
        "maxDeliveryAttempts": 30,
        "eventTimeToLiveInMinutes": 24 * 60,
    }
    kept = webhook["deadLetterWithResourceIdentity"]["deadLetterDestination"]["properties"]
    assert kept["blobContainerName"] == "event-dead-letters"


@pytest.mark.parametrize("scenario", ["prod-phone-begins", "prod-migrating", "prod-other-servers"])
def test_nothing_is_subscribed_to_before_somebody_answers(scenario: str) -> None:
    assert [one.name for one in run(scenario).resources if one.type == SUBSCRIPTION] == []


def test_telephony_has_no_keys_and_may_write_recordings_and_speak_and_nothing_else() -> None:
    service = made("prod-serving", "Microsoft.Communication/communicationServices", "acs-")

    assert service.body["properties"]["disableLocalAuth"] is True
    assert roles_of("communicationServices/acs-") == {
        (BLOB_CONTRIBUTOR, "interview-recordings"),
        (COGNITIVE_USER, "speech-talenti-prod-aue"),
    }


def test_the_apps_may_call_by_their_identity() -> None:
    assert (COMMUNICATION_OWNER, "acs-talenti-prod-aue") in roles_of("userAssignedIdentities/id-")
