"""The stand-in for curl: it answers from `http` in the world.

That is a list of {status, body} for each address, of which the last one stays; status 0 and
addresses that are not listed cannot be reached.
"""

from pathlib import Path
from typing import Any

from tests.stubs.answers import Answer

ALONE = {"--silent", "--show-error", "--fail", "--location", "--tlsv1.2"}
VALUED = {"--output", "--write-out", "--max-time", "--connect-timeout", "--retry", "--data"}
VALUED |= {"--header", "--proto", "--request"}
MISUSED, UNREACHABLE, HTTP_ERROR = 2, 6, 22


def main(world: dict[str, Any], words: list[str]) -> Answer:
    """Return curl's own exit codes."""
    flags: dict[str, str] = {}
    urls, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        if word in VALUED:
            flags[word] = rest.pop(0)
        elif word in ALONE:
            flags[word] = ""
        elif word.startswith("-"):
            return Answer(MISUSED, error=f"curl: option {word}: is unknown\n")
        else:
            urls.append(word)
    (url,) = urls
    if "--data" in flags:
        world["posted"].append([url, flags["--data"]])
    return _fetched(world["http"].get(url, []), flags)


def _fetched(answers: list[dict[str, Any]], flags: dict[str, str]) -> Answer:
    silent: dict[str, Any] = {"status": 0}
    given = answers.pop(0) if len(answers) > 1 else answers[0] if answers else silent
    status = given["status"]
    written = flags.get("--write-out", "").replace("%{http_code}", f"{status:03}")
    if not status:
        return Answer(UNREACHABLE, written, "curl: (6) Could not resolve host\n")
    if "--fail" in flags and status >= 400:
        return Answer(HTTP_ERROR, written, f"curl: (22) The requested URL returned {status}\n")
    body = given.get("body", "")
    if "--output" in flags:
        Path(flags["--output"]).write_text(body)
        body = ""
    return Answer(0, body + written)
