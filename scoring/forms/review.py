"""A person's own scorecard and decision, as forms."""

from collections.abc import Sequence
from typing import Any

from django import forms

from interviews.models import Competency
from scoring.services.reviews import Rating
from scoring.states import Outcome

NOT_ASSESSED = "none"
MAX_NOTE = 5000


class ReviewForm(forms.Form):
    """One level and one note for each competency, on the anchors of the guide."""

    comment = forms.CharField(required=False, max_length=MAX_NOTE, strip=True)

    def __init__(self, competencies: Sequence[Competency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competencies = competencies
        levels = [(NOT_ASSESSED, "Not assessed"), *((str(one), str(one)) for one in range(1, 6))]
        for competency in competencies:
            self.fields[f"level-{competency.pk}"] = forms.ChoiceField(choices=levels)
            self.fields[f"note-{competency.pk}"] = forms.CharField(
                required=False, max_length=MAX_NOTE
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return each competency with its choices, what was chosen and what is wrong."""
        return [self._row(competency) for competency in self.competencies]

    def _row(self, competency: Competency) -> dict[str, Any]:
        level, note = self[f"level-{competency.pk}"], self[f"note-{competency.pk}"]
        return {
            "competency": competency,
            "anchors": list(competency.anchors.items()),
            "level_name": level.html_name,
            "chosen": str(level.value() or ""),
            "note_name": note.html_name,
            "note": note.value() or "",
            "errors": ["Choose a level, or Not assessed."]
            if self.is_bound and level.errors
            else [],
        }

    def ratings(self) -> list[Rating]:
        """Return the ratings as the service takes them."""
        return [self._rating(competency) for competency in self.competencies]

    def _rating(self, competency: Competency) -> Rating:
        chosen = self.cleaned_data[f"level-{competency.pk}"]
        return Rating(
            competency=competency.key,
            level=None if chosen == NOT_ASSESSED else int(chosen),
            rationale=self.cleaned_data[f"note-{competency.pk}"],
        )


class DecisionForm(forms.Form):
    """What a person decides, and why."""

    outcome = forms.ChoiceField(choices=Outcome.choices)
    reason = forms.CharField(max_length=MAX_NOTE)


class HoldForm(forms.Form):
    """Legal hold on or off, and why."""

    held = forms.ChoiceField(choices=[("yes", "On"), ("no", "Off")])
    reason = forms.CharField(max_length=1000)
