"""The requests that a new revision answers decide whether it stays."""

import re
from typing import Any

import pytest

from tests.stubs.fixtures import Stubs
from tests.workflows import azure_world
from tests.workflows.azure_world import NEW_DIGEST, OLD_DIGEST, candidate, image, rows
from tests.workflows.production import (
    APP,
    JOB,
    NEW,
    OLD,
    Released,
    active,
    make,
    weights,
    worker_images,
)


def test_good_canary_gets_everything(stubs: Stubs, released: Released) -> None:
    make(stubs)

    job = released()

    assert not job.failed, job.log
    assert stubs.world["apps"][APP]["history"] == [{OLD: 100}, {OLD: 90, NEW: 10}, {NEW: 100}]
    assert weights(stubs) == {NEW: 100}
    assert active(stubs) == [f"{APP}--r4-1", OLD, NEW]
    assert worker_images(stubs) == [image("prod", NEW_DIGEST)] * 2
    assert stubs.world["jobs"][JOB]["started"] == [image("prod", NEW_DIGEST)]
    assert stubs.world["clock"] >= 300
    assert "120 requests, 0.83 % failed" in job.summary
    assert "Roll back" not in job.ran


def test_canary_asks_for_the_requests_of_both_revisions_since_it_began(
    stubs: Stubs, released: Released
) -> None:
    make(stubs)

    released()

    (query,) = {call for call in stubs.calls() if call.startswith("monitor log-analytics query")}
    assert f'startswith "{NEW}-", "new"' in query
    assert f'startswith "{OLD}-", "old"' in query
    assert re.search(r"TimeGenerated >= datetime\(20\d\d-\d\d-\d\dT[\d:]{8}Z\)", query)


BAD = {
    "errors": [{"from": 90, "rows": rows(60, 9, 190.0)}],
    "errors of the first few": [{"from": 60, "rows": rows(7, 4, 190.0)}],
    "slowness": [{"from": 120, "rows": rows(80, 0, 2100.0)}],
    "slowness without an old one to compare": [{"from": 120, "rows": rows(80, 0, 6000, old=False)}],
}


@pytest.mark.parametrize("requests", BAD.values(), ids=BAD)
def test_bad_canary_goes_back_at_once(
    stubs: Stubs, released: Released, requests: list[dict[str, Any]]
) -> None:
    make(stubs, requests=requests)

    job = released()

    assert job.failed
    assert weights(stubs) == {OLD: 100}
    assert active(stubs) == [f"{APP}--r{n}-1" for n in range(1, 6)]
    assert worker_images(stubs) == [image("prod", OLD_DIGEST)] * 2
    assert stubs.world["jobs"][JOB]["containers"][0]["image"] == image("prod", OLD_DIGEST)
    assert stubs.world["clock"] < 300
    assert f"Rolled back to `{OLD}`" in job.summary


def test_too_few_requests_wait_and_then_stop(stubs: Stubs, released: Released) -> None:
    make(stubs, requests=[{"from": 0, "rows": rows(12, 0, 190.0)}])

    job = released()

    assert job.failed
    assert "too few requests in 900 s: 12 requests" in job.log
    assert weights(stubs) == {OLD: 100}
    assert NEW not in active(stubs)


def test_requests_that_come_late_are_waited_for(stubs: Stubs, released: Released) -> None:
    make(stubs, requests=[{"from": 0, "rows": []}, {"from": 600, "rows": rows(50, 0, 190.0)}])

    job = released()

    assert not job.failed, job.log
    assert weights(stubs) == {NEW: 100}


def test_logs_out_of_reach_are_no_proof(stubs: Stubs, released: Released) -> None:
    make(stubs, answers=[{"command": "monitor log-analytics query", "error": "(Throttled)"}])

    job = released()

    assert job.failed
    assert "too few requests in 900 s: no numbers" in job.log
    assert weights(stubs) == {OLD: 100}


def test_canary_that_stops_being_ready_goes_back(stubs: Stubs, released: Released) -> None:
    make(stubs, http=azure_world.world("prod")["http"] | candidate("prod", 200, 200, 503))

    job = released()

    assert "is no longer ready" in job.log
    assert weights(stubs) == {OLD: 100}
