"""What the checks look at."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from talenti.health.checks import (
    LATE_WORK,
    MigrationCheck,
    check_database,
    check_providers,
    check_work,
)
from talenti.health.registry import Trouble
from talenti.providers.breakers import note_failure, read_breakers
from talenti.work.models import WorkItem
from tests.people import People
from tests.talenti.work.kinds import COUNT


@pytest.mark.django_db
def test_the_database_answers() -> None:
    assert check_database() == ""


def test_a_database_that_does_not_answer_keeps_its_reason_to_itself() -> None:
    """Outside a database test no connection can be had."""
    with pytest.raises(Trouble, match=r"^The database does not answer\.$"):
        check_database()


@pytest.mark.django_db
def test_unapplied_migrations_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'contenttypes'")
    with pytest.raises(Trouble, match=r"^\d+ migrations are not applied\.$"):
        MigrationCheck()()


@pytest.mark.django_db
def test_migrations_are_not_counted_again_after_success(django_assert_num_queries) -> None:
    check = MigrationCheck()
    assert check() == ""
    with django_assert_num_queries(0):
        assert check() == ""


def make_due(people: People, *, seconds_ago: int, kind: str = COUNT) -> None:
    moment = timezone.now() - timedelta(seconds=seconds_ago)
    WorkItem.objects.create(
        organisation=people.home, kind=kind, subject_id=uuid.uuid4(), next_run_at=moment
    )


def test_due_work_tells_the_age_of_the_oldest(people: People) -> None:
    for seconds_ago in (-3600, 100, 200):
        make_due(people, seconds_ago=seconds_ago)
    age = int(check_work().removeprefix("oldest due work: ").removesuffix(" s"))
    assert 200 <= age <= LATE_WORK.total_seconds()


def test_due_work_that_nobody_takes_is_trouble(people: People) -> None:
    make_due(people, seconds_ago=int(LATE_WORK.total_seconds()) + 1)
    with pytest.raises(Trouble, match=r"^Due work has waited for 5 minutes\.$"):
        check_work()


def test_work_for_later_or_for_a_newer_worker_is_not_late(people: People) -> None:
    make_due(people, seconds_ago=-3600)
    make_due(people, seconds_ago=3600, kind="a.newer.kind")
    assert check_work() == "oldest due work: 0 s"


@pytest.mark.django_db
def test_providers_that_are_left_alone_are_named() -> None:
    read_breakers(["azure-openai", "azure-speech"])
    assert check_providers() == ""
    for _ in range(5):
        note_failure("azure-openai", "503")
    with pytest.raises(Trouble, match=r"^Down: Azure OpenAI since [\d:]{8} UTC\. Work for"):
        check_providers()
