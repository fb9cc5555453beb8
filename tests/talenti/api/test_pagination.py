"""Lists by keyset: whole, in order, and as cheap at the end as at the start."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from interviews.models import Job
from talenti.api.pagination import Cursor, paginate
from talenti.models import Organisation
from tests.people import People
from tests.rows import make_job

START = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = ("id", "title", "created_at")


def page(query: str = "", *, organisation: Organisation | None = None) -> dict[str, Any]:
    rows = (
        Job.objects.all() if organisation is None else Job.objects.filter(organisation=organisation)
    )
    request = Request(RequestFactory().get(f"/api/v1/jobs?{query}"))
    values = rows.values_list(*FIELDS)
    return paginate(
        request,
        values,
        lambda row: dict(zip(FIELDS, row, strict=True)),
        orderings=("created_at", "title"),
    )


def titles(found: dict[str, Any]) -> list[str]:
    return [row["title"] for row in found["results"]]


def make_jobs(people: People, count: int, *, moments: int) -> list[str]:
    """Make jobs whose moments repeat, so that only the id orders some of them; oldest first."""
    jobs = [make_job(people.home, f"Job {number:03}") for number in range(count)]
    for number, job in enumerate(jobs):
        moment = START + timedelta(seconds=number * moments // count)
        Job.objects.filter(pk=job.pk).update(created_at=moment)
    return [job.title for job in jobs]


def walk(query: str, way: str) -> list[list[str]]:
    found, pages = page(query), []
    for _ in range(20):
        pages.append(titles(found))
        if found[way] is None:
            return pages
        found = page(found[way].partition("?")[2])
    raise AssertionError("The list has no end.")


@pytest.mark.parametrize("size", [1, 3, 4, 5, 7, 11, 12, 200])
def test_pages_hold_every_row_once_and_in_order(size: int, people: People) -> None:
    expected = make_jobs(people, 12, moments=4)[::-1]

    pages = walk(f"page_size={size}", "next")

    assert [title for titles in pages for title in titles] == expected
    assert all(len(titles) == size for titles in pages[:-1])


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "title", "-title"])
def test_the_way_back_shows_the_same_pages(ordering: str, people: People) -> None:
    make_jobs(people, 9, moments=3)
    forth = walk(f"page_size=3&ordering={ordering}", "next")
    last = page(f"page_size=3&ordering={ordering}")
    while last["next"]:
        last = page(last["next"].partition("?")[2])

    back = walk(last["previous"].partition("?")[2], "previous")

    assert [*back[::-1], titles(last)] == forth


def test_first_and_only_page_has_no_neighbours(people: People) -> None:
    make_job(people.home)

    found = page()

    assert (found["next"], found["previous"], len(found["results"])) == (None, None, 1)


def test_links_are_full_and_keep_the_other_parameters(people: People) -> None:
    make_jobs(people, 3, moments=3)

    link = page("page_size=2&status=open")["next"]

    assert link.startswith("http://testserver/api/v1/jobs?page_size=2&status=open&cursor=")


def test_rows_that_come_in_meanwhile_move_nothing(people: People) -> None:
    make_jobs(people, 4, moments=4)
    first = page("page_size=2")
    make_job(people.home, "Newest")

    second = page(first["next"].partition("?")[2])

    assert titles(first) + titles(second) == ["Job 003", "Job 002", "Job 001", "Job 000"]


def test_pages_are_never_larger_than_allowed(people: People) -> None:
    Job.objects.bulk_create(
        Job(organisation=people.home, title=f"Job {number}") for number in range(210)
    )

    assert (len(page()["results"]), len(page("page_size=1000")["results"])) == (50, 200)


def written(*parts: Any) -> str:
    ordering, value, row_id = parts
    return Cursor(ordering, value, row_id).written()


UUID7 = "01890a5d-ac96-774b-bcce-b302099a8057"
BAD = {
    "empty": "cursor=",
    "no base64": "cursor=%E2%82%AC",
    "no json": "cursor=" + base64.urlsafe_b64encode(b"{").decode(),
    "an object": "cursor=" + base64.urlsafe_b64encode(b'{"a":1,"b":2,"c":3,"d":4}').decode(),
    "deep": "cursor=" + base64.urlsafe_b64encode(b"[" * 300).decode(),
    "too few parts": "cursor=" + base64.urlsafe_b64encode(b"[1]").decode(),
    "not an ordering": "cursor=" + written("organisation__name", "a", UUID7),
    "ordering is a number": "cursor=" + written(7, "2026-01-01T00:00:00Z", UUID7),
    "no id": "cursor=" + written("-created_at", "2026-01-01T00:00:00Z", "1 OR 1=1"),
    "id is null": "cursor=" + written("-created_at", "2026-01-01T00:00:00Z", None),
    "no moment": "cursor=" + written("-created_at", "yesterday", UUID7),
    "moment without zone": "cursor=" + written("-created_at", "2026-01-01T00:00:00", UUID7),
    "moment is a number": "cursor=" + written("-created_at", 5, UUID7),
    "null character": "cursor=" + written("title", "a\0", UUID7),
    "too long": "cursor=" + written("title", "a" * 1000, UUID7),
    "another ordering": "ordering=title&cursor="
    + written("-created_at", "2026-01-01T00:00:00Z", UUID7),
    "unknown ordering": "ordering=organisation",
    "size zero": "page_size=0",
    "size negative": "page_size=-1",
    "size in words": "page_size=many",
    "size in other digits": "page_size=٣",
    "size huge": "page_size=" + "9" * 5000,
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_page_request_is_refused(case: str, people: People) -> None:
    with pytest.raises(ValidationError):
        page(BAD[case])


def test_deep_page_is_one_range_of_the_same_index(people: People) -> None:
    Job.objects.bulk_create(
        Job(organisation=people.home, title=f"Job {number}") for number in range(3000)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE interviews_job")
    place = Job.objects.order_by("-created_at", "-id")[2000]
    deep = "page_size=50&cursor=" + written("-created_at", place.created_at, str(place.pk))

    first_plan, deep_plan = (plan_of(query, people.home) for query in ("page_size=50", deep))

    assert (deep_plan["index"], deep_plan["sorts"], deep_plan["range"]) == (True, False, True)
    assert first_plan == deep_plan | {"range": False}


def plan_of(query: str, organisation: Organisation) -> dict[str, Any]:
    """Return what the database says it does: which index, whether it sorts, what it touches."""
    with CaptureLast() as captured:
        page(query, organisation=organisation)
    with connection.cursor() as cursor:
        explain = (
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
            if connection.vendor == "postgresql"
            else "EXPLAIN QUERY PLAN "
        )
        cursor.execute(explain + captured.sql, captured.params)
        rows = cursor.fetchall()
    if connection.vendor == "postgresql":
        return summary_of(rows[0][0][0]["Plan"])
    details = " / ".join(str(row[-1]) for row in rows)
    return {
        "index": "job_newest" in details,
        "sorts": "TEMP B-TREE" in details,
        "range": "(created_at,id)<(?,?)" in details,
    }


def summary_of(plan: dict[str, Any]) -> dict[str, Any]:
    nodes, waiting = [], [plan]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting.extend(node.get("Plans", []))
    touched = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return {
        "index": any(node.get("Index Name") == "job_newest" for node in nodes),
        "sorts": any("Sort" in node["Node Type"] for node in nodes),
        "touches few": touched <= 20,
        "range": any("ROW(created_at, id) <" in str(node.get("Index Cond")) for node in nodes),
    }


class CaptureLast:
    """Keeps the last statement with its parameters apart, so that it can be explained."""

    sql = ""
    params: Any = ()

    def __enter__(self) -> "CaptureLast":
        self._wrapping = connection.execute_wrapper(self._note)
        self._wrapping.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._wrapping.__exit__(*exc)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.sql, self.params = sql, params
        return execute(sql, params, many, context)
