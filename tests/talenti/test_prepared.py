"""Prepared reads answer as the queryset they were made of, for every new value."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from interviews.models import Job
from talenti.models import HistoryEntry, Membership
from talenti.prepared import Slots, fetch, fetch_object, insert
from talenti.roles import Role
from tests.people import People
from tests.rows import make_job

COLUMNS = ("id", "organisation_id", "title", "status", "created_at")


def jobs_of(slots: Slots, limit: int) -> QuerySet[Any, Any]:
    homes = slots("organisations", models.UUIDField())
    rows = Job.objects.filter(organisation__id__in=homes, created_at__gte=slots("since", MOMENT))
    return rows.order_by("title").values_list(*COLUMNS)[:limit]


MOMENT = models.DateTimeField()


def test_rows_are_the_querysets_own_for_each_value(people: People) -> None:
    jobs = [make_job(people.home, f"Job {number}") for number in range(3)]
    foreign = make_job(people.elsewhere, "Foreign")
    expected = [tuple(getattr(job, name) for name in COLUMNS) for job in [foreign, *jobs]]
    since = min(job.created_at for job in jobs)

    at_home = fetch(jobs_of, {"organisations": [people.home.pk], "since": since}, 9)
    elsewhere = fetch(jobs_of, {"organisations": [people.elsewhere.pk], "since": since}, 9)
    both = {"organisations": [people.home.pk, people.elsewhere.pk], "since": since}

    assert (at_home, elsewhere) == (expected[1:], expected[:1])
    assert fetch(jobs_of, both, 9) == expected
    assert fetch(jobs_of, both, 2) == expected[:2]


def test_values_are_never_part_of_the_kept_statement(people: People) -> None:
    late = make_job(people.home, "Late")

    found = [
        fetch(jobs_of, {"organisations": [people.home.pk], "since": moment}, 9)
        for moment in (late.created_at, late.created_at.replace(year=2999), late.created_at)
    ]

    assert [len(rows) for rows in found] == [1, 0, 1]


def test_an_empty_list_finds_nothing_and_asks_nothing(
    people: People, django_assert_num_queries: Any
) -> None:
    make_job(people.home)

    with django_assert_num_queries(0):
        found = fetch(jobs_of, {"organisations": [], "since": people.home.created_at}, 9)

    assert found == []


def whole_job(slots: Slots) -> QuerySet[Any, Any]:
    return Job.objects.filter(pk=slots("job", models.UUIDField()))


def test_a_whole_row_is_the_models_own_object(people: People) -> None:
    job = make_job(people.home)

    found = fetch_object(Job, whole_job, {"job": job.pk})

    assert found is not None
    assert (found, found._state.adding) == (job, False)
    assert values_of(found) == values_of(Job.objects.get())


def test_there_is_no_object_without_a_row(people: People) -> None:
    assert fetch_object(Job, whole_job, {"job": people.home.pk}) is None


def test_an_inserted_row_is_stored_as_save_would(people: People) -> None:
    entry = HistoryEntry(
        organisation=people.home,
        subject="job",
        subject_id=people.home.pk,
        root_id=people.home.pk,
        verb="opened",
        actor_kind="person",
        actor=people.alice,
        data={"count": 2},
    )
    before = timezone.now()

    insert(entry)

    stored = HistoryEntry.objects.get()
    assert values_of(stored) == values_of(entry)
    assert before <= stored.created_at <= timezone.now()
    assert (entry._state.adding, entry._state.db) == (False, "default")


def test_what_the_database_refuses_is_not_inserted(people: People) -> None:
    second = Membership(organisation=people.home, user=people.alice, role=Role.VIEWER)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(second)

    assert second._state.adding
    assert Membership.objects.get(user=people.alice).role == Role.RECRUITER


def values_of(row: models.Model) -> dict[str, Any]:
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares by itself")
def test_the_server_keeps_a_busy_statement_prepared(people: People) -> None:
    job = make_job(people.home)
    for _ in range(4):
        fetch_object(Job, whole_job, {"job": job.pk})

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall() if "interviews_job" in statement]

    assert [statement for statement in kept if str(job.pk) in statement] == []
    assert len(kept) == 1
