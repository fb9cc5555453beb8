"""Guides: versions of a job's, drafting, editing, publishing."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.guide_body import GuideBody, from_json, to_json
from interviews.models import Guide, Job
from interviews.reading.rows import GUIDE, show_guide, show_listed_guide
from interviews.serializers.inputs import CopyInput, DraftInput, PublishInput
from interviews.serializers.shown import (
    DraftShown,
    GuideBodyShown,
    GuideShown,
    ListedGuideShown,
    StoredDraftShown,
)
from interviews.services.drafting import Position, draft_guide, draft_unstored
from interviews.services.guides import copy_guide, create_guide, publish_guide, replace_body
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.views import TenantView, read_input, read_query
from talenti.roles import READERS, WRITERS

GUIDES = Guide.objects.select_related("job")
BODY_FIELDS = {"title", "language", "competencies", "questions"}


def read_body_of(data: Any) -> GuideBody:
    """Return the guide in a request; raises Invalid, or ValidationError for unknown fields."""
    unknown = {str(name)[:100]: ["There is no such field."] for name in data.keys() - BODY_FIELDS}
    if unknown:
        raise ValidationError(unknown)
    return from_json(data)


class GuidesView(TenantView):
    """`jobs/{id}/guides`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}

    @describe("Guides of a job", response=ListedGuideShown, listed=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page of versions without their content, the newest first."""
        job = self.find(Job.objects.all(), pk)
        read_query(None, request)
        rows = Guide.objects.filter(job=job).values_list(*GUIDE)
        page = paginate(request, rows, show_listed_guide, orderings=["version"], default="-version")
        return Response(page)

    @describe(
        "Make the next version",
        request=GuideBodyShown,
        response=GuideShown,
        status=201,
        alternative=CopyInput,
    )
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Store a draft: a whole guide, or `copy_of` an earlier version of this job."""
        job = self.find(Job.objects.all(), pk)
        if "copy_of" in request.data:
            wanted = read_input(CopyInput, request)["copy_of"]
            guide = copy_guide(self.find(GUIDES.filter(job=job), wanted), self.actor)
        else:
            guide = create_guide(job, read_body_of(request.data), self.actor)
        return Response(show_guide(guide), status=201)


class GuideView(TenantView):
    """`guides/{id}`."""

    roles: ClassVar = {"GET": READERS, "PUT": WRITERS}

    @describe("One guide", response=GuideShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it with its content."""
        return Response(show_guide(self.find(GUIDES, pk)))

    @describe("Rewrite a draft", request=GuideBodyShown, response=GuideShown, refusals=(409,))
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Replace a draft's whole content; 409 for a published guide."""
        guide = self.find(GUIDES, pk)
        replace_body(guide, read_body_of(request.data), self.actor)
        return Response(show_guide(guide))


class PublicationView(TenantView):
    """`guides/{id}/publish`."""

    roles: ClassVar = {"POST": WRITERS}

    @describe("Publish a guide", request=PublishInput, response=GuideShown, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Publish a draft; 409 with every objection under its path."""
        guide = self.find(GUIDES, pk)
        publish_guide(guide, self.actor, **read_input(PublishInput, request))
        guide.refresh_from_db()
        return Response(show_guide(guide))


class DraftView(TenantView):
    """`guides/draft`."""

    roles: ClassVar = {"POST": WRITERS}

    @describe(
        "Draft a guide",
        request=DraftInput,
        response=DraftShown,
        status=201,
        queued=StoredDraftShown,
        refusals=(409, 422, 503),
    )
    @idempotent(atomic=False)
    def post(self, request: Request) -> Response:
        """Draft from a description: stored as the job's next version if `job` is given.

        201 with the draft. An author that takes its time is asked later: 202 with the guide, empty
        and `drafting`, to be read again at `guides/{id}`; without `job` that is refused with 409.
        """
        given = read_input(DraftInput, request)
        if given["job"] is None:
            draft = draft_unstored(_position(given))
            plain = {"label": draft.label, "because": draft.because, "drafting": False}
            return Response(to_json(draft.body) | plain, status=201)
        job = self.find(Job.objects.all(), given["job"])
        made = draft_guide(job, _position(given, job.title, job.description), self.actor)
        shown = show_guide(made.guide) | {"label": made.label, "because": made.because}
        return Response(shown, status=202 if made.queued else 201)


def _position(given: Mapping[str, Any], title: str = "", description: str = "") -> Position:
    return Position(given["title"] or title, given["description"] or description, given["language"])
