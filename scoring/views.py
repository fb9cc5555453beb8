"""Judgements over the API: scorecards, reports, reviews and decisions of one interview."""

import uuid
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Interview
from scoring.models import Scorecard
from scoring.reading.report import decision_values, read_report
from scoring.reading.scorecards import card_values, fill_scores, read_scorecard
from scoring.serializers import (
    DecisionInput,
    DecisionShown,
    ReportShown,
    ReviewInput,
    ScorecardShown,
    StageShown,
    ratings_of,
)
from scoring.services.decisions import decide
from scoring.services.requests import request_score
from scoring.services.reviews import submit_review
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.views import TenantView, read_input, read_query
from talenti.roles import DECIDERS, READERS, REVIEWERS, WRITERS

INTERVIEWS = Interview.objects.select_related("guide")
WHOLE_INTERVIEWS = Interview.objects.select_related("guide", "job", "candidate", "organisation")


def placed_card(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard with what places it in a list."""
    return card_values(card) | {"created_at": card.created_at}


class ScoreView(TenantView):
    """Another scoring of the interview's settled words."""

    roles: ClassVar = {"POST": WRITERS}

    @describe("Score again", response=StageShown, status=202, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Queue it: 202 with the interview's stage."""
        interview = self.find(INTERVIEWS, pk)
        request_score(interview, self.actor)
        interview.refresh_from_db(fields=["stage"])
        return Response({"interview": interview.pk, "stage": interview.stage}, status=202)


class ScorecardsView(TenantView):
    """Every judgement of the interview that the member may see."""

    roles: ClassVar = {"GET": READERS}

    @describe("Scorecards of an interview", response=ScorecardShown, listed=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page of scorecards, the oldest first; an empty one when there is none yet."""
        interview = self.find(INTERVIEWS, pk)
        read_query(None, request)
        rows = Scorecard.objects.visible_to(self.user).filter(interview=interview)
        page = paginate(request, rows, placed_card, default="created_at")
        for card in page["results"]:
            del card["created_at"]  # it places the card in the list, and no more
        fill_scores(page["results"])
        return Response(page)


class ReportView(TenantView):
    """The whole story of one interview."""

    roles: ClassVar = {"GET": READERS}

    @describe("The report of an interview", response=ReportShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return the report."""
        return Response(read_report(self.find(WHOLE_INTERVIEWS, pk), self.user))


class ReviewsView(TenantView):
    """The member's own scorecard."""

    roles: ClassVar = {"POST": REVIEWERS}

    @describe(
        "Submit my scorecard",
        request=ReviewInput,
        response=ScorecardShown,
        status=201,
        refusals=(409,),
    )
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Submit it in the member's own name: 201 with the scorecard."""
        interview = self.find(INTERVIEWS, pk)
        given = read_input(ReviewInput, request)
        card = submit_review(interview, ratings_of(given), self.actor, comment=given["comment"])
        return Response(read_scorecard(card), status=201)


class DecisionView(TenantView):
    """What a person decides about the interview."""

    roles: ClassVar = {"POST": DECIDERS}

    @describe("Decide", request=DecisionInput, response=DecisionShown, status=201, refusals=(409,))
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Decide, or end a hold: 201 with the decision."""
        interview = self.find(INTERVIEWS, pk)
        given = read_input(DecisionInput, request)
        decision = decide(interview, given["outcome"], given["reason"], self.actor)
        return Response(decision_values(decision), status=201)
