"""Moves: legal ones only, one winner, and each one remembered."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from interviews.models import Interview
from interviews.services.interviews import end_interview, set_stage
from interviews.states import INTERVIEW, STAGE, Stage, Status
from talenti.errors import WrongState
from talenti.history import SYSTEM, Actor, advance, move
from talenti.models import HistoryEntry
from talenti.states import machine
from tests.people import People
from tests.rows import make_interview

pytestmark = pytest.mark.django_db


def test_refused_move_names_the_legal_ones_and_leaves_no_trace(people: People) -> None:
    interview = make_interview(people.home)
    before = HistoryEntry.objects.count()
    with pytest.raises(WrongState) as refused:
        advance(interview, INTERVIEW, Status.COMPLETED, SYSTEM, completed_at=timezone.now())
    assert refused.value.legal_moves == [
        *("cancelled", "consented", "expired", "invited", "refused"),
    ]
    assert HistoryEntry.objects.count() == before


def test_move_from_a_row_read_long_ago_records_the_state_it_really_left(people: People) -> None:
    interview = make_interview(people.home)
    stale = Interview.objects.get(pk=interview.pk)
    advance(interview, INTERVIEW, Status.INVITED, SYSTEM)
    assert move(stale, INTERVIEW, Status.CANCELLED, SYSTEM, ended_at=timezone.now())
    last = HistoryEntry.objects.filter(root_id=interview.pk).latest("id")
    assert (last.from_state, last.to_state) == ("invited", "cancelled")


def test_late_event_cannot_undo_a_later_stage(people: People) -> None:
    interview = make_interview(people.home)
    Interview.objects.filter(pk=interview.pk).update(stage=Stage.DECIDED)
    assert set_stage(interview, Stage.TRANSCRIBING, SYSTEM) is False
    interview.refresh_from_db()
    assert interview.stage == Stage.DECIDED


@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_at_once_one_wins(people: People) -> None:
    interview = make_interview(people.home)
    start = threading.Barrier(6)
    won: list[str] = []

    def contender(to: str) -> None:
        start.wait(timeout=10)
        try:
            end_interview(Interview.objects.get(pk=interview.pk), to, SYSTEM)
            won.append(to)
        except WrongState:
            pass
        finally:
            connection.close()

    ends = [Status.CANCELLED, Status.EXPIRED] * 3
    threads = [threading.Thread(target=contender, args=(end,)) for end in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    interview.refresh_from_db()
    assert won == [interview.status]
    assert HistoryEntry.objects.filter(root_id=interview.pk, verb="status").count() == 1


def test_history_is_append_only(people: People) -> None:
    entry = HistoryEntry.objects.filter(root_id=make_interview(people.home).pk).first()
    assert entry is not None
    with pytest.raises(TypeError):
        entry.save()


def test_history_of_a_person_without_the_person_is_refused(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEntry.objects.create(
            organisation=people.home,
            subject="interview",
            subject_id=people.home.pk,
            root_id=people.home.pk,
            verb="x",
            actor_kind="person",
        )
    with pytest.raises(ValueError, match="not a person"):
        _ = Actor("system").signed_in


def test_every_state_can_be_reached_and_every_end_has_no_move() -> None:
    for table, start in ((INTERVIEW, Status.CREATED), (STAGE, Stage.AWAITING_RECORDING)):
        reached, waiting = set(), [str(start)]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting += table.moves[state]
        assert reached == table.states


def test_move_to_an_unknown_state_is_refused_when_the_table_is_built() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        machine("status", {"open": ["shut"]})
