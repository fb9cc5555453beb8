"""What recordings accept over the API, and what they show."""

import re
from typing import Any

from rest_framework import serializers

from interviews.serializers.session import SessionShown
from recordings.services.confirmation import Correction
from recordings.states import RecordingStatus, Source, Speaker, TranscriptStatus
from talenti.api.serializers import (
    ChoiceField,
    IdField,
    LineField,
    StrictSerializer,
    TextField,
    WholeField,
)

LONGEST_TEXT = 20_000  # characters of one segment or typed answer: half an hour of speech
MOST_SEGMENTS = 5_000
LARGEST_SIZE = 2**63 - 1
LATEST_MS = 2**31 - 1
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class DigestField(LineField):
    """A SHA-256 in hex, or nothing."""

    default_error_messages = {"digest": "Give 64 hexadecimal digits."}

    def to_internal_value(self, data: Any) -> str:
        """Return it as given."""
        value = super().to_internal_value(data)
        if not SHA256.fullmatch(value):
            self.fail("digest")
        return value


class FileInput(StrictSerializer):
    """One file that will be sent: the client's word about it, checked when the file is there."""

    filename = LineField(max_length=200)
    content_type = LineField(max_length=100)
    size = WholeField(min_value=0, max_value=LARGEST_SIZE)
    sha256 = DigestField(required=False, allow_blank=True, max_length=64)


class RecordingInput(FileInput):
    """A recording made elsewhere."""

    interview = IdField()
    question = IdField(required=False, allow_null=True, default=None)
    speaker = ChoiceField(Speaker.choices, default=Speaker.CANDIDATE)


class AnswerInput(StrictSerializer):
    """A candidate's answer in writing."""

    text = TextField(max_length=LONGEST_TEXT)


class CorrectionInput(StrictSerializer):
    """What one segment really says (by `id`), or a new segment of a `recording`."""

    id = IdField(required=False)
    recording = IdField(required=False)
    text = TextField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    speaker = ChoiceField(Speaker.choices, required=False)
    question = IdField(required=False, allow_null=True)
    start_ms = WholeField(min_value=0, max_value=LATEST_MS, required=False)
    end_ms = WholeField(min_value=0, max_value=LATEST_MS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of `id` and `recording`; a new segment needs its words."""
        if ("id" in attrs) == ("recording" in attrs):
            raise serializers.ValidationError({"id": ["Give either `id` or `recording`."]})
        if "recording" in attrs and not attrs.get("text"):
            raise serializers.ValidationError({"text": ["A new segment needs its words."]})
        return attrs


class ConfirmationInput(StrictSerializer):
    """Corrections of a draft; none means right as it is."""

    segments: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CorrectionInput(), required=False, max_length=MOST_SEGMENTS
    )


def corrections_of(given: dict[str, Any]) -> list[Correction]:
    """Return what the services need of a validated ConfirmationInput."""
    segments = (dict(one) for one in given.get("segments", []))
    return [Correction(segment=one.pop("id", None), **one) for one in segments]


class PersonShown(serializers.Serializer[Any]):
    """Somebody."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class RecordingShown(serializers.Serializer[Any]):
    """A recording; what is measured is empty before it is stored."""

    id = serializers.UUIDField()
    interview = serializers.UUIDField()
    question = serializers.UUIDField(allow_null=True)
    turn = serializers.UUIDField(allow_null=True)
    call = serializers.UUIDField(allow_null=True)
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]  # the value's own name
    speaker = serializers.ChoiceField(Speaker.choices)
    status = serializers.ChoiceField(RecordingStatus.choices)
    filename = serializers.CharField()
    media_type = serializers.CharField(allow_blank=True)
    codec = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    refusal = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    stored_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)


class OutlinedRecordingShown(RecordingShown):
    """A recording with the outline of its sound."""

    peaks = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=255))


class UploadShown(serializers.Serializer[Any]):
    """Where and how to send a file, once."""

    method = serializers.CharField()
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class AnnouncedRecordingShown(RecordingShown):
    """A new recording and where its file goes."""

    upload = UploadShown()


class PlaybackShown(serializers.Serializer[Any]):
    """Where a recording can be heard."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class CompletedRecordingShown(RecordingShown):
    """A recording that was measured; a candidate gets the next turn with it."""

    session = SessionShown(required=False)


class PartShown(serializers.Serializer[Any]):
    """One recording, or one typed answer, within a transcript."""

    id = serializers.UUIDField(allow_null=True)
    turn = serializers.UUIDField(allow_null=True)
    question = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(TranscriptStatus.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # the value's own name
    engine = serializers.CharField()
    model = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    edit_distance = serializers.IntegerField(allow_null=True)


class SegmentShown(serializers.Serializer[Any]):
    """One stretch of words; a typed one has no times.

    `voice` is the recogniser's label of a voice within this recording: nobody's name. Several of
    them wait for a person, who says in `speaker` whose words these are.
    """

    id = serializers.UUIDField()
    recording = serializers.UUIDField(allow_null=True)
    question = serializers.UUIDField(allow_null=True)
    speaker = serializers.ChoiceField(Speaker.choices)
    voice = serializers.CharField(allow_blank=True)
    start_ms = serializers.IntegerField(allow_null=True)
    end_ms = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    draft_text = serializers.CharField(allow_blank=True)
    confidence = serializers.CharField(allow_null=True)


class TranscriptShown(serializers.Serializer[Any]):
    """All words of an interview, and who stands behind them."""

    interview = serializers.UUIDField()
    status = serializers.ChoiceField(["pending", *TranscriptStatus.values])
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # the value's own name
    engine = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    recordings = PartShown(many=True)
    segments = SegmentShown(many=True)
    confirmed_by = PersonShown(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    edit_distance = serializers.IntegerField(allow_null=True)
