"""Filters of lists; a filter that does not exist is refused like a wrong value."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from interviews.states import Channel, JobStatus, Stage, Status
from talenti.api.serializers import LineField, StrictSerializer


class WordsField(serializers.CharField):
    """One or more of some words, with commas between them."""

    def __init__(self, words: list[str], **kwargs: Any) -> None:
        self.words = words
        super().__init__(max_length=400, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the list of words."""
        given = super().to_internal_value(data).split(",")
        if not set(given) <= set(self.words):
            raise ValidationError(f"Choose among: {', '.join(self.words)}.")
        return given


class OrganisationFilter(StrictSerializer):
    """Every list can be cut to one of the organisations one belongs to."""

    organisation = serializers.UUIDField(required=False)


class JobFilter(OrganisationFilter):
    """Filters of jobs."""

    status = WordsField(JobStatus.values, required=False)


class CandidateFilter(OrganisationFilter):
    """Filters of candidates; `email` is the whole address."""

    email = LineField(max_length=254, required=False)


class InterviewFilter(OrganisationFilter):
    """Filters of interviews; moments are ISO 8601."""

    status = WordsField(Status.values, required=False)
    stage = WordsField(Stage.values, required=False)
    channel = WordsField(Channel.values, required=False)
    job = serializers.UUIDField(required=False)
    candidate = serializers.UUIDField(required=False)
    decided = serializers.BooleanField(required=False, allow_null=True, default=None)
    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
