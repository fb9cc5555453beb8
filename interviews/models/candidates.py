"""Candidates and their documents."""

import zoneinfo
from typing import ClassVar

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from interviews.states import CallPermission
from talenti.tenancy import TenantRow


def validate_phone(value: str) -> None:
    """Accept a possible number in E.164 form, such as +442071838750; ValidationError otherwise."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        number = None
    e164 = phonenumbers.PhoneNumberFormat.E164
    if (
        number is None
        or not phonenumbers.is_possible_number(number)
        or phonenumbers.format_number(number, e164) != value
    ):
        raise ValidationError(
            "Write the number as + country code and digits, for example +442071838750.",
            code="phone",
        )


def validate_time_zone(value: str) -> None:
    """Accept a time zone of the IANA database, such as Europe/Berlin; ValidationError otherwise."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Name a time zone such as Europe/Berlin.", code="time_zone")


class Candidate(TenantRow):
    """A person who is interviewed. One row per e-mail address and organisation."""

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True, validators=[validate_phone])
    locale = models.CharField(max_length=16, default="en-US")
    # Empty: not known. It is never guessed from the number, and nobody is called without it.
    time_zone = models.CharField(
        max_length=64, blank=True, default="", validators=[validate_time_zone]
    )
    do_not_call = models.BooleanField(default=False, db_default=False)
    call_permission = models.CharField(
        max_length=10,
        choices=CallPermission.choices,
        blank=True,
        default=CallPermission.UNKNOWN,
        db_default="",
    )
    call_permission_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=~Q(email=""),
                name="one_candidate_per_email",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="candidate_has_a_name"),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__startswith="+"), name="candidate_phone_is_e164"
            ),
            models.CheckConstraint(
                condition=Q(call_permission=CallPermission.UNKNOWN, call_permission_at__isnull=True)
                | (
                    Q(call_permission__in=[CallPermission.GIVEN, CallPermission.DECLARED])
                    & Q(call_permission_at__isnull=False)
                ),
                name="candidate_may_be_called_since",
            ),
        ]
        indexes: ClassVar = [
            # GET candidates: newest first
            models.Index(fields=["organisation", "-created_at", "-id"], name="candidate_newest"),
            # GET candidates?ordering=name, and the admin's list
            models.Index(fields=["organisation", "name", "id"], name="candidate_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CandidateDocument(TenantRow):
    """A file about a candidate, such as a CV; never shown to an engine."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.filename
