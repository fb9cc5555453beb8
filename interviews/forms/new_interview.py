"""The form that plans an interview."""

from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from interviews.models import Candidate, Interview, Job
from interviews.models.candidates import validate_phone
from interviews.services.interviews import InterviewPlan, find_or_create_candidate
from interviews.states import Channel, GuideStatus, JobStatus
from talenti.roles import WRITERS

MAX_EXTRA_TIME = 300  # percent


class NewInterviewForm(forms.Form):
    """Who is interviewed for which job, and how; a new candidate is written down in passing."""

    job = forms.ModelChoiceField(
        Job.objects.none(),
        widget=UnfoldAdminSelectWidget,
        empty_label="Choose a job",
        help_text="Open jobs with a published guide.",
    )
    candidate = forms.ModelChoiceField(
        Candidate.objects.none(), required=False, help_text="Somebody you know already …"
    )
    name = forms.CharField(
        max_length=200,
        required=False,
        label="New candidate's name",
        widget=UnfoldAdminTextInputWidget,
        help_text="… or somebody new.",
    )
    email = forms.EmailField(
        required=False, label="New candidate's e-mail", widget=UnfoldAdminEmailInputWidget
    )
    phone = forms.CharField(
        max_length=16,
        required=False,
        label="New candidate's phone",
        widget=UnfoldAdminTextInputWidget,
        validators=[validate_phone],
        help_text="With country code, for example +442071838750.",
    )
    channel = forms.ChoiceField(
        choices=[
            (Channel.BROWSER, "In the browser, by an invitation link"),
            (Channel.UPLOAD, "I upload recordings made elsewhere"),
            (Channel.PHONE, "By phone"),
        ],
        initial=Channel.BROWSER,
        widget=UnfoldAdminSelectWidget,
    )
    consent_declared = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanWidget,
        label="The candidate has agreed to the recording, its transcription and its assessment",
        help_text="Needed for uploaded recordings: you declare it in your own name.",
    )
    invite_now = forms.BooleanField(
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
        label="Send the invitation now",
        help_text="Not for uploaded recordings.",
    )
    ends_on = forms.DateField(
        required=False,
        label="Last day",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="Empty: as long as the invitation is valid.",
    )
    extra_time = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_EXTRA_TIME,
        initial=0,
        label="Extra time in percent",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="An adjustment for candidates who need longer.",
    )
    before: ClassVar = ("job", "channel", "candidate", "name", "email", "phone")
    after: ClassVar = ("consent_declared", "invite_now", "ends_on", "extra_time")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = user.organisations_as(WRITERS)
        jobs = Job.objects.filter(
            organisation__in=own, status=JobStatus.OPEN, guides__status=GuideStatus.PUBLISHED
        )
        self.fields["job"].queryset = jobs.distinct().order_by("title")  # type: ignore[attr-defined]
        field = self.fields["candidate"]
        field.queryset = Candidate.objects.filter(organisation__in=own)  # type: ignore[attr-defined]
        relation: Any = Interview._meta.get_field("candidate")
        field.widget = AutocompleteSelect(
            relation,
            admin.site,
            attrs={"class": "unfold-admin-autocomplete", "data-placeholder": "Search by name"},
        )
        field.widget.choices = field.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_candidate(given)
        self._check_channel(given)
        ends_on = given.get("ends_on")
        if ends_on and ends_on < timezone.now().date():
            self.add_error("ends_on", "The last day must not lie in the past.")
        return given

    def _check_candidate(self, given: dict[str, Any]) -> None:
        known, job = given.get("candidate"), given.get("job")
        if known is None and not given.get("name"):
            self.add_error("candidate", "Choose a candidate, or write the name of a new one.")
        elif known is not None and given.get("name"):
            self.add_error("name", "Choose a known candidate or write a new one, not both.")
        if known is not None and job and known.organisation_id != job.organisation_id:
            self.add_error("candidate", "The candidate belongs to another organisation.")

    def _check_channel(self, given: dict[str, Any]) -> None:
        uploaded = given.get("channel") == Channel.UPLOAD
        if uploaded and not given.get("consent_declared"):
            self.add_error("consent_declared", "Without the candidate's consent nothing is stored.")
        known = given.get("candidate")
        address = known.email if known else given.get("email")
        if not uploaded and given.get("invite_now") and not address and "email" not in self.errors:
            self.add_error("email", "An invitation needs an e-mail address.")

    def plan(self) -> InterviewPlan:
        """Return the plan; a new candidate is created here."""
        given = self.cleaned_data
        job, uploaded = given["job"], given["channel"] == Channel.UPLOAD
        fields = {name: given[name] for name in ("name", "email", "phone")}
        known = given["candidate"] or find_or_create_candidate(job.organisation_id, fields)
        return InterviewPlan(
            job=job,
            candidate=known,
            channel=given["channel"],
            expires_at=_end_of(given["ends_on"]),
            extra_time=given["extra_time"] or 0,
            consent_declared=uploaded,
        )

    @property
    def wants_invitation(self) -> bool:
        """Return whether the invitation goes out at once."""
        given = self.cleaned_data
        return bool(given["invite_now"] and given["channel"] != Channel.UPLOAD)


def _end_of(day: Any) -> datetime | None:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(day, time.max, tzinfo=UTC) if day else None
