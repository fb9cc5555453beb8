"""No secret of an address reaches a log line."""

import logging
from datetime import timedelta

import pytest
from gunicorn.config import Config

from talenti.access_log import ScrubbedLogger
from talenti.scrubbing import ScrubFilter, own_secrets, scrub_path, scrub_text

TOKEN = "WyJnZXQiLCJyZWNvcmRpbmdzIl0:Zk9-x_yA"
CALL = "01a20b2a-48d1-727b-9cf8-c82ecef06dfc"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/files/{TOKEN}", "/files/[hidden]"),
        (f"/files/{TOKEN}?a=b", "/files/[hidden]?[hidden]"),
        (f"/interview/{TOKEN}", "/interview/[hidden]"),
        (f"/interview/{TOKEN}/", "/interview/[hidden]/"),
        (f"/interview/{TOKEN}/turns/3", "/interview/[hidden]/turns/3"),
        (f"//files//{TOKEN}", "/files/[hidden]"),
        (f"/%66iles/{TOKEN}", "/files/[hidden]"),
        (f"/files%2F{TOKEN}", "/files/[hidden]"),
        (f"/interview/{TOKEN}/%0aforged line", "/interview/[hidden]/%0Aforged%20line"),
        ("/admin/?q=dana@example.org", "/admin/?[hidden]"),
        ("/api/v1/interviews", "/api/v1/interviews"),
        ("/api/v1/interviews?", "/api/v1/interviews"),
        ("/api/v1/interviews/0198/transcript", "/api/v1/interviews/0198/transcript"),
        (f"/webhooks/acs/{CALL}/{TOKEN}", f"/webhooks/acs/{CALL}/[hidden]"),
        (f"/webhooks/acs/{CALL}/{TOKEN}/?a=b", f"/webhooks/acs/{CALL}/[hidden]/?[hidden]"),
        (f"//webhooks//acs//{CALL}//{TOKEN}", f"/webhooks//acs//{CALL}/[hidden]"),
        (f"/webhooks%2Facs/{CALL}/{TOKEN}", f"/webhooks/acs/{CALL}/[hidden]"),
        ("/webhooks/eventgrid/?secret=grid", "/webhooks/eventgrid/?[hidden]"),
        ("/files/", "/files/"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_paths_lose_their_secrets_and_nothing_else(path: str, expected: str) -> None:
    assert scrub_path(path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Not Found: /files/{TOKEN}", "Not Found: /files/[hidden]"),
        (
            f'"GET http://h/interview/{TOKEN}/x HTTP/1.1"',
            '"GET http://h/interview/[hidden]/x HTTP/1.1"',
        ),
        ("GET /admin/?q=dana HTTP/1.1", "GET /admin/?[hidden] HTTP/1.1"),
        (f"Gone: /webhooks/acs/{CALL}/{TOKEN}", f"Gone: /webhooks/acs/{CALL}/[hidden]"),
        (
            f"POST https://h/webhooks/acs/{CALL}/{TOKEN}/ ",
            f"POST https://h/webhooks/acs/{CALL}/[hidden]/ ",
        ),
        ("POST /webhooks/eventgrid/?secret=grid 1", "POST /webhooks/eventgrid/?[hidden] 1"),
        (f"Authorization: Invitation {TOKEN}", "Authorization: Invitation [hidden]"),
        ("bearer eyJhbGciOiJIUzI1NiJ9.e30.abc-_", "bearer [hidden]"),
        ("Invitation expired for 3 interviews.", "Invitation expired for 3 interviews."),
        ("Is it done? Yes.", "Is it done? Yes."),
        ('{"rawId": "4:+12025550142"}', '{"rawId": "4:[hidden]"}'),
        ("tel:+12025550142 and sip:+12025550142", "tel:[hidden] and sip:[hidden]"),
        ("/phone/%2B12025550142", "/phone/[hidden]"),
        ("at 02:00:14:+12025550142", "at 02:00:14:+12025550142"),
    ],
)
def test_free_text_loses_its_secrets_and_nothing_else(text: str, expected: str) -> None:
    assert scrub_text(text) == expected


def record_of(message: str, *args: object, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("talenti", logging.INFO, "file.py", 1, message, args, exc_info)


def test_the_filter_scrubs_arguments() -> None:
    record = record_of("%s: %s", "Not Found", f"/files/{TOKEN}")
    assert ScrubFilter().filter(record)
    assert record.getMessage() == "Not Found: /files/[hidden]"


def test_the_filter_leaves_other_records_as_they_are() -> None:
    record = record_of("%s of %s", 3, 5)
    ScrubFilter().filter(record)
    assert (record.msg, record.args) == ("%s of %s", (3, 5))


def test_the_filter_scrubs_tracebacks() -> None:
    try:
        raise ValueError(f"cannot fetch /files/{TOKEN}")  # noqa: TRY301
    except ValueError as error:
        record = record_of("failed", exc_info=(ValueError, error, error.__traceback__))
    ScrubFilter().filter(record)
    assert TOKEN not in logging.Formatter().format(record)
    assert "cannot fetch /files/[hidden]" in logging.Formatter().format(record)


class Answer:
    status = "200 OK"
    sent = 3
    headers: list = []


def test_the_access_log_hides_tokens_in_line_path_query_and_referrer() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/files/{TOKEN}?a=b",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": f"/files/{TOKEN}",
        "QUERY_STRING": "a=b",
        "HTTP_REFERER": f"http://h/interview/{TOKEN}",
    }
    atoms = ScrubbedLogger(Config()).atoms(Answer(), [], environ, timedelta(milliseconds=3))
    assert {name: atoms[name] for name in "rUqf"} == {
        "r": "GET /files/[hidden]?[hidden] HTTP/1.1",
        "U": "/files/[hidden]",
        "q": "[hidden]",
        "f": "http://h/interview/[hidden]",
    }


def test_the_access_log_hides_the_secret_of_a_call() -> None:
    path = f"/webhooks/acs/{CALL}/{TOKEN}"
    environ = {
        "REQUEST_METHOD": "POST",
        "RAW_URI": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": path,
    }
    atoms = ScrubbedLogger(Config()).atoms(Answer(), [], environ, timedelta(milliseconds=3))
    shown = f"/webhooks/acs/{CALL}/[hidden]"
    assert (atoms["r"], atoms["U"]) == (f"POST {shown} HTTP/1.1", shown)
    assert TOKEN not in str({name: value for name, value in atoms.items() if name in "rUqf"})


def test_own_secrets_are_hidden_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_EVENTGRID_SECRET", "grid-4f7b2c91")
    monkeypatch.setenv("AZURE_EVENTGRID_PREVIOUS_SECRET", "grid-18ad03ee")
    monkeypatch.setenv("AZURE_ACS_CONNECTION_STRING", "endpoint=https://x;accesskey=a0b1c2d3e4==;")
    monkeypatch.setenv("REDIS_URL", "rediss://:r%40dis-Pass@cache:6380")
    own_secrets.cache_clear()
    told = "grid-4f7b2c91 grid-18ad03ee a0b1c2d3e4== r%40dis-Pass r@dis-Pass"
    try:
        assert scrub_text(told) == " ".join(["[hidden]"] * 5)
    finally:
        own_secrets.cache_clear()
