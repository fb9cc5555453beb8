"""What the browser says about a file before it sends it."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from recordings.services.uploads import UploadPlan
from recordings.states import Speaker


class UploadForm(forms.Form):
    """One recording: of one question, or of the whole interview when none is chosen."""

    filename = forms.CharField(max_length=200)
    content_type = forms.CharField(max_length=100, required=False)
    size = forms.IntegerField(min_value=1)
    speaker = forms.ChoiceField(choices=Speaker.choices, initial=Speaker.CANDIDATE)
    question: Any = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, questions: QuerySet[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = questions  # type: ignore[attr-defined]

    def plan(self) -> UploadPlan:
        """Return the plan as the service takes it."""
        given = self.cleaned_data
        return UploadPlan(
            filename=given["filename"],
            content_type=given["content_type"] or "application/octet-stream",
            size=given["size"],
            speaker=given["speaker"],
            question=given["question"],
        )
