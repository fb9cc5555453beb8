"""Positions."""

import uuid
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Job
from interviews.reading.rows import JOB, show_job, values_of
from interviews.serializers.filters import JobFilter
from interviews.serializers.inputs import JobChange, JobInput
from interviews.serializers.shown import JobShown
from interviews.services.jobs import change_job, create_job, delete_job
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.views import TenantView, read_input, read_query
from talenti.roles import READERS, WRITERS


class JobsView(TenantView):
    """`jobs`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}

    @describe("Jobs", response=JobShown, listed=True, query=JobFilter)
    def get(self, request: Request) -> Response:
        """Return a page, the newest first."""
        rows = self.listed(Job.objects.all(), filters := read_query(JobFilter, request))
        if "status" in filters:
            rows = rows.filter(status__in=filters["status"])
        return Response(paginate(request, rows.values_list(*JOB), show_job))

    @describe("Open a job", request=JobInput, response=JobShown, status=201)
    @idempotent()
    def post(self, request: Request) -> Response:
        """Open a position."""
        given = read_input(JobInput, request)
        home = self.organisation_for(given.pop("organisation", None))
        return Response(values_of(create_job(home, self.actor, **given), JOB), status=201)


class JobView(TenantView):
    """`jobs/{id}`."""

    roles: ClassVar = {"GET": READERS, "PATCH": WRITERS, "DELETE": WRITERS}

    @describe("One job", response=JobShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it."""
        return Response(values_of(self.find(Job.objects.all(), pk), JOB))

    @describe("Change a job", request=JobChange, response=JobShown, refusals=(409,))
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is given; `status` closes or reopens it."""
        job = self.find(Job.objects.all(), pk)
        change_job(job, self.actor, **read_input(JobChange, request))
        return Response(values_of(job, JOB))

    @describe("Delete a job", status=204, refusals=(409,))
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Delete a position that nobody was interviewed for."""
        delete_job(self.find(Job.objects.all(), pk), self.actor)
        return Response(status=204)
