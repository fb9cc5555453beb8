"""What the page accepts."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from interviews.calls.times import moment_of
from interviews.consent import ConsentText
from interviews.models.candidates import validate_time_zone
from recordings.serializers import LONGEST_TEXT, SHA256
from talenti.storage.addresses import MEDIA_TYPE

NEEDED = _("The interview is not possible without this. Tick it, or decline below.")
EMPTY = _("Please write your answer, or skip this question.")
TOO_LONG = _("This is longer than we can take: please shorten it to %(most)d characters.")
NO_TIME = _("Please choose one of the times, or write a day and a time.")
UNREADABLE = _("Your answer holds signs that we cannot store. Please write it again.")


class ConsentForm(forms.Form):
    """Each purpose by itself; `interview` ties the page to the person it was shown to."""

    interview = forms.UUIDField()
    version = forms.CharField(max_length=40)
    purposes = forms.MultipleChoiceField(required=False)

    def __init__(self, text: ConsentText, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.text = text
        self.ticked = set(data.getlist("purposes")) if data else set()
        self.fields["purposes"] = forms.MultipleChoiceField(
            required=False, choices=[(key, key) for key in text.purposes]
        )

    def clean_purposes(self) -> list[str]:
        """Refuse when a required purpose was left out."""
        agreed: list[str] = self.cleaned_data["purposes"]
        if self.missing:
            raise ValidationError(NEEDED)
        return agreed

    @property
    def missing(self) -> set[str]:
        """Return the required purposes that were left out of a form that was sent."""
        return set(self.text.required_purposes) - self.ticked if self.is_bound else set()


class TimeForm(forms.Form):
    """When the candidate wants to be called; `own` is what a clock in `time_zone` shows then."""

    SOON, OWN = "soon", "own"
    interview = forms.UUIDField()
    time_zone = forms.CharField(max_length=64, validators=[validate_time_zone])
    time = forms.CharField(max_length=40)
    own = forms.CharField(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Set `at`: the moment that was chosen, None for as soon as possible."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            given["at"] = self._chosen(given)
        return given

    def _chosen(self, given: dict[str, Any]) -> datetime | None:
        if given["time"] == self.SOON:
            return None
        try:
            is_own = given["time"] == self.OWN
            chosen = datetime.fromisoformat(given["own"] if is_own else given["time"])
            if (chosen.tzinfo is None) is not is_own:
                raise ValidationError(NO_TIME)
            zone = ZoneInfo(given["time_zone"])
            # by their clock first: at the ends of the calendar there is no such time
            return moment_of(chosen, zone) if is_own else chosen.astimezone(zone).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(NO_TIME) from error


class AnswerForm(forms.Form):
    """An answer in writing."""

    text = forms.CharField(
        error_messages={"required": EMPTY, "null_characters_not_allowed": UNREADABLE}
    )

    def clean_text(self) -> str:
        """Return it with plain line ends; signs without a single letter or digit say nothing."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        if not any(sign.isalnum() for sign in text):
            raise ValidationError(EMPTY)
        if len(text) > LONGEST_TEXT:  # browsers count a line's end as one sign, as we do now
            raise ValidationError(TOO_LONG % {"most": LONGEST_TEXT})
        return text


class TakeForm(forms.Form):
    """A spoken answer that the browser is about to send; `size` in bytes, `sha256` in hex."""

    content_type = forms.CharField(max_length=100)
    size = forms.IntegerField(min_value=1, max_value=2**53)
    sha256 = forms.CharField(required=False, max_length=64)

    def clean_content_type(self) -> str:
        """Take audio only."""
        value: str = self.cleaned_data["content_type"]
        if not value.startswith("audio/") or not MEDIA_TYPE.fullmatch(value):
            raise ValidationError("audio only")
        return value

    def clean_sha256(self) -> str:
        """Take a digest, or none from browsers that cannot make one."""
        value: str = self.cleaned_data["sha256"]
        if value and not SHA256.fullmatch(value):
            raise ValidationError("64 hex digits")
        return value
