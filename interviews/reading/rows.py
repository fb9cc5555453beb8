"""Jobs, guides, candidates and history as the API shows them."""

from collections.abc import Callable, Iterable
from typing import Any

from interviews.guide_body import Objection, to_json
from interviews.models import Guide
from interviews.services.drafting import read_progress
from interviews.services.guides import read_body, review_guide

JOB = ("id", "organisation", "title", "description", "status", "created_at", "updated_at")
CANDIDATE = (
    "id",
    "organisation",
    "name",
    "email",
    "phone",
    "locale",
    "time_zone",
    "do_not_call",
    "call_permission",
    "call_permission_at",
    "created_at",
    "updated_at",
)
DOCUMENT = ("id", "candidate", "filename", "media_type", "size", "sha256", "created_at")
GUIDE = (
    "id",
    "organisation",
    "job",
    "version",
    "title",
    "language",
    "status",
    "origin",
    "override_reason",
    "published_at",
    "created_at",
    "updated_at",
)
HISTORY = (
    "id",
    "subject",
    "subject_id",
    "verb",
    "from_state",
    "to_state",
    "actor_kind",
    "reason",
    "data",
    "created_at",
)
HISTORY_COLUMNS = (*HISTORY, "actor_id", "actor__full_name", "actor__email")


def shape_of(names: tuple[str, ...]) -> Callable[[Iterable[Any]], dict[str, Any]]:
    """Return what makes an object of these columns."""
    return lambda row: dict(zip(names, row, strict=True))


show_job = shape_of(JOB)
show_candidate = shape_of(CANDIDATE)
show_document = shape_of(DOCUMENT)
show_listed_guide = shape_of(GUIDE)


def values_of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the same of a row that is at hand; a relation is its id."""
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    return {name: getattr(row, columns[name]) for name in names}


def show_guide(guide: Guide) -> dict[str, Any]:
    """Return a guide with its content; a draft comes with all that speaks against publishing it."""
    objections = [] if guide.is_published else review_guide(guide)
    progress = read_progress(guide)
    failure = {"code": progress.failure, "message": progress.message}
    return {
        **values_of(guide, GUIDE),
        **show_content(guide),
        "objections": [show_objection(found) for found in objections],
        "drafting": progress.drafting,
        "draft_failure": failure if progress.failure else None,
    }


def show_content(guide: Guide) -> dict[str, Any]:
    """Return a guide's content with the ids by which recordings name its questions."""
    shown = to_json(read_body(guide))
    ids = guide.questions.order_by("position").values_list("pk", flat=True)
    for question, pk in zip(shown["questions"], ids, strict=True):
        question["id"] = pk
    return shown


def show_objection(found: Objection) -> dict[str, Any]:
    """Return one objection."""
    return {
        "path": found.path,
        "code": found.code,
        "message": found.message,
        "overridable": found.overridable,
    }


def show_entry(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return one entry of a history from HISTORY_COLUMNS."""
    *plain, actor, full_name, email = row
    person = None if actor is None else {"id": actor, "name": full_name or email}
    return dict(zip(HISTORY, plain, strict=True)) | {"actor": person}
