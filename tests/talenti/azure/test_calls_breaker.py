"""What faults of Communication Services do to its breaker: lost answers count, refusals do not."""

import pytest

from talenti.errors import TalentiError
from talenti.models import Breaker
from tests.emulators.acs_faults import Fault
from tests.talenti.azure.calling import ON_A_CALL, connected, place

pytestmark = pytest.mark.django_db


def endings(times: int, deed) -> list[str]:
    """Return what each try ends with."""
    found = []
    for _ in range(times):
        try:
            deed()
            found.append("ok")
        except TalentiError as error:
            found.append(type(error).__name__)
    return found


@pytest.mark.parametrize("fault", [Fault(500), Fault(ending="close", effect=True)])
def test_answers_that_are_lost_stop_further_calls_from_being_placed(azure_acs, fault):
    azure_acs.faults.add("create_call", fault, times=0)
    assert endings(7, place) == [*["Unanswered"] * 5, *["ProviderPaused"] * 2]
    assert len(azure_acs.requests) == 5
    assert Breaker.objects.get(state="open").name == "azure-acs-live"


@pytest.mark.parametrize(
    "fault", [Fault(400, "8500"), Fault(404, "8522"), Fault(403, "7507"), Fault(429)]
)
def test_service_that_answers_is_not_down_whatever_it_says(azure_acs, fault):
    target = connected(azure_acs)
    azure_acs.faults.add("play", fault, times=0)
    assert "ProviderPaused" not in endings(7, lambda: ON_A_CALL["play"](target))
    assert not Breaker.objects.filter(state="open").exists()
