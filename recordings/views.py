"""Recordings and transcripts over the API."""

import uuid
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Interview, Question, Turn
from interviews.permissions import InvitationAuthentication, InvitedCandidate, IsCandidate
from interviews.reading.session import read_session
from interviews.serializers.session import SessionShown
from interviews.services.conversation import proceed
from recordings.models import Recording
from recordings.permissions import MemberOrCandidate
from recordings.reading import read_transcript, recording_values
from recordings.serializers import (
    AnnouncedRecordingShown,
    AnswerInput,
    CompletedRecordingShown,
    ConfirmationInput,
    FileInput,
    OutlinedRecordingShown,
    PlaybackShown,
    RecordingInput,
    TranscriptShown,
    corrections_of,
)
from recordings.services.answers import answer_in_writing
from recordings.services.confirmation import confirm_transcript
from recordings.services.playback import playback_address
from recordings.services.uploads import UploadPlan, announce_upload, complete_upload
from talenti.api.authentication import AccessTokenAuthentication
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.views import ApiView, TenantView, read_input
from talenti.errors import Invalid
from talenti.history import CANDIDATE
from talenti.roles import READERS, REVIEWERS, WRITERS
from talenti.storage.addresses import UploadAddress

INTERVIEWS = Interview.objects.select_related("guide")
RECORDINGS = Recording.objects.select_related("interview__guide", "turn")


def go_on(candidate: InvitedCandidate) -> dict[str, Any]:
    """Ask the interviewer for the next turn and return the session as it is then."""
    interview = candidate.interview
    proceed(interview)
    interview.refresh_from_db(fields=["status"])
    return read_session(candidate.invitation)


def announced(row: Recording, address: UploadAddress) -> dict[str, Any]:
    """Return the new recording and where its file is to be sent."""
    upload = {
        "method": address.method,
        "url": address.url,
        "headers": address.headers,
        "expires_at": address.expires_at,
    }
    return recording_values(row) | {"upload": upload}


class RecordingsView(TenantView):
    """Recordings made elsewhere."""

    roles: ClassVar = {"POST": WRITERS}

    @describe(
        "Announce a recording",
        request=RecordingInput,
        response=AnnouncedRecordingShown,
        status=201,
        refusals=(409, 413),
    )
    @idempotent(atomic=False)
    def post(self, request: Request) -> Response:
        """Announce one file: 201 with the address to send it to."""
        given = read_input(RecordingInput, request)
        interview = self.find(INTERVIEWS, given.pop("interview"))
        given["question"] = _question(interview, given["question"])
        row, address = announce_upload(interview, UploadPlan(**given), self.actor)
        return Response(announced(row, address), status=201)


def _question(interview: Interview, pk: uuid.UUID | None) -> Question | None:
    if pk is None:
        return None
    found: Question | None = Question.objects.filter(pk=pk, guide=interview.guide_id).first()
    if found is None:
        raise Invalid("The question is not in this guide.", {"question": ["Not in this guide."]})
    return found


class RecordingView(TenantView):
    """One recording."""

    roles: ClassVar = {"GET": READERS}

    @describe("One recording", response=OutlinedRecordingShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it with its outline: one peak per bucket, 0 to 255."""
        row = self.find(RECORDINGS, pk)
        return Response(recording_values(row) | {"peaks": row.peaks})


class CompletionView(TenantView):
    """The end of an upload, by a member or by the candidate whose interview it is."""

    authentication_classes = [AccessTokenAuthentication, InvitationAuthentication]
    permission_classes = [MemberOrCandidate]
    roles: ClassVar = {"POST": WRITERS}

    @describe("Complete an upload", response=CompletedRecordingShown, refusals=(409, 413, 415, 422))
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Measure the file and store its truth; 413, 415 or 422 when it cannot be taken.

        A candidate gets the next turn with it, in `session`.
        """
        caller: Any = request.user
        if isinstance(caller, InvitedCandidate):
            return self._complete_own(caller, pk)
        row = self.find(RECORDINGS, pk)
        complete_upload(row, self.actor)
        if row.turn_id:
            proceed(row.interview)
        return Response(recording_values(row))

    def _complete_own(self, candidate: InvitedCandidate, pk: uuid.UUID) -> Response:
        row = get_object_or_404(RECORDINGS, pk=pk, interview=candidate.interview.pk)
        complete_upload(row, CANDIDATE)
        return Response(recording_values(row) | {"session": go_on(candidate)})


class AnswerView(ApiView):
    """The candidate's answer to the open turn."""

    authentication_classes = [InvitationAuthentication]
    permission_classes = [IsCandidate]

    @describe(
        "Answer in writing (200), or announce a spoken answer (201)",
        request=AnswerInput,
        alternative=FileInput,
        response=SessionShown,
        refusals=(409, 413),
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take `text` and return the next turn, or announce a file: 201 with its address."""
        caller: Any = request.user
        turns = Turn.objects.select_related("interview__guide", "question")
        turn = get_object_or_404(turns, pk=pk, interview=caller.interview.pk)
        if "text" in request.data:
            return self._take_text(request, turn, caller)
        plan = UploadPlan(**read_input(FileInput, request), turn=turn)
        return Response(announced(*announce_upload(turn.interview, plan, CANDIDATE)), status=201)

    def _take_text(self, request: Request, turn: Turn, candidate: InvitedCandidate) -> Response:
        answer_in_writing(turn, read_input(AnswerInput, request)["text"])
        return Response(go_on(candidate))


class PlaybackView(TenantView):
    """Where a recording can be heard."""

    roles: ClassVar = {"GET": READERS}

    @describe("Where a recording can be heard", response=PlaybackShown, refusals=(409,))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a short-lived address; 409 when there is no file."""
        address = playback_address(self.find(RECORDINGS, pk), self.actor)
        return Response({"url": address.url, "expires_at": address.expires_at})


class TranscriptView(TenantView):
    """Every word of an interview."""

    roles: ClassVar = {"GET": READERS}

    @describe("The transcript of an interview", response=TranscriptShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return the transcripts of all its recordings as one."""
        return Response(read_transcript(self.find(INTERVIEWS, pk)))


class ConfirmationView(TenantView):
    """A person's word that the transcript is right."""

    roles: ClassVar = {"POST": REVIEWERS}

    @describe(
        "Confirm the transcript",
        request=ConfirmationInput,
        response=TranscriptShown,
        refusals=(409,),
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Confirm every draft with the given corrections; none means right as it is."""
        interview = self.find(INTERVIEWS, pk)
        corrections = corrections_of(read_input(ConfirmationInput, request))
        confirm_transcript(interview, corrections, self.actor)
        return Response(read_transcript(interview))
