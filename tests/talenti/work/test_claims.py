"""Claims: who may finish, and what becomes of work that fails."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from talenti.errors import Unsuitable
from talenti.history import Actor
from talenti.models import HistoryEntry
from talenti.work import claims
from talenti.work.actors import perform
from talenti.work.backoff import MAX_ATTEMPTS, delay
from talenti.work.claims import Claim, LostClaim
from talenti.work.models import State, WorkItem
from talenti.work.queue import cancel, requeue
from talenti.work.signals import work_died
from tests.people import People
from tests.talenti.work import kinds

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)


def results() -> int:
    return HistoryEntry.objects.filter(verb="result").count()


def make_due(item: WorkItem) -> None:
    WorkItem.objects.filter(pk=item.pk).update(next_run_at=timezone.now())


def lose_lease(item: WorkItem) -> None:
    past = timezone.now() - timedelta(seconds=1)
    WorkItem.objects.filter(pk=item.pk).update(lease_until=past)


def test_work_is_done_once_although_its_message_comes_three_times(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    for _ in range(3):
        perform(kinds.COUNT, item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempt, item.fence, results()) == (State.DONE, 1, 1, 1)
    assert item.finished_at is not None


def test_claim_says_whose_work_it_is(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    expected = Claim(item.pk, people.home.pk, kinds.COUNT, item.subject_id, attempt=1, fence=1)
    assert claims.take(item.pk, LEASE) == expected


def test_claim_of_running_work_is_refused_until_its_lease_ends(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    first = claims.take(item.pk, LEASE)
    assert first is not None
    assert claims.take(item.pk, LEASE) is None
    lose_lease(item)
    second = claims.take(item.pk, LEASE)
    assert second is not None
    assert (first.fence, second.fence, second.attempt) == (1, 2, 2)


def test_sweeper_may_ring_as_soon_as_the_lease_has_ended(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    hour = timezone.now() + timedelta(hours=1)
    WorkItem.objects.filter(pk=item.pk).update(rings=5, ring_at=hour)  # it waited long
    claims.take(item.pk, LEASE)
    item.refresh_from_db()
    assert (item.ring_at, item.rings) == (item.lease_until, 0)


def test_stale_worker_that_finishes_late_stores_nothing(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    stale = claims.take(item.pk, LEASE)
    lose_lease(item)
    perform(kinds.COUNT, item.pk)
    assert stale is not None
    with pytest.raises(LostClaim), stale.finish():
        pytest.fail("the block of a lost claim never runs")
    assert results() == 1


def test_result_of_work_that_was_taken_over_meanwhile_is_thrown_away(people: People) -> None:
    item = kinds.put(kinds.HOOKED, people.home)

    def overtake(_: claims.Claim) -> None:
        lose_lease(item)
        kinds.hooks["before_finish"] = lambda _: None
        perform(kinds.HOOKED, item.pk)

    kinds.hooks["before_finish"] = overtake
    perform(kinds.HOOKED, item.pk)
    item.refresh_from_db()
    assert (item.state, item.fence, results()) == (State.DONE, 2, 1)


def test_failing_result_leaves_the_work_open(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    claim = claims.take(item.pk, LEASE)
    assert claim is not None
    with pytest.raises(IntegrityError), transaction.atomic(), claim.finish():
        WorkItem.objects.create(organisation=people.home, kind="x", subject_id=item.pk, state="??")
    item.refresh_from_db()
    assert (item.state, claim.finished) == (State.RUNNING, False)


def test_renewed_lease_moves_and_a_lost_one_does_not(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    claim = claims.take(item.pk, timedelta(seconds=1))
    assert claim is not None
    assert claims.renew(claim, timedelta(hours=1)) is True
    item.refresh_from_db()
    assert item.lease_until is not None
    assert item.lease_until > timezone.now() + timedelta(minutes=59)
    lose_lease(item)
    claims.take(item.pk, LEASE)
    assert claims.renew(claim, timedelta(hours=1)) is False


def test_failed_work_waits_and_keeps_no_text_of_an_unknown_error(people: People) -> None:
    item = kinds.put(kinds.FAIL, people.home)
    perform(kinds.FAIL, item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempt, item.cause) == (State.QUEUED, 1, "error")
    assert item.last_error == "RuntimeError"
    assert item.next_run_at > item.created_at


def test_work_that_always_fails_is_dead_after_eight_attempts(people: People) -> None:
    item = kinds.put(kinds.FAIL, people.home)
    died: list[WorkItem] = []
    work_died.connect(lambda item, **_: died.append(item), weak=False, dispatch_uid="test")
    try:
        for _ in range(MAX_ATTEMPTS + 2):
            make_due(item)
            perform(kinds.FAIL, item.pk)
    finally:
        work_died.disconnect(dispatch_uid="test")
    item.refresh_from_db()
    assert (item.state, item.attempt, item.cause) == (State.DEAD, 8, "error")
    assert [found.pk for found in died] == [item.pk]


def test_permanent_failure_is_dead_at_once_with_its_code(people: People) -> None:
    item = kinds.put(kinds.REFUSE, people.home)
    perform(kinds.REFUSE, item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempt) == (State.DEAD, 1)
    assert (item.cause, item.last_error) == ("content_filter", "The provider refuses this.")


def test_refusal_of_the_domain_is_not_tried_again(people: People) -> None:
    def refuse(_: claims.Claim) -> None:
        raise Unsuitable("The file is damaged.", code="damaged", status=422)

    kinds.hooks["before_finish"] = refuse
    item = kinds.put(kinds.HOOKED, people.home)
    perform(kinds.HOOKED, item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempt, item.cause) == (State.DEAD, 1, "damaged")


def test_wish_to_wait_is_a_floor_and_may_give_the_attempt_back(people: People) -> None:
    item = kinds.put(kinds.WAIT, people.home)
    before = timezone.now()
    perform(kinds.WAIT, item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempt) == (State.QUEUED, 0)
    assert item.next_run_at >= before + timedelta(seconds=90)


def test_work_that_kills_its_worker_every_time_is_buried(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    for _ in range(MAX_ATTEMPTS):
        assert claims.take(item.pk, LEASE) is not None
        lose_lease(item)
    assert claims.take(item.pk, LEASE) is None
    item.refresh_from_db()
    assert (item.state, item.cause, item.lease_until) == (State.DEAD, "worker_lost", None)


def test_requeued_work_has_all_its_attempts_again(people: People) -> None:
    item = kinds.put(kinds.REFUSE, people.home)
    perform(kinds.REFUSE, item.pk)
    item.refresh_from_db()
    requeue(item, Actor.person(people.olive))
    item.refresh_from_db()
    assert (item.state, item.attempt, item.finished_at) == (State.QUEUED, 0, None)
    assert HistoryEntry.objects.get(verb="requeued").actor == people.olive


def test_cancelled_work_is_not_finished_by_the_worker_that_had_it(people: People) -> None:
    item = kinds.put(kinds.COUNT, people.home)
    claim = claims.take(item.pk, LEASE)
    cancel(item, Actor.person(people.olive))
    assert claim is not None
    with pytest.raises(LostClaim), claim.finish():
        pytest.fail("the block of a lost claim never runs")
    assert results() == 0


@pytest.mark.parametrize("attempt", [1, 4, 8, 200])
def test_backoff_stays_in_its_window(attempt: int) -> None:
    waits = [delay(attempt).total_seconds() for _ in range(50)]
    assert max(waits) <= min(600, 2 * 2**attempt)
    assert min(waits) >= 0
    assert len(set(waits)) > 1


@pytest.mark.parametrize(("asked", "floor"), [(30.0, 30.0), (1e9, 6 * 3600.0), (-5.0, 0.0)])
def test_retry_after_is_a_bounded_floor(asked: float, floor: float) -> None:
    wait = delay(1, asked).total_seconds()
    assert floor <= wait <= floor + 4
