"""Prepared reads answer as the queryset they were made of, for every new value."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from interviews.models import Job
from talenti.prepared import Slots, fetch
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
