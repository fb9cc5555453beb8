"""Ask each configured provider once, cheaply, and say what it answered."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from talenti.engines import engine

HEAD = ("role", "engine", "answer", "ms")


class Command(BaseCommand):
    """`manage.py check_providers`: calls providers without any work to do."""

    help = "Call each configured provider once and print a table; ends with 1 if one is in trouble."

    def handle(self, **_: Any) -> None:
        """Print the table."""
        rows = [*self._engines(), *self._storages()]
        table = [HEAD, *rows]
        widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
        for row in table:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())
        failed = [row[0] for row in rows if not row[2].startswith(("ok", "local", "configured"))]
        if failed:
            raise CommandError(f"In trouble: {', '.join(failed)}.")

    def _engines(self) -> Iterator[tuple[str, str, str, str]]:
        for role in settings.ENGINES:
            name, (answer, took) = settings.ENGINES[role], ask(partial(ask_engine, role))
            yield role, name or "none", answer, took

    def _storages(self) -> Iterator[tuple[str, str, str, str]]:
        for alias in settings.FILE_ALIASES:
            answer, took = ask(partial(ask_storage, alias))
            yield f"storage:{alias}", type(storages[alias]).__name__, answer, took


def ask(question: Callable[[], str]) -> tuple[str, str]:
    """Return the answer and its milliseconds; of an error only its kind: its text may tell."""
    started = time.monotonic()
    try:
        answer = question()
    except Exception as error:  # noqa: BLE001 - whatever it was, the table shows it
        answer = f"failed: {type(error).__name__}"
    return answer, str(round((time.monotonic() - started) * 1000))


def ask_engine(role: str) -> str:
    """Return what an engine lacks, or what its provider says to a cheap call."""
    chosen = engine(role)
    if missing := chosen.check():
        return f"not configured: {' '.join(missing)}"
    probe = getattr(chosen, "probe", None)
    if probe is None:
        return (
            "local: nothing to call"
            if settings.ENGINES[role] == "offline"
            else "configured, not called"
        )
    return f"ok: {probe() or 'answered'}"


def ask_storage(alias: str) -> str:
    """Return ok when a file can be written."""
    probe = getattr(storages[alias], "probe", None)
    if probe is None:
        return "configured, not called"
    probe()
    return "ok: can be written"
