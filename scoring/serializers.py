"""What scoring accepts over the API, and what it shows."""

from typing import Any

from rest_framework import serializers

from interviews.states import Stage
from recordings.serializers import PersonShown, TranscriptShown
from scoring.services.reviews import Quote, Rating
from scoring.states import GateOutcome, Kind, Outcome, ScorecardStatus
from talenti.api.serializers import (
    ChoiceField,
    IdField,
    LineField,
    StrictSerializer,
    TextField,
    WholeField,
)

LONGEST_TEXT = 5_000  # characters of a rationale, a comment or a reason
LONGEST_QUOTE = 4_000
MOST_SCORES = 50
MOST_QUOTES = 50


class QuoteInput(StrictSerializer):
    """Words of one segment that a reviewer points at."""

    segment = IdField()
    quote = TextField(max_length=LONGEST_QUOTE)


class RatingInput(StrictSerializer):
    """A reviewer's level of one competency, or none with the reason why not."""

    competency = LineField(max_length=60)
    level = WholeField(min_value=1, max_value=5, allow_null=True)
    reason = LineField(max_length=60, required=False, allow_blank=True, default="")
    rationale = TextField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    evidence: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=QuoteInput(), required=False, max_length=MOST_QUOTES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a level together with a reason for having none."""
        if attrs["level"] is not None and attrs["reason"]:
            raise serializers.ValidationError({"reason": ["Only where there is no level."]})
        return attrs


class ReviewInput(StrictSerializer):
    """A person's scorecard; competencies left out count as not rated."""

    scores: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=RatingInput(), allow_empty=False, max_length=MOST_SCORES
    )
    comment = TextField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


def ratings_of(given: dict[str, Any]) -> list[Rating]:
    """Return what the services need of a validated ReviewInput."""
    return [_rating(dict(one)) for one in given["scores"]]


def _rating(given: dict[str, Any]) -> Rating:
    quotes = tuple(Quote(**quote) for quote in given.pop("evidence", ()))
    return Rating(**given, evidence=quotes)


class DecisionInput(StrictSerializer):
    """What a person decides, and why."""

    outcome = ChoiceField(Outcome.choices)
    reason = TextField(max_length=LONGEST_TEXT)


class StageShown(serializers.Serializer[Any]):
    """How far an interview has come."""

    interview = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)


class EvidenceShown(serializers.Serializer[Any]):
    """The candidate's own words; `start` and `end` are code points into the segment's text."""

    segment = serializers.UUIDField()
    quote = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    start_ms = serializers.IntegerField(allow_null=True)
    end_ms = serializers.IntegerField(allow_null=True)


class ScoreShown(serializers.Serializer[Any]):
    """The level of one competency, or none with the reason."""

    competency = serializers.CharField()
    level = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    rationale = serializers.CharField(allow_blank=True)
    evidence = EvidenceShown(many=True)


class ScorecardShown(serializers.Serializer[Any]):
    """One judgement; numbers are exact and therefore text."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    engine = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # the value's own name
    status = serializers.ChoiceField(ScorecardStatus.choices)
    overall = serializers.CharField(allow_null=True)
    assessed_share = serializers.CharField(allow_null=True)
    scores = ScoreShown(many=True)


class DecisionShown(serializers.Serializer[Any]):
    """What a person decided."""

    id = serializers.UUIDField()
    interview = serializers.UUIDField()
    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.CharField()
    decided_by = PersonShown()
    decided_at = serializers.DateTimeField()


class QualityShown(serializers.Serializer[Any]):
    """What the quality gate found."""

    outcome = serializers.ChoiceField(GateOutcome.choices)
    findings = serializers.ListField(child=serializers.DictField())
    measures = serializers.DictField()
    transcript_hash = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReportShown(serializers.Serializer[Any]):
    """The whole story of one interview."""

    interview = serializers.DictField()
    organisation = serializers.DictField()
    job = serializers.DictField()
    guide = serializers.DictField()
    candidate = serializers.DictField()
    consents = serializers.ListField(child=serializers.DictField())
    turns = serializers.ListField(child=serializers.DictField())
    recordings = serializers.ListField(child=serializers.DictField())
    transcript = TranscriptShown()
    quality_check = QualityShown(allow_null=True)
    blind = serializers.BooleanField()
    scorecards = serializers.ListField(child=serializers.DictField())
    decision = DecisionShown(allow_null=True)
    history = serializers.ListField(child=serializers.DictField())
    generated_at = serializers.DateTimeField()
