"""The queue and the doorbell."""

import uuid

import dramatiq
import pytest
from django.conf import settings
from django.db import connections, transaction
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker

from talenti.errors import WrongState
from talenti.history import SYSTEM
from talenti.work.actors import perform, registered
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue, requeue, ring
from tests.people import People
from tests.talenti.work import kinds

pytestmark = pytest.mark.django_db


def rung(broker: dramatiq.Broker, queue: str = "default") -> list[str]:
    """Return the item ids that wait in the in-process broker."""
    assert isinstance(broker, StubBroker)
    waiting = list(broker.queues[queue].queue)
    return [dramatiq.Message.decode(message).args[0] for message in waiting]


@pytest.fixture
def broker() -> dramatiq.Broker:
    broker = dramatiq.get_broker()
    broker.flush_all()
    return broker


def test_same_work_is_queued_once_while_it_is_open(people: People) -> None:
    subject = uuid.uuid4()
    first = kinds.put(kinds.COUNT, people.home, subject)
    assert kinds.put(kinds.COUNT, people.home, subject) == first
    perform(kinds.COUNT, first.pk)
    assert kinds.put(kinds.COUNT, people.home, subject) != first


def test_bell_rings_after_the_commit_with_the_id_alone(
    people: People,
    broker: dramatiq.Broker,
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        item = kinds.put(kinds.COUNT, people.home)
        assert rung(broker) == []
    assert rung(broker) == [str(item.pk)]


@pytest.mark.django_db(transaction=True)
def test_work_of_a_rolled_back_change_does_not_exist(
    people: People, broker: dramatiq.Broker
) -> None:
    with transaction.atomic():
        kinds.put(kinds.COUNT, people.home)
        transaction.set_rollback(True)
    assert WorkItem.objects.count() == 0
    assert rung(broker) == []


@pytest.mark.django_db(transaction=True)
def test_request_succeeds_while_redis_is_down(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = RedisBroker(url="redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(registered(kinds.COUNT).actor, "broker", nobody)
    item = kinds.put(kinds.COUNT, people.home)
    assert WorkItem.objects.due().filter(pk=item.pk).exists()
    connections.close_all()


def test_dead_redis_costs_a_request_half_a_second_at_most() -> None:
    broker = RedisBroker(url=f"redis://127.0.0.1:1/0?{settings.REDIS_TIMEOUTS}")
    given = broker.client.connection_pool.connection_kwargs
    assert (given["socket_connect_timeout"], given["socket_timeout"]) == (0.5, 5)


def test_bell_that_nobody_hears_is_no_error(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = RedisBroker(url=f"redis://127.0.0.1:1/0?{settings.REDIS_TIMEOUTS}")
    monkeypatch.setattr(registered(kinds.COUNT).actor, "broker", nobody)
    assert ring(kinds.COUNT, uuid.uuid4()) is False


def test_unknown_kind_is_refused_where_it_is_queued(people: People) -> None:
    with pytest.raises(KeyError):
        enqueue("no.such", organisation_id=people.home.pk, subject_id=uuid.uuid4())


def test_open_work_cannot_be_requeued(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    with pytest.raises(WrongState):
        requeue(item, SYSTEM)


def test_dead_work_cannot_be_requeued_beside_open_work_of_the_same_subject(people: People) -> None:
    subject = uuid.uuid4()
    dead = kinds.put(kinds.REFUSE, people.home, subject)
    perform(kinds.REFUSE, dead.pk)
    dead.refresh_from_db()
    kinds.put(kinds.REFUSE, people.home, subject)
    with pytest.raises(WrongState):
        requeue(dead, SYSTEM)
