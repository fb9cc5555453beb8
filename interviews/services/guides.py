"""Guides: drafting, editing and publishing. A published guide never changes."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interviews.guide_body import CompetencyBody, GuideBody, Objection, QuestionBody
from interviews.linter import lint
from interviews.models import Competency, DraftOrder, Guide, Job, Question
from interviews.states import GUIDE, GuideStatus
from talenti.errors import WrongState
from talenti.history import Actor, advance, record


def create_guide(job: Job, body: GuideBody, actor: Actor, *, origin: str = "") -> Guide:
    """Add the next version of the job's guide as a draft."""
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)  # two new versions at once get two numbers
        latest = job.guides.aggregate(latest=Max("version"))["latest"] or 0
        guide = Guide.objects.create(
            organisation_id=job.organisation_id,
            job=job,
            version=latest + 1,
            title=body.title,
            language=body.language,
            origin=origin,
        )
        _write_body(guide, body)
        record(guide, "created", actor, root_id=job.pk, data={"version": guide.version})
    return guide


def copy_guide(source: Guide, actor: Actor) -> Guide:
    """Add a draft with the content of an earlier version of the same job."""
    return create_guide(source.job, read_body(source), actor, origin=f"copy of {source.version}")


def replace_body(guide: Guide, body: GuideBody, actor: Actor) -> None:
    """Write a new content into a draft; WrongState when it was published.

    An author that was asked to fill it comes too late from now on.
    """
    with transaction.atomic():
        drafts = Guide.objects.filter(pk=guide.pk, status=GuideStatus.DRAFT)
        now = timezone.now()
        if not drafts.update(title=body.title, language=body.language, updated_at=now):
            raise WrongState("A published guide never changes. Make its next version.", ["copy"])
        DraftOrder.objects.filter(guide=guide).delete()
        guide.questions.all().delete()
        guide.competencies.all().delete()
        _write_body(guide, body)
        record(guide, "edited", actor, root_id=guide.job_id)
    guide.refresh_from_db()


def review_guide(guide: Guide) -> tuple[Objection, ...]:
    """Return everything that speaks against publishing the guide as it is."""
    return tuple(lint(read_body(guide)))


def publish_guide(guide: Guide, actor: Actor, *, override_reason: str = "") -> None:
    """Publish a draft, or raise WrongState with `errors` that name each objection's path.

    Rules of language give way to a stored reason; structure and protected topics never do.
    """
    with transaction.atomic():
        guide = Guide.objects.select_for_update().get(pk=guide.pk)
        objections = review_guide(guide)
        overridden = [found for found in objections if found.overridable and override_reason]
        standing = [found for found in objections if found not in overridden]
        if standing:
            raise WrongState("This guide cannot be published yet.", errors=_by_path(standing))
        advance(
            guide,
            GUIDE,
            GuideStatus.PUBLISHED,
            actor,
            reason=override_reason,
            published_at=timezone.now(),
            published_by=actor.user,
            override_reason=override_reason if overridden else "",
        )


def _by_path(objections: Iterable[Objection]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for found in objections:
        hint = " (may be overridden with a reason)" if found.overridable else ""
        errors.setdefault(found.path, []).append(found.message + hint)
    return errors


def read_body(guide: Guide) -> GuideBody:
    """Return the guide's content as plain values, in its own order."""
    competencies = list(guide.competencies.order_by("position"))
    keys = {row.pk: row.key for row in competencies}
    return GuideBody(
        title=guide.title,
        language=guide.language,
        competencies=tuple(_competency_body(row) for row in competencies),
        questions=tuple(
            QuestionBody(
                competency=keys[row.competency_id],
                text=row.text,
                probes=tuple(row.probes),
                time_limit_seconds=row.time_limit_seconds,
            )
            for row in guide.questions.order_by("position")
        ),
    )


def _competency_body(row: Competency) -> CompetencyBody:
    return CompetencyBody(
        key=row.key,
        name=row.name,
        description=row.description,
        weight=row.weight,
        must_have_level=row.must_have_level,
        anchors=row.anchors,
    )


def _write_body(guide: Guide, body: GuideBody) -> None:
    competencies = [
        Competency(
            organisation_id=guide.organisation_id,
            guide=guide,
            position=position,
            key=entry.key,
            name=entry.name,
            description=entry.description,
            weight=entry.weight,
            must_have_level=entry.must_have_level,
            **{f"anchor_{level}": entry.anchors.get(level, "") for level in range(1, 6)},
        )
        for position, entry in enumerate(body.competencies, start=1)
    ]
    Competency.objects.bulk_create(competencies)
    _write_questions(guide, body, {row.key: row.pk for row in competencies})


def _write_questions(guide: Guide, body: GuideBody, keys: dict[str, uuid.UUID]) -> None:
    Question.objects.bulk_create(
        Question(
            organisation_id=guide.organisation_id,
            guide=guide,
            competency_id=keys[entry.competency],
            position=position,
            text=entry.text,
            probes=list(entry.probes),
            time_limit_seconds=entry.time_limit_seconds,
        )
        for position, entry in enumerate(body.questions, start=1)
    )
