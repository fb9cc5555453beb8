"""The services answer, belong to one test, and stop with the run."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Browser

from tests.services.programs import MissingProgram, Program
from tests.services.redis_server import RedisServer


def test_postgres_url_is_an_empty_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()

    assert tables == (0,)


@pytest.mark.parametrize("round_number", [1, 2])
def test_redis_url_is_empty_at_the_start_of_each_test(redis_url: str, round_number: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        before = client.dbsize()
        client.set("left", round_number)

    assert before == 0


def test_redis_server_comes_back_at_the_same_address(redis_server: RedisServer) -> None:
    url = redis_server.url()
    redis_server.stop()
    with redis.Redis.from_url(url, retry=None) as client, pytest.raises(redis.ConnectionError):
        client.ping()

    redis_server.start()

    with redis.Redis.from_url(url) as client:
        assert client.ping() is True


def test_browser_shows_a_page_beside_the_database(browser: Browser, db: None) -> None:
    page = browser.new_page()
    page.set_content("<title>Talenti</title>")

    assert page.title() == "Talenti"
    page.close()


def test_missing_program_is_an_error_that_names_its_package() -> None:
    program = Program(("no-such-program",), ("its-package",))

    with pytest.raises(MissingProgram, match=r"apt-get install .* its-package"):
        program.require()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the server's own user can enter; pytest's are private."""
    with tempfile.TemporaryDirectory(prefix="talenti-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.parametrize(
    ("how", "left"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, 1)]
)
def test_runner_takes_its_services_and_its_command_along(
    open_folder: Path, how: signal.Signals, left: int
) -> None:
    script = "import os; print(os.environ['TEST_REDIS_URL'], flush=True); input()"
    command = [sys.executable, "-c", script]
    runner = subprocess.Popen(
        # As a shell's job in the background, which begins with Ctrl-C ignored.
        ["env", "--ignore-signal=INT", sys.executable, "-m", "tests.services", *command],
        env=os.environ | {"TMPDIR": str(open_folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with runner:
        assert runner.stdout is not None
        url = runner.stdout.readline().strip()
        # Ctrl-C reaches the runner and its command; the other signals are for the runner alone.
        (os.killpg if how == signal.SIGINT else os.kill)(runner.pid, how)

        assert runner.stdout.read() == ""  # the end of the stream: the command is gone as well

    with redis.Redis.from_url(url, retry=None) as client, pytest.raises(redis.ConnectionError):
        client.ping()
    assert len(list(open_folder.iterdir())) == left  # nobody can tidy up after kill -9
