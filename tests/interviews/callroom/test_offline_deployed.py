"""Where strangers are interviewed the simulated line answers for nobody but its own scripts."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from interviews.callroom.offline import OfflineCallroom
from interviews.callroom.protocol import Dial, Repeatability
from interviews.callroom.simulated.scripts import script_named
from interviews.calls import codes
from interviews.calls.state import Fault, Outcome
from interviews.models import SimulatedCall
from talenti.errors import PermanentFailure

A_PERSON = "+61255501234"


def dial(number, organisation_id="", call_id=""):
    return Dial(
        call_id=call_id,
        organisation_id=organisation_id,
        number=number,
        callback_url="",
        context="call",
        repeat=Repeatability("1f0c", timezone.now()),
    )


def test_persons_number_is_refused_there(settings):
    settings.DEPLOYED = True

    with pytest.raises(PermanentFailure) as refused:
        OfflineCallroom().place(dial(A_PERSON))

    assert refused.value.code == "no_telephone"
    assert codes.end_of_unanswered("no_telephone") == (Outcome.FAILED, Fault.OURS)


@pytest.mark.django_db
@pytest.mark.parametrize(("deployed", "number"), [(True, "busy"), (False, A_PERSON)])
def test_scripts_are_rung_everywhere_and_anybody_on_ones_own_machine(
    people, settings, monkeypatch, deployed, number
):
    monkeypatch.setattr("interviews.callroom.offline._tell", lambda *_, **__: SimpleNamespace())
    settings.DEPLOYED = deployed
    called = number if number == A_PERSON else script_named(number).number

    line = OfflineCallroom().place(
        dial(called, str(people.home.pk), "0190b1a2-0000-7000-8000-000000000000")
    )

    assert SimulatedCall.objects.get(connection_id=line.connection_id).number == called
