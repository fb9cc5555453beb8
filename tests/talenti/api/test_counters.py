"""Counts are shared by all replicas, exact under a rush, and never the reason for an outage."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import override_settings
from limits import RateLimitItemPerSecond

from talenti.api.counters import Counters, Standing, counters
from tests.services.redis_server import RedisServer

LIMIT = RateLimitItemPerSecond(20, 60, namespace="test")
FEW = RateLimitItemPerSecond(2, 60, namespace="test")


def replica(url: str) -> Counters:
    """Return the counters of one more process."""
    counters.cache_clear()
    with override_settings(REDIS_URL=url):
        return counters()


def used(standing: Standing | None) -> int:
    assert standing is not None
    return standing.used


def test_without_redis_this_process_counts() -> None:
    standings = [counters().take(FEW, "alice") for _ in range(3)]

    assert standings == [Standing(2, 60, number, 60) for number in (1, 2, 3)]
    assert [one.is_over for one in standings if one] == [False, False, True]
    assert [one.remaining for one in standings if one] == [1, 0, 0]


def test_replicas_share_one_count(redis_url: str) -> None:
    first, second = replica(redis_url), replica(redis_url)

    numbers = [used(who.take(LIMIT, "alice")) for who in (first, second, first, second)]

    assert first is not second
    assert numbers == [1, 2, 3, 4]


def test_a_rush_is_counted_exactly(redis_url: str) -> None:
    replicas = [replica(redis_url) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        asked = pool.map(lambda turn: replicas[turn % 4].take(LIMIT, "alice"), range(50))
        numbers = sorted(used(standing) for standing in asked)

    assert numbers == list(range(1, 51))


def test_window_ends(redis_url: str) -> None:
    standing = replica(redis_url).take(LIMIT, "alice")

    assert standing is not None
    assert 55 <= standing.reset <= 60


def test_requests_are_served_and_the_fault_is_logged_while_redis_is_down(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    here = replica(redis_server.url())
    here.take(FEW, "alice")
    redis_server.stop()

    with caplog.at_level(logging.WARNING, logger="talenti.api.counters"):
        standings = [here.take(FEW, "alice") for _ in range(5)]

    assert standings == [None] * 5
    assert [record.message for record in caplog.records] == [
        "requests are not limited: Redis does not answer"
    ]


def test_guesses_are_counted_here_while_redis_is_down(redis_server: RedisServer) -> None:
    here = replica(redis_server.url())
    redis_server.stop()

    waits = [here.hit(FEW, "10.0.0.9", "alice@example.org") for _ in range(3)]

    assert waits[:2] == [None, None]
    assert waits[2] is not None


def test_redis_is_asked_again_after_a_pause(redis_server: RedisServer) -> None:
    here = replica(redis_server.url())
    redis_server.stop()
    assert here.take(FEW, "alice") is None
    redis_server.start()
    here.shared_again_at = 0.0

    assert used(here.take(FEW, "alice")) == 1
