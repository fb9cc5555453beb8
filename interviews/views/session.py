"""The candidate's own interview, behind their secret link. Reading it changes nothing."""

import uuid
from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Interview, Turn
from interviews.permissions import InvitationAuthentication, InvitedCandidate, IsCandidate
from interviews.reading.session import read_session
from interviews.serializers.calls import ChoiceInput
from interviews.serializers.inputs import ConsentInput, NoInput, RefuseInput
from interviews.serializers.session import SessionShown, SpeechShown
from interviews.services.call_choices import choose_time, refuse_to_be_called
from interviews.services.consents import give_consent
from interviews.services.conversation import begin
from interviews.services.interviews import complete_interview, end_interview
from interviews.services.speeches import speech_address
from interviews.states import Status
from talenti.api.docs import describe
from talenti.api.views import ApiView, read_input
from talenti.history import CANDIDATE


class SessionView(ApiView):
    """A view of the interview that the caller was invited to."""

    authentication_classes = [InvitationAuthentication]
    permission_classes = [IsCandidate]

    @property
    def candidate(self) -> InvitedCandidate:
        """Return who asks."""
        caller: Any = self.request.user
        assert isinstance(caller, InvitedCandidate)  # noqa: S101 - the permission saw to it
        return caller

    def changed(self, change: Callable[[Interview], object]) -> Response:
        """Change the interview and return the session as it is then."""
        invitation = self.candidate.invitation
        change(invitation.interview)
        invitation.interview.refresh_from_db(fields=["status"])
        return Response(read_session(invitation))


class ReadSessionView(SessionView):
    """`session`."""

    @describe("My interview", response=SessionShown)
    def get(self, request: Request) -> Response:
        """Return where it stands."""
        return Response(read_session(self.candidate.invitation))


class ConsentView(SessionView):
    """`session/consent`."""

    @describe("Agree", request=ConsentInput, response=SessionShown, refusals=(409,))
    def post(self, request: Request) -> Response:
        """Store what the candidate agrees to, and ask the first question."""
        given = read_input(ConsentInput, request)

        def agree(interview: Interview) -> None:
            give_consent(interview, **given)
            begin(interview)

        return self.changed(agree)


class BeginView(SessionView):
    """`session/begin`."""

    @describe("Go on", request=NoInput, response=SessionShown, refusals=(409,))
    def post(self, request: Request) -> Response:
        """Ask the first question, or the next one where an earlier call broke off."""
        read_input(NoInput, request)
        return self.changed(begin)


class RefuseView(SessionView):
    """`session/refuse`."""

    @describe("Refuse", request=RefuseInput, response=SessionShown, refusals=(409,))
    def post(self, request: Request) -> Response:
        """End the interview as the candidate wishes."""
        reason = read_input(RefuseInput, request)["reason"]
        return self.changed(
            lambda row: end_interview(row, Status.REFUSED, CANDIDATE, reason=reason)
        )


class ChooseCallView(SessionView):
    """`session/call`."""

    @describe("Choose a time", request=ChoiceInput, response=SessionShown, refusals=(409,))
    def post(self, request: Request) -> Response:
        """Plan the call, or move it, to a time that suits the candidate."""
        given = read_input(ChoiceInput, request)
        return self.changed(lambda row: choose_time(row, **given))


class RefuseCallView(SessionView):
    """`session/call/refuse`."""

    @describe("Refuse calls", request=NoInput, response=SessionShown)
    def post(self, request: Request) -> Response:
        """Note that the candidate does not want to be called; a planned call is cancelled."""
        read_input(NoInput, request)
        return self.changed(refuse_to_be_called)


class SpeechView(SessionView):
    """`session/turns/{id}/speech`."""

    @describe(
        "Listen to a question", request=NoInput, response=SpeechShown, refusals=(409, 422, 503)
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a short-lived address of the open question as sound; none: your browser reads it.

        It is said once and kept: asked again, it costs nothing.
        """
        read_input(NoInput, request)
        turns = Turn.objects.select_related("interview")
        address = speech_address(
            get_object_or_404(turns, pk=pk, interview=self.candidate.interview.pk)
        )
        if address is None:
            return Response({"read_by": "browser", "url": None, "expires_at": None})
        return Response({"read_by": "audio", "url": address.url, "expires_at": address.expires_at})


class FinishView(SessionView):
    """`session/complete`."""

    @describe("Finish", request=NoInput, response=SessionShown, refusals=(409,))
    def post(self, request: Request) -> Response:
        """End the answering: nothing more will come."""
        read_input(NoInput, request)
        return self.changed(lambda row: complete_interview(row, CANDIDATE))
