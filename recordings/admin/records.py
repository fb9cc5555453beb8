"""Lists of recordings and transcripts; both are worked with on the page of their interview."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST
from unfold.decorators import display

from interviews.admin.candidates import OfInterviewAdmin
from recordings.models import Recording, Transcript
from recordings.services.playback import playback_address
from recordings.services.uploads import complete_upload
from recordings.states import RecordingStatus, TranscriptStatus
from talenti.errors import TalentiError
from talenti.history import Actor
from talenti.roles import WRITERS

RECORDING_COLOURS = {
    RecordingStatus.STORED.label: "success",
    RecordingStatus.PENDING.label: "info",
    RecordingStatus.REFUSED.label: "danger",
}
TRANSCRIPT_COLOURS = {
    TranscriptStatus.CONFIRMED.label: "success",
    TranscriptStatus.READY.label: "success",
    TranscriptStatus.DRAFT.label: "warning",
    TranscriptStatus.NEEDS_TRANSCRIPT.label: "danger",
}


@admin.register(Recording)
class RecordingAdmin(OfInterviewAdmin):
    """Files, with what was measured of them."""

    list_display = ("interview", "shown_status", "length", "filename", "source", "created_at")
    list_filter = ("status", "source")

    @display(description="Status", ordering="status", label=RECORDING_COLOURS)
    def shown_status(self, row: Recording) -> str:
        """Return the status in words."""
        return row.get_status_display()

    @display(description="Length", ordering="duration_ms")
    def length(self, row: Recording) -> str:
        """Return the length as minutes and seconds."""
        return clock(row.duration_ms) or "-"

    def get_urls(self) -> list[Any]:
        """Add what the player and the upload ask for."""
        own = [
            path("<uuid:object_id>/play/", self._answer(self._play), name="recording_play"),
            path(
                "<uuid:object_id>/complete/",
                self._answer(self._complete),
                name="recording_complete",
            ),
        ]
        return own + super().get_urls()

    def _answer(self, act: Any) -> Any:
        @require_POST
        def answered(request: HttpRequest, object_id: Any) -> HttpResponse:
            try:
                return JsonResponse(act(request, str(object_id)))
            except TalentiError as refusal:
                return JsonResponse({"detail": refusal.message}, status=409)

        return self.admin_site.admin_view(answered)

    def _play(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Return a short-lived address; that it was opened is noted in the history."""
        address = playback_address(self.own_row(request, object_id), Actor.person(request.user))
        return {"url": address.url, "expires_at": address.expires_at.isoformat()}

    def _complete(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        row = self.row_to_change(request, object_id, WRITERS)
        complete_upload(row, Actor.person(request.user))
        return {"id": str(row.pk), "status": row.status}


@admin.register(Transcript)
class TranscriptAdmin(OfInterviewAdmin):
    """Who stands behind which words."""

    list_select_related: Any = (*OfInterviewAdmin.list_select_related, "confirmed_by")
    list_display = ("interview", "shown_status", "label", "confirmed_by", "changed", "created_at")
    list_filter = ("status", "engine")

    @display(description="Status", ordering="status", label=TRANSCRIPT_COLOURS)
    def shown_status(self, row: Transcript) -> str:
        """Return the status in words."""
        return row.get_status_display()

    @display(description="Words corrected", ordering="edit_distance")
    def changed(self, row: Transcript) -> str:
        """Return how many words the person changed."""
        return "-" if row.edit_distance is None else str(row.edit_distance)


def clock(milliseconds: int | None) -> str:
    """Return a moment of a recording as m:ss, or h:mm:ss from one hour on; empty for none."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
