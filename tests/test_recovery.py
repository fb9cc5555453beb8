"""The drill of docs/recovery.md, by its own commands: dump, restore, empty Redis, work goes on."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.services.postgres_server import create_database, drop_database
from tests.services.processes import bind_to_parent, free_port, start_server
from tests.services.programs import POSTGRES
from tests.services.redis_server import RedisServer
from tests.talenti.work.test_processes import kill_group

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[1]
STEP = re.compile(r"```bash\n# drill: ([a-z ]+)\n(.*?)```", re.DOTALL)
PATIENCE_SECONDS = 60
# One interview was transcribed and confirmed; of two more, one waits, and one is being transcribed
# by a worker that went down with the database.
PREPARE = """
from datetime import timedelta
from interviews.states import Channel
from recordings.services.progress import TRANSCRIBE
from talenti.work.claims import take
from talenti.work.models import WorkItem
from tests.people import make_people
from tests.recordings.rows import upload
from tests.rows import make_interview
from tests.scoring.rows import make_confirmed
people = make_people()
make_confirmed(people.home)
for _ in range(2):
    upload(make_interview(people.home, channel=Channel.UPLOAD))
waiting = WorkItem.objects.filter(kind=TRANSCRIBE).order_by("pk")
take(waiting.last().pk, timedelta(seconds=1))
"""


def steps() -> dict[str, str]:
    """Return the commands of the document by the name of their step."""
    return dict(STEP.findall((ROOT / "docs" / "recovery.md").read_text()))


@pytest.fixture
def disaster(shared_postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of an installation, and of the empty database to restore into."""
    names = (f"lost_{os.getpid()}", f"restored_{os.getpid()}")
    lost, restored = (create_database(shared_postgres_url, name) for name in names)
    yield os.environ | {
        "PATH": f"{POSTGRES.require().parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "DATA_DIR": str(tmp_path / "data"),
        "DUMP": str(tmp_path / "talenti.dump"),
        "DATABASE_URL": lost,
        "RESTORED_DATABASE_URL": restored,
        "REDIS_URL": "",
    }
    for name in names:
        drop_database(shared_postgres_url, name)


def run(command: str, environment: dict[str, str]) -> str:
    """Run it as a reader of the document would, and return what it prints."""
    words = ["bash", "-euo", "pipefail", "-c", command]
    outcome = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    return outcome.stdout


def run_python(code: str, environment: dict[str, str]) -> None:
    """Run the code with the product loaded."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)


def rows(url: str) -> dict[str, str]:
    """Return a fingerprint of every table's rows."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        query = sql.SQL("SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t")
        return {
            name: json.dumps(connection.execute(query.format(sql.Identifier(name))).fetchone())
            for (name,) in tables
        }


def transcriptions(url: str) -> list[str]:
    """Return the state of every piece of transcription work."""
    with psycopg.connect(url) as connection:
        query = "SELECT state FROM work_workitem WHERE kind = 'recordings.transcribe' ORDER BY id"
        return [state for (state,) in connection.execute(query).fetchall()]


def transcripts(url: str) -> int:
    """Return how many transcripts there are."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM recordings_transcript").fetchone()
        return int(found[0]) if found else 0


@contextmanager
def process(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run one of the product's processes with its children; kill them in the end."""
    changed = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    command = ["env", *(f"{name}={value}" for name, value in changed.items()), sys.executable]
    started = start_server(
        bind_to_parent([*command, str(ROOT / "manage.py"), *words]), log=log, is_ready=lambda: True
    )
    try:
        yield
    finally:
        kill_group(started)


def wait_until_done(url: str) -> None:
    """Return once no transcription is open."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while set(transcriptions(url)) != {"done"}:
        assert time.monotonic() < deadline, transcriptions(url)
        time.sleep(0.1)


def test_restored_database_has_every_row_and_finishes_what_was_open(
    disaster: dict[str, str],
    shared_postgres_url: str,
    redis_server: RedisServer,
    tmp_path: Path,
) -> None:
    drill, lost, restored = steps(), disaster["DATABASE_URL"], disaster["RESTORED_DATABASE_URL"]
    run("python manage.py migrate --verbosity 0", disaster)
    run_python(PREPARE, disaster)
    before, written = rows(lost), transcripts(lost)
    assert sorted(transcriptions(lost)) == ["queued", "running"]

    run(drill["back up"], disaster)
    drop_database(shared_postgres_url, lost.rpartition("/")[2])
    run(drill["restore"], disaster)
    assert rows(restored) == before

    after = disaster | {"DATABASE_URL": restored, "REDIS_URL": redis_server.url()}
    assert run(drill["check"], after).splitlines()[-1] == (
        "4 stored recordings, all with their file."
    )
    worker = after | {"HEALTH_PORT": str(free_port())}
    sweeper = after | {"HEALTH_PORT": str(free_port())}
    with (
        process(["sweep", "--loop"], sweeper, tmp_path / "sweeper.log"),
        process(["worker"], worker, tmp_path / "worker.log"),
    ):
        wait_until_done(restored)
    assert transcripts(restored) == written + 2
