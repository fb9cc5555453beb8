"""The addresses that a call's events come to: each has a secret of its own, and it always fits."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from interviews.models import Call
from interviews.services import call_placing
from interviews.services.call_addresses import hash_of, secret_fits, secret_of
from talenti.errors import RetryLater
from talenti.ids import new_id
from tests.rows import make_interview

pytestmark = pytest.mark.django_db


class DeafRoom:
    """Notes where the events are to be sent, and is away."""

    name = "deaf"
    asked: list[str] = []

    def speaks(self, language):
        return True

    def place(self, dial):
        self.asked.append(dial.callback_url)
        raise RetryLater("Nobody is here.")


@pytest.fixture
def planned(people, settings):
    """A call that may be dialled now, with the secret of an earlier SECRET_KEY."""
    settings.SECRET_KEY = "earlier-" * 8
    settings.CALL_HOURS, settings.CALL_DAYS = (
        (0, 24),
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
    settings.ENGINES = settings.ENGINES | {"callroom": f"{__name__}.DeafRoom"}
    settings.ENGINE_PATHS = settings.ENGINE_PATHS | {"callroom": {}}
    interview = make_interview(people.home, channel="phone")
    candidate = interview.candidate
    candidate.phone, candidate.time_zone = "+12025550123", "UTC"
    candidate.call_permission, candidate.call_permission_at = "given", timezone.now()
    candidate.save()
    pk = new_id()
    return Call.objects.create(
        pk=pk,
        organisation_id=interview.organisation_id,
        interview=interview,
        number=candidate.phone,
        engine="deaf",
        scheduled_at=timezone.now(),
        secret_hash=hash_of(secret_of(pk)),
    )


def test_call_planned_under_an_earlier_key_is_dialled_with_a_secret_that_fits(planned, settings):
    settings.SECRET_KEY = "present-" * 8

    with pytest.raises(RetryLater):
        call_placing.place_call(SimpleNamespace(subject_id=planned.pk))

    planned.refresh_from_db()
    (address,) = DeafRoom.asked
    assert address.startswith(f"{settings.PUBLIC_URL}/webhooks/acs/{planned.pk}/")
    assert secret_fits(planned, address.rpartition("/")[2])
    assert not secret_fits(planned, "0" * 64)
