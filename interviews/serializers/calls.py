"""Calls: what is accepted, and for the schema what answers look like."""

from typing import Any

from rest_framework import serializers

from interviews.calls.state import Fault, Outcome, Phase
from interviews.models.candidates import validate_time_zone
from interviews.serializers.shown import NamedShown
from interviews.states import CallStatus
from talenti.api.serializers import LineField, MomentField, StrictSerializer

PHASES = [phase.value for phase in Phase]
FAULTS = [fault.value for fault in Fault if fault]


class CallInput(StrictSerializer):
    """When to call; without a moment it is now."""

    at = MomentField(required=False, allow_null=True, default=None)


class PossibilityFilter(StrictSerializer):
    """The moment that is asked about; without one it is now."""

    at = MomentField(required=False, default=None)


class ChoiceInput(StrictSerializer):
    """When the candidate wants to be called (null: as soon as possible), and where they are."""

    at = MomentField(allow_null=True)
    time_zone = LineField(max_length=64, validators=[validate_time_zone])


class CostShown(serializers.Serializer[Any]):
    """An exact amount of money."""

    amount = serializers.CharField()
    currency = serializers.CharField()


class ListedCallShown(serializers.Serializer[Any]):
    """One attempt. `..._words` say what outcome and code mean; seconds and cost are so far."""

    id = serializers.UUIDField()
    organisation = serializers.UUIDField()
    interview = serializers.UUIDField()
    status = serializers.ChoiceField(CallStatus.choices)
    phase = serializers.ChoiceField(PHASES, allow_blank=True)
    outcome = serializers.ChoiceField([one.value for one in Outcome], allow_blank=True)
    outcome_words = serializers.CharField(allow_blank=True)
    fault = serializers.ChoiceField(FAULTS, allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    code_words = serializers.CharField(allow_blank=True)
    engine = serializers.CharField()
    chosen_by_candidate = serializers.BooleanField()
    asked_by = NamedShown(allow_null=True)
    scheduled_at = serializers.DateTimeField()
    first_sent_at = serializers.DateTimeField(allow_null=True)
    connected_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    recording_started_at = serializers.DateTimeField(allow_null=True)
    recording_stored_at = serializers.DateTimeField(allow_null=True)
    forgotten_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    cost = CostShown()
    created_at = serializers.DateTimeField()


class AtQuestionShown(serializers.Serializer[Any]):
    """The planned question that a live call is at."""

    number = serializers.IntegerField()
    of = serializers.IntegerField()


class LineShown(serializers.Serializer[Any]):
    """One thing that happened. `said`: the words as they were spoken, or understood."""

    at = serializers.DateTimeField()
    who = serializers.ChoiceField(["candidate", "we", "line"])
    text = serializers.CharField()
    said = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    code_words = serializers.CharField(allow_blank=True)


class CallShown(ListedCallShown):
    """One attempt with what happened in it, oldest first."""

    question = AtQuestionShown(allow_null=True)
    attempts_left = serializers.IntegerField()
    timeline = LineShown(many=True)


class HoursShown(serializers.Serializer[Any]):
    """When candidates are called by their own clock: from `first` until before `last`."""

    first = serializers.IntegerField()
    last = serializers.IntegerField()
    days = serializers.ListField(child=serializers.CharField())


class PossibilityShown(serializers.Serializer[Any]):
    """Whether an interview can be called, and every reason against it."""

    possible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    attempts_left = serializers.IntegerField()
    open_call = serializers.UUIDField(allow_null=True)
    resumes_until = serializers.DateTimeField(allow_null=True)
    time_zone = serializers.CharField(allow_blank=True)
    local_time = serializers.DateTimeField(allow_null=True)
    hours = HoursShown()


class OwnCallShown(serializers.Serializer[Any]):
    """What a candidate sees of being called; `proposals` are good times where they are."""

    planned_at = serializers.DateTimeField(allow_null=True)
    is_live = serializers.BooleanField()
    is_refused = serializers.BooleanField()
    time_zone = serializers.CharField(allow_blank=True)
    proposals = serializers.ListField(child=serializers.DateTimeField())
