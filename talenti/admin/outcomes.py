"""Acting on rows from a page, and telling the person what happened to each of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from talenti.errors import TalentiError

MOST_REFUSALS_SHOWN = 20


def try_on(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do one thing and say `done`, or say why it was refused; returns whether it was done."""
    try:
        act()
    except TalentiError as refusal:
        messages.error(request, explain(refusal))
        return False
    messages.success(request, done)
    return True


def try_on_each(
    request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object], done: str
) -> None:
    """Do the same to each row; one refusal stops none of the others."""
    succeeded, refusals = 0, []
    for row in rows:
        try:
            act(row)
            succeeded += 1
        except TalentiError as refusal:
            refusals.append(f"{row}: {explain(refusal)}")
    if succeeded:
        messages.success(request, f"{done}: {succeeded}.")
    for refusal_text in refusals[:MOST_REFUSALS_SHOWN]:
        messages.warning(request, f"Not done for {refusal_text}")
    if len(refusals) > MOST_REFUSALS_SHOWN:
        messages.warning(request, f"… and {len(refusals) - MOST_REFUSALS_SHOWN} more refused.")


def explain(refusal: TalentiError) -> str:
    """Return why it was refused, with what is wrong in each field where the message lacks it."""
    errors = getattr(refusal, "errors", {})
    said = refusal.message
    details = [message for found in errors.values() for message in found if message not in said]
    return " ".join([refusal.message, *dict.fromkeys(details)])
