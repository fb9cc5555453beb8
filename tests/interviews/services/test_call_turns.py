"""Choosing what a call asks next, also when it has to be done twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from interviews.services.call_steps import CHOOSE_TURN
from interviews.services.conversation import begin, mark_answered
from tests.interviews.services.staged_calls import (
    StagedRoom,
    do_one,
    picked_up,
    recording_begins,
    staged,
    told,
)
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(settings: Any) -> Iterator[type[StagedRoom]]:
    yield from staged(settings)


def test_a_choice_that_completed_the_interview_and_was_not_noted_completes_the_call(
    people: People, room: type[StagedRoom]
) -> None:
    call = picked_up(people.home)
    recording_begins(call)
    while turn := begin(call.interview):  # then the worker that had it completed dies
        mark_answered(turn, text="Said.")
    do_one(CHOOSE_TURN)
    call.refresh_from_db()
    assert (told(call)[-1], call.phase) == ("talenti.no_more_turns", "goodbye")
