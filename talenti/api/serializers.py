"""Input, strictly: every field is known and of its own type; output goes as plain dicts.

Serializers named `...Shown` are never run: they tell the schema what an answer looks like.
"""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from talenti.models.accounts import RETENTION_DAYS_MAX
from talenti.roles import Role

LONGEST_NAME_SHOWN = 100
CONTROL = re.compile("[\x00-\x1f\x7f]")
CONTROL_BUT_SPACE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know: a misspelt one would be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values; raises ValidationError with every wrong field named."""
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            errors = {
                str(name)[:LONGEST_NAME_SHOWN]: ["There is no such field."]
                for name in data
                if name not in known
            }
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**errors, **error.detail}) from error  # type: ignore[dict-item]
        if errors:
            raise ValidationError(errors)
        return value


class TextField(serializers.CharField):
    """Text of several lines: a JSON string, trimmed, without control characters."""

    unwanted = CONTROL_BUT_SPACE
    default_error_messages = {"control": "Remove the control characters."}

    def to_internal_value(self, data: Any) -> str:
        """Return the text; numbers and booleans are not text."""
        if not isinstance(data, str):
            self.fail("invalid")
        value = super().to_internal_value(data)
        if self.unwanted.search(value):
            self.fail("control")
        return value


class LineField(TextField):
    """Text of one line."""

    unwanted = CONTROL


class WholeField(serializers.IntegerField):
    """A JSON whole number."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number; text, fractions and booleans are none."""
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    """A JSON true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Return it; words and numbers are neither."""
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class IdField(serializers.UUIDField):
    """A UUID as text."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the id; other types are none."""
        if not isinstance(data, str) or len(data) > 36:
            self.fail("invalid", value=str(data)[:36])
        return super().to_internal_value(data)


# The first and the last one are left out: there, a moment is none by a clock of another zone.
YEARS = range(MINYEAR + 1, MAXYEAR)


class MomentField(serializers.DateTimeField):
    """A moment as ISO 8601 text."""

    def to_internal_value(self, value: Any) -> Any:
        """Return an aware moment."""
        if not isinstance(value, str) or len(value) > 40:
            self.fail("invalid", format="ISO 8601")
        moment = super().to_internal_value(value)
        if moment.year not in YEARS:
            self.fail("overflow")
        return moment


class AddressField(serializers.EmailField):
    """An e-mail address; which case its letters have never matters here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the address in lower case."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data).lower()


class ChoiceField(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the word; other types are none."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return super().to_internal_value(data)


class SignInInput(StrictSerializer):
    """Who signs in."""

    email = AddressField()
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class RefreshInput(StrictSerializer):
    """A refresh token."""

    refresh = LineField(max_length=200)


class VerifyInput(StrictSerializer):
    """An access or refresh token."""

    token = LineField(max_length=4096)


class OrganisationInput(StrictSerializer):
    """What an owner may set; every field is optional."""

    name = LineField(max_length=200, required=False)
    retention_days = WholeField(
        min_value=1, max_value=RETENTION_DAYS_MAX, allow_null=True, required=False
    )
    blind_first = FlagField(required=False)
    contact_email = AddressField(allow_blank=True, required=False)


class MemberInput(StrictSerializer):
    """A new member; `full_name` counts only for somebody who was not known here."""

    email = AddressField()
    role = ChoiceField(Role.choices)
    full_name = LineField(max_length=200, allow_blank=True, required=False)


class RoleInput(StrictSerializer):
    """A member's new role."""

    role = ChoiceField(Role.choices)


class TokensShown(serializers.Serializer[Any]):
    """Tokens."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class OrganisationShown(serializers.Serializer[Any]):
    """An organisation, and who asks in it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    retention_days = serializers.IntegerField(allow_null=True)
    blind_first = serializers.BooleanField()
    contact_email = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(Role.choices)
    created_at = serializers.DateTimeField()


class MembershipShown(serializers.Serializer[Any]):
    """An organisation that somebody belongs to."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)


class MeShown(serializers.Serializer[Any]):
    """Who asks."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    full_name = serializers.CharField(allow_blank=True)
    is_staff = serializers.BooleanField()
    organisations = MembershipShown(many=True)


class MemberShown(serializers.Serializer[Any]):
    """A member."""

    id = serializers.UUIDField()
    user = serializers.UUIDField()
    email = serializers.EmailField()
    full_name = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(Role.choices)
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class NothingShown(serializers.Serializer[Any]):
    """An empty object."""
