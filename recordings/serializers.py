"""What recordings accept over the API."""

import re
from typing import Any

from rest_framework import serializers

from recordings.services.confirmation import Correction
from recordings.services.uploads import UploadPlan
from recordings.states import Speaker

LONGEST_TEXT = 20_000  # characters of one segment or typed answer: about two hours of speech
MOST_SEGMENTS = 5_000
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class FileSerializer(serializers.Serializer[Any]):
    """One file that will be sent: the client's word about it, checked when the file is there."""

    filename = serializers.CharField(max_length=200)
    content_type = serializers.CharField(max_length=100)
    size = serializers.IntegerField(min_value=0)
    sha256 = serializers.RegexField(SHA256, required=False, allow_blank=True, default="")

    def plan(self, **known: Any) -> UploadPlan:
        """Return what the services need; `known` is what the address of the call says."""
        given = self.validated_data
        names = ("filename", "content_type", "size", "sha256")
        return UploadPlan(**{name: given[name] for name in names}, **known)


class NewRecordingSerializer(FileSerializer):
    """A recording made elsewhere."""

    interview = serializers.UUIDField()
    question = serializers.UUIDField(required=False, allow_null=True, default=None)
    speaker = serializers.ChoiceField(Speaker.choices, default=Speaker.CANDIDATE)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What one segment really says (by `id`), or a new segment of a `recording`."""

    id = serializers.UUIDField(required=False)
    recording = serializers.UUIDField(required=False)
    text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=LONGEST_TEXT
    )
    speaker = serializers.ChoiceField(Speaker.choices, required=False)
    question = serializers.UUIDField(required=False, allow_null=True)
    start_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    end_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of `id` and `recording`; a new segment needs its words."""
        if ("id" in attrs) == ("recording" in attrs):
            raise serializers.ValidationError("Give either `id` or `recording`.")
        if "recording" in attrs and not attrs.get("text", "").strip():
            raise serializers.ValidationError({"text": ["A new segment needs its words."]})
        return attrs


class ConfirmationSerializer(serializers.Serializer[Any]):
    """Corrections of a draft; none means right as it is."""

    segments: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CorrectionSerializer(), required=False, max_length=MOST_SEGMENTS
    )

    def corrections(self) -> list[Correction]:
        """Return what the services need."""
        return [
            Correction(segment=given.pop("id", None), **given)
            for given in (dict(one) for one in self.validated_data.get("segments", []))
        ]


class TypedAnswerSerializer(serializers.Serializer[Any]):
    """A candidate's answer in writing."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
