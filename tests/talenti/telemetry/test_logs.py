"""Deployed, a log line is one JSON object with the ids that join it to its request and trace."""

import json
import logging
import sys

from talenti.scrubbing import ScrubFilter
from talenti.telemetry import recorder
from talenti.telemetry.logs import JsonFormatter, TraceFilter


def line_of(record: logging.LogRecord, **attributes: str) -> dict[str, str]:
    for name, value in attributes.items():
        setattr(record, name, value)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, str] = json.loads(text)
    return found


def record_of(message: str, *args: object, exc_info=None) -> logging.LogRecord:
    record = logging.LogRecord("talenti.work", logging.ERROR, "file.py", 1, message, args, exc_info)
    record.created = 1_795_000_000.25
    return record


def test_line_holds_level_message_and_ids() -> None:
    line = line_of(record_of("done in %d ms", 12), request_id="r-1", trace_id="t", span_id="s")

    assert line == {
        "time": "2026-11-18T11:06:40.250+00:00",
        "level": "ERROR",
        "logger": "talenti.work",
        "message": "done in 12 ms",
        "request_id": "r-1",
        "trace_id": "t",
        "span_id": "s",
    }


def test_forged_lines_stay_within_one() -> None:
    line = line_of(record_of('x\n{"level": "CRITICAL"}'), request_id="")

    assert line["message"] == 'x\n{"level": "CRITICAL"}'
    assert set(line) == {"time", "level", "logger", "message"}


def test_extra_values_do_not_reach_a_line() -> None:
    assert "Dana" not in json.dumps(line_of(record_of("done"), candidate="Dana"))


def failing() -> None:
    words = "Dana said yes"
    raise ValueError(words) from KeyError(words)


def test_deployed_an_exception_shows_kind_and_place_only() -> None:
    try:
        failing()
    except ValueError:
        record = record_of("work failed", exc_info=sys.exc_info())
    ScrubFilter(hide_exceptions=True).filter(record)

    shown = line_of(record)["exception"]

    assert "Dana" not in shown
    assert shown.endswith("\nValueError")
    assert shown.startswith("KeyError\n")
    assert "in failing" in shown


def test_without_telemetry_there_are_no_ids_and_no_spans() -> None:
    record = record_of("done")
    with recorder.span("anything") as span:
        span.note({"a": 1})
        TraceFilter().filter(record)
    recorder.count("c")
    recorder.measure("m", 1.5)

    assert (record.trace_id, record.span_id) == ("", "")
    assert recorder.trace_parent() == ""
