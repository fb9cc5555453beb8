"""Keep secrets that travel in addresses out of every log line.

Signed file addresses and candidates' links are secrets in a path, and a query string may hold
anything: an e-mail somebody searched for, a signature, a webhook's secret.
"""

import logging
import re
from urllib.parse import quote, unquote

HIDDEN = "[hidden]"
SECRET_ROOMS = ("files", "interview")
_ROOMS = "|".join(SECRET_ROOMS)
_SECRET_PATH = re.compile(rf"/+({_ROOMS})/+[^/]+")
_IN_TEXT = re.compile(rf"(/(?:{_ROOMS})/+)[^\s/?#\"'<>]+", re.IGNORECASE)
_QUERY = re.compile(r"(?<=[\w/\]%.~-])\?[^\s\"'<>]+")
_CREDENTIAL = re.compile(r"\b(Bearer|Invitation)(\s+)[\w.~+/=:-]{16,}", re.IGNORECASE)


def scrub_path(path: str) -> str:
    """Return the path with its token and its query string hidden, in whatever way it is encoded."""
    bare, mark, query = path.partition("?")
    plain = unquote(bare)
    if match := _SECRET_PATH.match(plain):
        bare = f"/{match[1]}/{HIDDEN}{quote(plain[match.end() :])}"
    return f"{bare}?{HIDDEN}" if mark and query else bare


def scrub_text(text: str) -> str:
    """Return free text with the tokens, credentials and query strings in it hidden."""
    text = _IN_TEXT.sub(rf"\g<1>{HIDDEN}", text)
    text = _CREDENTIAL.sub(rf"\g<1>\g<2>{HIDDEN}", text)
    return _QUERY.sub(f"?{HIDDEN}", text)


class ScrubFilter(logging.Filter):
    """Scrubs message and traceback of every record that passes the handler it is set on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it always passes."""
        message = record.getMessage()
        scrubbed = scrub_text(message)
        if scrubbed != message:
            record.msg, record.args = scrubbed, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub_text(record.exc_text)
        return True
