"""The sweeper: it rings for what was lost, and two of them are harmless."""

import itertools
import threading
import uuid
from datetime import timedelta

import dramatiq
import pytest
import redis
from django.db import connection
from django.utils import timezone
from dramatiq.brokers.redis import RedisBroker

from talenti.work import sweep
from talenti.work.actors import registered
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from talenti.work.signals import reconcile
from tests.people import People
from tests.services.redis_server import RedisServer
from tests.talenti.work import kinds
from tests.talenti.work.test_queue import rung

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> dramatiq.Broker:
    broker = dramatiq.get_broker()
    broker.flush_all()
    return broker


def later(seconds: float):
    return timezone.now() + timedelta(seconds=seconds)


def test_lost_message_is_rung_again_after_three_seconds(
    people: People, broker: dramatiq.Broker
) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    assert sweep.ring_due(later(1)) == 0
    assert sweep.ring_due(later(4)) == 1
    assert rung(broker) == [str(item.pk)]


def test_pauses_between_rings_grow_so_that_a_backlog_is_not_flooded(people: People) -> None:
    kinds.put(kinds.COUNT, people.home)
    begun = timezone.now()  # a clock of its own: 120 rounds take seconds on a busy machine
    moments = [second for second in range(120) if sweep.ring_due(begun + timedelta(seconds=second))]
    pauses = [after - before for before, after in itertools.pairwise(moments)]
    assert pauses == [3, 6, 12, 24, 60]


def test_broker_that_is_away_is_not_held_against_what_waits(
    people: People, broker: dramatiq.Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [kinds.put(kinds.COUNT, people.home) for _ in range(3)]
    actor = registered(kinds.COUNT).actor
    asked: list[str] = []

    def refuse(item_id: str) -> None:
        asked.append(item_id)
        raise redis.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(actor, "send", refuse)
        found = [sweep.ring_due(later(4 + seconds)) for seconds in range(10)]
    assert found == [0] * 10
    assert len(asked) == 10  # one try a round, however much waits
    assert sweep.ring_due(later(14)) == 3
    assert sorted(rung(broker)) == sorted(str(item.pk) for item in items)


def test_delayed_work_is_nowhere_but_in_the_database(
    people: People, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = uuid.uuid4()
    actor = registered(kinds.COUNT).actor
    monkeypatch.setattr(actor, "broker", RedisBroker(url=redis_server.url()))
    enqueue(kinds.COUNT, organisation_id=people.home.pk, subject_id=subject, at=later(60))
    with redis.Redis.from_url(redis_server.url()) as client:
        assert (sweep.ring_due(later(59)), client.dbsize()) == (0, 0)
    redis_server.stop()
    assert sweep.ring_due(later(61)) == 0
    redis_server.start()
    with redis.Redis.from_url(redis_server.url()) as client:
        assert sweep.ring_due(later(63)) == 1
        assert client.llen("dramatiq:default") == 1


def test_expired_lease_is_rung_for(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    WorkItem.objects.filter(pk=item.pk).update(
        state=State.RUNNING, lease_until=later(-1), ring_at=later(-1)
    )
    assert sweep.ring_due() == 1


def test_running_and_future_work_is_left_alone(people: People) -> None:
    running, future = (kinds.put(kinds.COUNT, people.home) for _ in range(2))
    WorkItem.objects.filter(pk=running.pk).update(state=State.RUNNING, lease_until=later(60))
    WorkItem.objects.filter(pk=future.pk).update(next_run_at=later(60))
    assert sweep.ring_due(later(10)) == 0


def test_unknown_kind_waits_for_a_newer_worker(people: People) -> None:
    item = WorkItem.objects.create(
        organisation=people.home, kind="of.the.future", subject_id=people.home.pk
    )
    assert sweep.ring_due(later(60)) == 0
    item.refresh_from_db()
    assert (item.state, item.attempt) == (State.QUEUED, 0)


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_ring_once(people: People, broker: dramatiq.Broker) -> None:
    items = {str(kinds.put(kinds.COUNT, people.home).pk) for _ in range(20)}
    broker.flush_all()
    start = threading.Barrier(2)

    def sweeper() -> None:
        start.wait(timeout=10)
        sweep.ring_due(later(10))
        connection.close()

    threads = [threading.Thread(target=sweeper) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(rung(broker)) == sorted(items)


def test_failing_reconciler_does_not_stop_the_others() -> None:
    seen: list[str] = []

    def breaks(**_: object) -> None:
        raise RuntimeError

    def works(**_: object) -> None:
        seen.append("works")

    reconcile.connect(breaks)
    reconcile.connect(works)
    try:
        failed = sweep.reconcile_all()
    finally:
        reconcile.disconnect(breaks)
        reconcile.disconnect(works)
    assert seen == ["works"]
    assert [name.rpartition(".")[2] for name in failed] == ["breaks"]


def test_start_on_one_machine_takes_every_lease_back(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    WorkItem.objects.filter(pk=item.pk).update(state=State.RUNNING, lease_until=later(600))
    assert sweep.take_back_leases() == 1
    assert sweep.ring_due() == 1
