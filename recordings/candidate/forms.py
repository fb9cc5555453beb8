"""What the page accepts."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from interviews.consent import ConsentText
from recordings.serializers import LONGEST_TEXT, SHA256
from talenti.storage.addresses import MEDIA_TYPE

NEEDED = _("The interview is not possible without this. Tick it, or decline below.")
EMPTY = _("Please write your answer, or skip this question.")
TOO_LONG = _("This is longer than we can take: please shorten it to %(most)d characters.")
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
