"""Planning a call from the console."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from interviews.calls.times import moment_of


class PlanForm(forms.Form):
    """A day and a time as a clock shows them where the candidate is."""

    local = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])

    def __init__(self, zone: str, data: Any) -> None:
        super().__init__(data)
        self.zone = zone

    def clean_local(self) -> datetime:
        """Return the moment in UTC; refuse a time that the clock leaves out there."""
        local: datetime = self.cleaned_data["local"]
        try:
            return moment_of(local.replace(tzinfo=None), ZoneInfo(self.zone or "UTC"))
        except ValueError as error:
            raise ValidationError("The clock leaves this time out.") from error
