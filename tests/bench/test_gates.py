"""Promises about speed that no noise can move: how many connections, how many pages are touched."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

from interviews.models import Interview
from interviews.reading.interviews import every_interview
from talenti.api.pagination import Cursor, PageRequest
from tests.bench.servers import ROOT
from tests.people import People
from tests.rows import make_interview

THREADS = 64
MOST_CONNECTIONS = 8
BORDERS = 3  # a page of a list may lie across this many more borders of blocks
ASK_AT_ONCE = f"""
import threading
import django
django.setup()
from django.db import connection
waiting = threading.Barrier({THREADS})
seen = []
def ask():
    waiting.wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), pg_sleep(0.02) FROM pg_stat_activity"
                       " WHERE datname = current_database()")
        seen.append(cursor.fetchone()[0])
    connection.close()
threads = [threading.Thread(target=ask) for _ in range({THREADS})]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(seen), max(seen))
"""


def test_one_process_keeps_few_connections_at_any_number_of_threads(
    postgres_url: str, tmp_path: Path
) -> None:
    variables = {
        "DATABASE_URL": postgres_url,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "ENVIRONMENT": "test",
    }
    outcome = subprocess.run(
        [sys.executable, "-c", ASK_AT_ONCE],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answered, most = map(int, outcome.stdout.split())

    assert answered == THREADS
    assert 1 <= most <= MOST_CONNECTIONS


def test_a_deep_page_of_interviews_touches_what_the_first_one_does(people: People) -> None:
    model = make_interview(people.home)
    fields = [field.attname for field in Interview._meta.concrete_fields]
    values = {name: getattr(model, name) for name in fields if name not in {"id", "created_at"}}
    Interview.objects.bulk_create(Interview(**values) for _ in range(3000))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE interviews_interview")
    place = Interview.objects.order_by("-created_at", "-id")[2500]
    deep = Cursor("-created_at", place.created_at, place.pk)

    first_cost, deep_cost = (cost_of(people, cursor) for cursor in (None, deep))

    assert deep_cost <= first_cost * 1.1 + BORDERS


def cost_of(people: People, cursor: Cursor | None) -> float:
    """Return the buffers that a page touches; on SQLite 1, or 1,000 when it sorts."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        rows = every_interview(people.olive).page(PageRequest("-created_at", 50, cursor))
    assert len(rows) == 51
    sql, params = asked[-1]  # the first one reads the roles
    with connection.cursor() as explaining:
        if connection.vendor == "postgresql":
            explaining.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
            plan = explaining.fetchone()[0][0]["Plan"]
            return float(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        explaining.execute("EXPLAIN QUERY PLAN " + sql, params)
        return 1000.0 if "TEMP B-TREE" in str(explaining.fetchall()) else 1.0
