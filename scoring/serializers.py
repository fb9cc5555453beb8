"""What scoring accepts over the API."""

from typing import Any

from rest_framework import serializers

from scoring.services.reviews import Quote, Rating
from scoring.states import Outcome

LONGEST_TEXT = 5_000  # characters of a rationale, a comment or a reason
LONGEST_QUOTE = 4_000
MOST_SCORES = 50
MOST_QUOTES = 50


class QuoteSerializer(serializers.Serializer[Any]):
    """Words of one segment that a reviewer points at."""

    segment = serializers.UUIDField()
    quote = serializers.CharField(max_length=LONGEST_QUOTE)


class RatingSerializer(serializers.Serializer[Any]):
    """A reviewer's level of one competency, or none with the reason why not."""

    competency = serializers.CharField(max_length=60)
    level = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)
    reason = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="Why no level."
    )
    rationale = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )
    evidence: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=QuoteSerializer(), required=False, max_length=MOST_QUOTES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a level together with a reason for having none."""
        if attrs["level"] is not None and attrs["reason"]:
            raise serializers.ValidationError({"reason": ["Only where there is no level."]})
        return attrs


class ReviewSerializer(serializers.Serializer[Any]):
    """A person's scorecard; competencies left out count as not rated."""

    scores: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=RatingSerializer(), allow_empty=False, max_length=MOST_SCORES
    )
    comment = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )

    def ratings(self) -> list[Rating]:
        """Return what the services need."""
        return [_rating(given) for given in self.validated_data["scores"]]


def _rating(given: dict[str, Any]) -> Rating:
    quotes = tuple(Quote(**quote) for quote in given.get("evidence", ()))
    return Rating(
        competency=given["competency"],
        level=given["level"],
        rationale=given["rationale"],
        reason=given["reason"],
        evidence=quotes,
    )


class DecisionSerializer(serializers.Serializer[Any]):
    """What a person decides, and why."""

    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.CharField(max_length=LONGEST_TEXT)
