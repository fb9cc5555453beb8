"""Keep secrets and personal data out of every log line and span.

Signed file addresses and candidates' links are secrets in a path, and a query string may hold
anything: an e-mail somebody searched for, a signature, a webhook's secret. This is the last wall:
rooms log ids and kinds, never names, addresses or words.
"""

import logging
import os
import re
from collections.abc import Iterator
from functools import cache
from types import TracebackType
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "[hidden]"
SECRET_ROOMS = ("files", "interview", "password")
# In the address of a call's events the secret follows the call's id.
_ROOMS = "|".join((*SECRET_ROOMS, r"webhooks/+acs/+[^\s/?#\"'<>]+"))
_SECRET_PATH = re.compile(rf"/+({_ROOMS})/+[^/]+")
_IN_TEXT = re.compile(rf"(/(?:{_ROOMS})/+)[^\s/?#\"'<>]+", re.IGNORECASE)
_QUERY = re.compile(r"(?<=[\w/\]%.~-])\?[^\s\"'<>]+")
_CREDENTIAL = re.compile(
    r"\b(Bearer|Invitation|Basic|SharedKey|HMAC-SHA256)(\s+)[\w.~+/=:-]{16,}", re.IGNORECASE
)
_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_LOGIN = re.compile(r"(?<=://)[^\s/@\"']*:[^\s@\"']+(?=@)")
_NAMED = re.compile(
    r"(\b[\w-]*(?:passw(?:or)?d|secret|token|api[_-]?key|access_?key|account_?key|"
    r"subscription-key|instrumentationkey|signature|sessionid|csrftoken)"
    r"[\"']?\s*[=:]\s*[\"']?)(?!\[hidden\])[^\s\"'&;,)}]+",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
# After a sign that is no part of a number, or after what telephony puts before one.
_PHONE = re.compile(
    r"(?:(?<![\w.:])|(?<=\b4:)|(?<=tel:)|(?<=sip:))"
    r"(?:\+|%2B)[1-9]\d?(?:[ ().-]{0,2}\d){6,13}(?![\w:])",
    re.IGNORECASE,
)
_HIDDEN_WHOLE = (_TOKEN, _LOGIN, _MAIL, _PHONE)
_SECRET_NAMES = re.compile(r"_KEY$|_SECRET$|_PASSWORD$|^SECRET_KEY$")
_KEY_PART = re.compile(r"key\s*=\s*([^;]+)", re.IGNORECASE)
_SECRET_ADDRESSES = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
_SHORTEST_SECRET = 8
_LONGEST_CHAIN = 5

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def scrub_path(path: str) -> str:
    """Return the path with its token and its query string hidden, in whatever way it is encoded."""
    bare, mark, query = path.partition("?")
    plain = unquote(bare)
    if match := _SECRET_PATH.match(plain):
        bare = f"/{quote(match[1])}/{HIDDEN}{quote(plain[match.end() :])}"
    return f"{bare}?{HIDDEN}" if mark and query else bare


def scrub_text(text: str) -> str:
    """Return free text with the secrets, query strings, mail addresses and phones in it hidden."""
    for secret in own_secrets():
        text = text.replace(secret, HIDDEN)
    text = _IN_TEXT.sub(rf"\g<1>{HIDDEN}", text)
    text = _CREDENTIAL.sub(rf"\g<1>\g<2>{HIDDEN}", text)
    for pattern in _HIDDEN_WHOLE:
        text = pattern.sub(HIDDEN, text)
    text = _NAMED.sub(rf"\g<1>{HIDDEN}", text)
    return _QUERY.sub(f"?{HIDDEN}", text)


@cache
def own_secrets() -> tuple[str, ...]:
    """Return the secrets of this installation as its environment has them, the longest first."""
    found = {value for value in _secrets() if len(value) >= _SHORTEST_SECRET}
    return tuple(sorted(found, key=len, reverse=True))


def _secrets() -> Iterator[str]:
    for name, value in os.environ.items():
        if _SECRET_NAMES.search(name):
            yield value.strip()
        if name.endswith("_CONNECTION_STRING"):
            yield from _KEY_PART.findall(value)
    for name in _SECRET_ADDRESSES:
        if password := urlsplit(os.environ.get(name, "")).password:
            yield password
            yield unquote(password)


def without_words(error: BaseException, depth: int = _LONGEST_CHAIN) -> BaseException:
    """Return an exception of the same name and place that says nothing, with its causes."""
    kind = type(error)
    silent: BaseException = type(kind.__name__, (Exception,), {"__module__": kind.__module__})()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth:
        silent.__cause__ = without_words(cause, depth - 1)
    return silent.with_traceback(error.__traceback__)


class ScrubFilter(logging.Filter):
    """Scrubs message and traceback of every record that passes the handler it is set on."""

    def __init__(self, *, hide_exceptions: bool = False) -> None:
        super().__init__()
        self.hide_exceptions = hide_exceptions

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it always passes."""
        message = record.getMessage()
        scrubbed = scrub_text(message)
        if scrubbed != message:
            record.msg, record.args = scrubbed, None
        if record.exc_info and self.hide_exceptions:
            record.exc_info = _silent(record.exc_info)
            record.exc_text = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub_text(record.exc_text)
        return True


def _silent(exc_info: object) -> ExcInfo | None:
    error = exc_info[1] if isinstance(exc_info, tuple) else None
    if error is None:
        return None
    silent = without_words(error)
    return type(silent), silent, silent.__traceback__
