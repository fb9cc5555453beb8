"""deploy.sh with a phone: events are subscribed to once what serves knows their secret."""

import pytest

from tests.infra_scripts.conftest import Subscription
from tests.infra_scripts.template import secrets_in

GROUP, APP = "rg-talenti-dev-aue", "ca-api-talenti-dev-aue"
OLD, NEW = "old-" + "e" * 40, "new-" + "f" * 40
PHONE = {"CALLER_NUMBER": "+61255501234", "EVENT_GRID_APPLICATION_ID": "an-application"}


def test_first_deployment_subscribes_when_the_app_is_ready(subscription: Subscription) -> None:
    subscription.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=OLD)

    asked = [one["SUBSCRIBE_EVENTS"] for one in subscription.template.seen]
    assert asked == ["false", "false", "false", "true"]
    assert subscription.world["subscribed"] == OLD


def test_phone_of_an_installation_that_serves_waits_for_its_revision(
    deployed: Subscription,
) -> None:
    deployed.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=OLD)

    assert [one["SUBSCRIBE_EVENTS"] for one in deployed.template.seen] == ["false", "true"]
    assert deployed.template.seen[-1]["SERVING_REVISION"] == f"{APP}--t2"
    assert deployed.revisions(APP) == ["t1", "t2"]
    assert deployed.world["subscribed"] == OLD


def test_secret_is_changed_in_two_deployments_and_events_always_find_theirs(
    deployed: Subscription,
) -> None:
    deployed.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=OLD)
    both = {"EVENT_GRID_SECRET": NEW, "EVENT_GRID_PREVIOUS_SECRET": OLD}

    deployed.done("deploy", "--env", "dev", **PHONE, **both)
    assert deployed.world["subscribed"] == NEW
    assert deployed.world["apps"][APP]["revisions"][-1]["event_secrets"] == {OLD, NEW}

    deployed.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=NEW)
    assert deployed.world["apps"][APP]["revisions"][-1]["event_secrets"] == {NEW}
    shown = "\n".join([*deployed.printed, *deployed.stubs.calls()])
    assert secrets_in(shown, [OLD, NEW]) == []


def test_other_secret_without_the_one_before_is_no_success(deployed: Subscription) -> None:
    deployed.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=OLD)

    printed = deployed.refused("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=NEW)

    assert "STOPPED at: subscription to events" in printed
    assert deployed.world["subscribed"] == OLD


def test_later_deployment_without_the_secret_leaves_the_subscription(
    deployed: Subscription,
) -> None:
    deployed.done("deploy", "--env", "dev", **PHONE, EVENT_GRID_SECRET=OLD)

    printed = deployed.done("deploy", "--env", "dev", **PHONE)

    assert "egst-talenti-dev-aue goes on with its own" in printed
    assert deployed.template.seen[-1]["SUBSCRIBE_EVENTS"] == "false"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"CALLER_NUMBER": "+61255501234"}, "set CALLER_NUMBER and EVENT_GRID_APPLICATION_ID"),
        ({"EVENT_GRID_APPLICATION_ID": "x"}, "set CALLER_NUMBER and EVENT_GRID_APPLICATION_ID"),
        (PHONE, "set EVENT_GRID_SECRET"),
    ],
)
def test_half_of_a_phone_is_refused(
    deployed: Subscription, given: dict[str, str], said: str
) -> None:
    assert said in deployed.refused("deploy", "--env", "dev", **given)
    assert deployed.changes() == []
