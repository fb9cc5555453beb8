"""Calls: asked for, planned, looked at and stopped."""

import uuid
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Call, Interview
from interviews.reading.calls import COLUMNS, read_call, read_possibility, show_call
from interviews.serializers.calls import (
    CallInput,
    CallShown,
    ListedCallShown,
    PossibilityFilter,
    PossibilityShown,
)
from interviews.serializers.inputs import NoInput
from interviews.services.call_planning import plan_call, stop_call
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.views import TenantView, read_input, read_query
from talenti.roles import READERS, WRITERS

INTERVIEWS = Interview.objects.select_related("candidate")
CALLS = Call.objects.select_related("interview__guide")


class CallView(TenantView):
    """`interviews/{id}/call`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}

    @describe("Can it be called?", response=PossibilityShown, query=PossibilityFilter)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return whether it can be called now, or at a moment, and all that speaks against it."""
        asked = read_query(PossibilityFilter, request)
        return Response(read_possibility(self.find(INTERVIEWS, pk), asked["at"]))

    @describe(
        "Call the candidate", request=CallInput, response=CallShown, status=201, refusals=(409,)
    )
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Call now, or plan it for a moment; 409 names every reason against it."""
        row = self.find(INTERVIEWS, pk)
        call = plan_call(row, self.actor, **read_input(CallInput, request))
        return Response(read_call(call), status=201)


class CallsView(TenantView):
    """`interviews/{id}/calls`."""

    roles: ClassVar = {"GET": READERS}

    @describe("Attempts to call", response=ListedCallShown, listed=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page, the newest first."""
        interview = self.find(Interview.objects.all(), pk)
        read_query(None, request)
        rows = Call.objects.filter(interview=interview).values_list(*COLUMNS)
        return Response(paginate(request, rows, show_call))


class OneCallView(TenantView):
    """`calls/{id}`."""

    roles: ClassVar = {"GET": READERS}

    @describe("One call", response=CallShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it as it stands, with everything that happened."""
        return Response(read_call(self.find(CALLS, pk)))


class StopCallView(TenantView):
    """`calls/{id}/stop`."""

    roles: ClassVar = {"POST": WRITERS}

    @describe("Stop a call", request=NoInput, response=CallShown, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Cancel a planned call; let a live one say goodbye and hang up."""
        row = self.find(CALLS, pk)
        read_input(NoInput, request)
        stop_call(row, self.actor)
        return Response(read_call(self.find(CALLS, pk)))
