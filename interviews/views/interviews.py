"""Interviews: created, listed, read and moved."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Candidate, Guide, Interview, Job
from interviews.reading.interviews import (
    every_interview,
    listed,
    read_interview,
    show_created,
    show_listed,
)
from interviews.reading.rows import HISTORY_COLUMNS, show_entry
from interviews.serializers.filters import InterviewFilter
from interviews.serializers.inputs import CancelInput, HoldInput, InterviewInput, NoInput
from interviews.serializers.shown import EntryShown, InterviewShown, ListedInterviewShown
from interviews.services.interviews import (
    InterviewPlan,
    cancel_interview,
    complete_interview,
    create_interview,
    find_or_create_candidate,
    set_legal_hold,
)
from interviews.services.invitations import invite
from interviews.states import Stage
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.serializers import StrictSerializer
from talenti.api.views import QUERY_OF_LISTS, TenantView, read_input, read_query
from talenti.history import entries_for
from talenti.roles import READERS, WRITERS

INTERVIEWS = Interview.objects.select_related("candidate")
CONDITIONS = {
    "status": "status__in",
    "stage": "stage__in",
    "channel": "channel__in",
    "job": "job",
    "candidate": "candidate",
    "created_after": "created_at__gt",
    "created_before": "created_at__lt",
}


class InterviewsView(TenantView):
    """`interviews`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}

    @describe("Interviews", response=ListedInterviewShown, listed=True, query=InterviewFilter)
    def get(self, request: Request) -> Response:
        """Return a page, the newest first."""
        if not QUERY_OF_LISTS.issuperset(request.query_params):
            return Response(paginate(request, listed(self._filtered(request)), show_listed))
        read_query(None, request)
        return Response(paginate(request, every_interview(self.user), show_listed))

    def _filtered(self, request: Request) -> Any:
        filters = read_query(InterviewFilter, request)
        rows = self.listed(Interview.objects.all(), filters)
        rows = rows.filter(
            **{CONDITIONS[name]: value for name, value in filters.items() if name in CONDITIONS}
        )
        if filters["decided"] is not None:
            decided = {"stage": Stage.DECIDED}
            rows = rows.filter(**decided) if filters["decided"] else rows.exclude(**decided)
        return rows

    @describe(
        "Create an interview",
        request=InterviewInput,
        response=ListedInterviewShown,
        status=201,
        refusals=(409,),
    )
    @idempotent()
    def post(self, request: Request) -> Response:
        """Create an interview of a candidate, who may be created with it."""
        given = read_input(InterviewInput, request)
        if home := given.pop("organisation", None):
            self.require(home)
        with transaction.atomic():  # a refused interview leaves no new candidate behind
            interview = create_interview(self._plan(given, home), self.actor)
        return Response(show_created(interview), status=201)

    def _plan(self, given: dict[str, Any], home: uuid.UUID | None) -> InterviewPlan:
        job = self.find_row(Job, given.pop("job"), within=home)
        guide = given.pop("guide")
        return InterviewPlan(
            job=job,
            guide=None if guide is None else self.find(Guide.objects.filter(job=job), guide),
            candidate=self._candidate(job, given.pop("candidate")),
            **given,
        )

    def _candidate(self, job: Job, given: Any) -> Candidate:
        if isinstance(given, uuid.UUID):
            found: Candidate = self.find_row(Candidate, given, within=job.organisation_id)
            return found
        return find_or_create_candidate(job.organisation_id, given)


class OneInterview(TenantView):
    """A view that answers with one interview."""

    def shown(self, pk: uuid.UUID) -> dict[str, Any]:
        """Return an interview as it is now; every member may read it."""
        found = read_interview(self.user, pk)
        if found is None:
            raise Http404
        return found


class InterviewView(OneInterview):
    """`interviews/{id}`."""

    roles: ClassVar = {"GET": READERS}

    @describe("One interview", response=InterviewShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it with its open invitation and last consent."""
        return Response(self.shown(pk))


class MoveView(OneInterview):
    """A view that moves one interview, and answers with it as it is then."""

    roles: ClassVar = {"POST": WRITERS}

    def moved(
        self, pk: uuid.UUID, shape: type[StrictSerializer], move: Callable[..., object]
    ) -> Response:
        """Call `move(interview, **input)` and return the interview as it is then."""
        row = self.find(INTERVIEWS, pk)
        move(row, **read_input(shape, self.request))
        return Response(self.shown(pk))


class InviteView(MoveView):
    """`interviews/{id}/invite`."""

    @describe("Invite the candidate", request=NoInput, response=InterviewShown, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Send a new link; older ones stop working."""
        return self.moved(pk, NoInput, partial(invite, actor=self.actor))


class CancelView(MoveView):
    """`interviews/{id}/cancel`."""

    @describe("Cancel", request=CancelInput, response=InterviewShown, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """End an interview that is not over."""
        return self.moved(pk, CancelInput, partial(cancel_interview, actor=self.actor))


class CompleteView(MoveView):
    """`interviews/{id}/complete`."""

    @describe("Complete", request=NoInput, response=InterviewShown, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """End the answering: nothing more will come."""
        return self.moved(pk, NoInput, partial(complete_interview, actor=self.actor))


class HoldView(MoveView):
    """`interviews/{id}/hold`."""

    @describe("Hold or release files", request=HoldInput, response=InterviewShown)
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep the interview's files from deletion, or allow it again."""
        return self.moved(pk, HoldInput, partial(set_legal_hold, actor=self.actor))


class HistoryView(TenantView):
    """`interviews/{id}/history`."""

    roles: ClassVar = {"GET": READERS}

    @describe("History of an interview", response=EntryShown, listed=True, orderings=("id",))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page of what happened and may be known, the oldest first."""
        interview = self.find(Interview.objects.all(), pk)
        read_query(None, request)
        entries = entries_for(self.user).filter(
            organisation=interview.organisation_id, root_id=interview.pk
        )
        rows = entries.values_list(*HISTORY_COLUMNS)
        return Response(paginate(request, rows, show_entry, orderings=["id"], default="id"))
