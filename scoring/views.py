"""Judgements over the API: scorecards, reports, reviews and decisions of one interview."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Interview
from scoring.reading.report import decision_values, read_report
from scoring.reading.scorecards import read_scorecard, read_scorecards
from scoring.serializers import DecisionSerializer, ReviewSerializer
from scoring.services.decisions import decide
from scoring.services.requests import request_score
from scoring.services.reviews import submit_review
from talenti.api.idempotency import idempotent
from talenti.api.views import TenantView
from talenti.roles import DECIDERS, READERS, REVIEWERS, WRITERS

INTERVIEWS = Interview.objects.select_related("guide")
WHOLE_INTERVIEWS = Interview.objects.select_related("guide", "job", "candidate", "organisation")


class ScoreView(TenantView):
    """Another scoring of the interview's settled words."""

    roles = {"POST": WRITERS}

    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Queue it: 202 with the interview's stage."""
        interview = self.find(INTERVIEWS, pk)
        request_score(interview, self.actor)
        interview.refresh_from_db(fields=["stage"])
        return Response({"interview": interview.pk, "stage": interview.stage}, status=202)


class ScorecardsView(TenantView):
    """Every judgement of the interview that the member may see."""

    roles = {"GET": READERS}

    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return the scorecards, the oldest first; an empty list when there is none yet."""
        return Response(read_scorecards(self.find(INTERVIEWS, pk), self.user))


class ReportView(TenantView):
    """The whole story of one interview."""

    roles = {"GET": READERS}

    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return the report."""
        return Response(read_report(self.find(WHOLE_INTERVIEWS, pk), self.user))


class ReviewsView(TenantView):
    """The member's own scorecard."""

    roles = {"POST": REVIEWERS}

    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Submit it in the member's own name: 201 with the scorecard."""
        interview = self.find(INTERVIEWS, pk)
        body = ReviewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        comment = body.validated_data["comment"]
        card = submit_review(interview, body.ratings(), self.actor, comment=comment)
        return Response(read_scorecard(card), status=201)


class DecisionView(TenantView):
    """What a person decides about the interview."""

    roles = {"POST": DECIDERS}

    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Decide, or end a hold: 201 with the decision."""
        interview = self.find(INTERVIEWS, pk)
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(
            decision_values(decide(interview, actor=self.actor, **body.validated_data)), status=201
        )
