"""What is accepted."""

import re
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from interviews.models.candidates import validate_phone, validate_time_zone
from interviews.states import CallPermission, Channel, JobStatus
from talenti.api.serializers import (
    AddressField,
    ChoiceField,
    FlagField,
    IdField,
    LineField,
    MomentField,
    StrictSerializer,
    TextField,
    WholeField,
)

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LONGEST_TAG = 16
LONGEST_DESCRIPTION = 20_000
LONGEST_REASON = 2_000
PERMISSION_ENDS_REFUSAL = "Declare the permission instead: call_permission is declared."


def validate_language(value: str) -> None:
    """Accept a BCP 47 tag such as en-US; ValidationError otherwise."""
    if not LANGUAGE.fullmatch(value):
        raise ValidationError("Give a language tag such as en-US.", code="language")


class LanguageField(LineField):
    """A language tag."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TAG, validators=[validate_language], **kwargs)


class JobInput(StrictSerializer):
    """A new position."""

    organisation = IdField(required=False)
    title = LineField(max_length=200)
    description = TextField(max_length=LONGEST_DESCRIPTION, allow_blank=True, default="")


class JobChange(StrictSerializer):
    """What may change of a position."""

    title = LineField(max_length=200, required=False)
    description = TextField(max_length=LONGEST_DESCRIPTION, allow_blank=True, required=False)
    status = ChoiceField(JobStatus.choices, required=False)


class CopyInput(StrictSerializer):
    """Which earlier version the next one is made from."""

    copy_of = IdField()


class PublishInput(StrictSerializer):
    """Why rules of language are overridden, if they are."""

    override_reason = TextField(max_length=LONGEST_REASON, allow_blank=True, default="")


class DraftInput(StrictSerializer):
    """A position to draft a guide for: with `job` the draft is stored as its next version."""

    job = IdField(required=False, allow_null=True, default=None)
    title = LineField(max_length=200, allow_blank=True, default="")
    description = TextField(max_length=LONGEST_DESCRIPTION, allow_blank=True, default="")
    language = LanguageField(default="en-US")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for something to draft from."""
        if attrs["job"] is None and not attrs["title"]:
            raise ValidationError({"title": ["Give a job or a title."]})
        return attrs


class PersonInput(StrictSerializer):
    """A candidate."""

    name = LineField(max_length=200)
    email = AddressField(allow_blank=True, required=False)
    phone = LineField(max_length=16, allow_blank=True, required=False, validators=[validate_phone])
    locale = LanguageField(required=False)
    time_zone = LineField(
        max_length=64, allow_blank=True, required=False, validators=[validate_time_zone]
    )


class CalledPersonInput(PersonInput):
    """A candidate, and what they said of being called: that they agree, or that they refuse."""

    call_permission = ChoiceField([CallPermission.DECLARED.value], required=False)
    do_not_call = FlagField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one word about calls: a refusal ends with a new permission only."""
        refuses = attrs.get("do_not_call")
        if refuses is False and "call_permission" not in attrs:
            raise ValidationError({"do_not_call": [PERMISSION_ENDS_REFUSAL]})
        if refuses and "call_permission" in attrs:
            raise ValidationError({"call_permission": ["Declared and refused at once."]})
        return attrs


class CandidateInput(CalledPersonInput):
    """A new candidate."""

    organisation = IdField(required=False)


class CandidateChange(CalledPersonInput):
    """What may change of a candidate."""

    name = LineField(max_length=200, required=False)


class CandidateField(serializers.Field):
    """A candidate by id, or as an object that is recognised by its e-mail address."""

    or_object = PersonInput

    def to_internal_value(self, data: Any) -> Any:
        """Return an id or validated fields."""
        if isinstance(data, str):
            return IdField().run_validation(data)
        if not isinstance(data, Mapping):
            raise ValidationError("Give a candidate's id, or an object.")
        person = PersonInput(data=data)
        person.is_valid(raise_exception=True)
        return person.validated_data

    def to_representation(self, value: Any) -> Any:
        """Return it unchanged."""
        return value


class InterviewInput(StrictSerializer):
    """A new interview; without `guide` the job's latest published one is used."""

    organisation = IdField(required=False)
    job = IdField()
    candidate = CandidateField()
    channel = ChoiceField(Channel.choices)
    guide = IdField(required=False, allow_null=True, default=None)
    language = LanguageField(required=False, default="")
    expires_at = MomentField(required=False, allow_null=True, default=None)
    extra_time = WholeField(min_value=0, max_value=300, default=0)
    consent_declared = FlagField(default=False)


class CancelInput(StrictSerializer):
    """Why an interview is cancelled."""

    reason = TextField(max_length=LONGEST_REASON, allow_blank=True, default="")


class HoldInput(StrictSerializer):
    """Whether files are kept from deletion, and why."""

    held = FlagField()
    reason = TextField(max_length=LONGEST_REASON)


class NoInput(StrictSerializer):
    """Nothing."""


class ConsentInput(StrictSerializer):
    """What the candidate agrees to."""

    version = LineField(max_length=40)
    purposes = serializers.ListField(child=LineField(max_length=60), max_length=20)


class RefuseInput(StrictSerializer):
    """Why a candidate does not go on; nobody has to say."""

    reason = TextField(max_length=LONGEST_REASON, allow_blank=True, default="")
