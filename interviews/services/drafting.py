"""Drafting a guide from a position: at once by a quick author, as durable work by a slow one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from interviews.author.protocol import Author, GuideDraft
from interviews.guide_body import from_json
from interviews.models import DraftOrder, Guide, Job
from interviews.services.guides import create_guide, replace_body
from talenti.engines import engine
from talenti.errors import WrongState
from talenti.history import ENGINE, Actor
from talenti.work.models import OPEN_STATES, State, WorkItem
from talenti.work.queue import enqueue

DRAFT_GUIDE = "interviews.draft_guide"
MAX_ORIGIN = 200  # characters of Guide.origin
NEEDS_JOB = "This author takes longer than a request may. Give a job: its draft is queued."


@dataclass(frozen=True, slots=True)
class Position:
    """What a guide is drafted from."""

    title: str
    description: str
    language: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """A stored guide and what its author says of it; while `queued` it is empty."""

    guide: Guide
    label: str
    because: Mapping[str, tuple[str, ...]]
    queued: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether an author is at work on a guide, or the code of why it gave up.

    `message` says why in words; while `drafting`, it says what the last try failed of.
    """

    drafting: bool = False
    failure: str = ""
    message: str = ""


def ask_author(position: Position) -> GuideDraft:
    """Return the author's draft; raises PermanentFailure or RetryLater. Stores nothing."""
    author: Author = engine("author")
    return author.draft(
        title=position.title, description=position.description, language=position.language
    )


def draft_unstored(position: Position) -> GuideDraft:
    """Return a draft that belongs to no job; WrongState when the author is slow."""
    author: Author = engine("author")
    if not author.immediate:
        raise WrongState(NEEDS_JOB, errors={"job": [NEEDS_JOB]})
    return ask_author(position)


def draft_guide(job: Job, position: Position, actor: Actor) -> Drafted:
    """Add the job's next version: drafted, or empty with the draft queued for a slow author.

    Raises Invalid for a language that is none, and what `ask_author` raises when it is asked now.
    """
    author: Author = engine("author")
    if not author.immediate:
        return Drafted(_order(job, position, author, actor), author.label, {}, queued=True)
    draft = ask_author(position)
    guide = create_guide(job, draft.body, actor, origin=draft.label[:MAX_ORIGIN])
    return Drafted(guide, draft.label, draft.because, queued=False)


def _order(job: Job, position: Position, author: Author, actor: Actor) -> Guide:
    language = position.language.replace("_", "-")
    empty = {"title": position.title, "language": language, "competencies": [], "questions": []}
    body = from_json(empty)
    with transaction.atomic():
        guide = create_guide(job, body, actor, origin=f"draft asked of {author.name}")
        DraftOrder.objects.create(
            organisation_id=guide.organisation_id, guide=guide, description=position.description
        )
        enqueue(DRAFT_GUIDE, organisation_id=guide.organisation_id, subject_id=guide.pk)
    return guide


def read_order(guide_id: uuid.UUID) -> Position | None:
    """Return what is to be drafted; None when a person wrote or deleted the guide meanwhile."""
    order = DraftOrder.objects.select_related("guide").filter(guide_id=guide_id).first()
    if order is None:
        return None
    return Position(order.guide.title, order.description, order.guide.language)


def fill_order(guide_id: uuid.UUID, draft: GuideDraft) -> bool:
    """Write the draft into the guide that waits for it, in the caller's transaction.

    Returns False when nobody waits for it any more: a person's edit wins.
    """
    guide = Guide.objects.select_for_update().filter(pk=guide_id).first()
    if guide is None or not DraftOrder.objects.filter(guide=guide).exists():
        return False
    Guide.objects.filter(pk=guide_id).update(origin=draft.label[:MAX_ORIGIN])
    replace_body(guide, draft.body, ENGINE)
    return True


def read_progress(guide: Guide) -> Progress:
    """Return how the draft stands that was asked for; nothing once the guide has content."""
    if guide.is_published or not DraftOrder.objects.filter(guide=guide).exists():
        return Progress()
    items = WorkItem.objects.filter(organisation_id=guide.organisation_id, kind=DRAFT_GUIDE)
    item = items.filter(subject_id=guide.pk).order_by("pk").last()
    if item is not None and item.state in OPEN_STATES:
        return Progress(drafting=True, message=item.last_error)
    if item is not None and item.state == State.DEAD:
        return Progress(failure=item.cause, message=item.last_error)
    return Progress(failure="cancelled", message="The draft was taken out of the queue.")
