"""The request's id in log lines."""

import logging

from talenti.api.request_ids import RequestIdFilter, current


def test_records_carry_the_id_of_their_request_or_none() -> None:
    records = [logging.LogRecord("a", logging.INFO, "f", 1, "m", (), None) for _ in range(2)]
    before = current.set("request-1")
    RequestIdFilter().filter(records[0])
    current.reset(before)
    RequestIdFilter().filter(records[1])
    assert [vars(record)["request_id"] for record in records] == ["request-1", ""]
