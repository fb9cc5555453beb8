"""Fixtures of the services. `make test` starts them once; otherwise each process starts its own."""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
import redis
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.services.chromium import ALLOW_MICROPHONE, FLAGS, find_chromium
from tests.services.postgres_server import PostgresServer, create_database, drop_database
from tests.services.redis_server import RedisServer

pytest_plugins = ["tests.services.azurite_fixtures"]
# A page on a busy machine may be slow; what does not appear at all is not there sooner.
PAGE_PATIENCE_MS = 20_000
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def worker_number(worker_id: str) -> int:
    """0 for gw0 and for a run without parallel workers."""
    return int(worker_id.removeprefix("gw")) if worker_id != "master" else 0


@pytest.fixture(scope="session")
def shared_redis_url() -> Iterator[str]:
    """The server's address, without a database of one's own: use `redis_url`."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with RedisServer() as server:
        yield server.url()


@pytest.fixture
def redis_url(shared_redis_url: str, worker_number: int) -> str:
    """An empty Redis database that no other worker uses. FLUSHALL is for `redis_server` only."""
    url = f"{shared_redis_url.rpartition('/')[0]}/{worker_number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test alone, which it may flush, pause, stop and start again."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def shared_postgres_url() -> Iterator[str]:
    """The server's maintenance database: use `postgres_url`."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with PostgresServer() as server:
        yield server.url()


@pytest.fixture
def postgres_url(shared_postgres_url: str, worker_number: int) -> Iterator[str]:
    """An empty PostgreSQL database of this test alone."""
    name = f"own_{worker_number}_{next(_numbers)}"
    yield create_database(shared_postgres_url, name)
    drop_database(shared_postgres_url, name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    return find_chromium()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once; its event loop stays on this thread for the rest of the run."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        # Django refuses its ORM on a thread with a running event loop. Here that loop only
        # carries Playwright's messages, and no test runs inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PAGE_PATIENCE_MS)
        yield started


@pytest.fixture(scope="session")
def launch_browser(playwright: Playwright, chromium: str) -> Iterator[Callable[..., Browser]]:
    """Start a Chromium with more flags, for example `speak_from(file)`; it is closed at the end."""
    launched: list[Browser] = []

    def launch(*flags: str) -> Browser:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])
        launched.append(browser)
        return browser

    yield launch
    for browser in launched:
        browser.close()


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[..., Browser]) -> Browser:
    """A Chromium that allows the microphone, which plays a tone. Open a new context per test."""
    return launch_browser(ALLOW_MICROPHONE)
