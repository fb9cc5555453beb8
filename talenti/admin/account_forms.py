"""Forms about organisations, people and roles."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from talenti.api.members import add_member
from talenti.history import Actor
from talenti.models import Membership, Organisation, User
from talenti.roles import OWNERS, Role

NEW_PASSWORD = {"autocomplete": "new-password"}


class OrganisationForm(forms.ModelForm):
    """An organisation's settings."""

    user: ClassVar[Any] = None

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "contact_email", "retention_days", "blind_first"]


class UserForm(forms.ModelForm):
    """An account; the e-mail address is kept in lower case."""

    user: ClassVar[Any] = None

    class Meta:
        model = User
        fields: ClassVar = ["email", "full_name", "is_active", "is_staff"]

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return str(self.cleaned_data["email"]).strip().lower()


class NewUserForm(UserForm):
    """A new account with its first password."""

    password = forms.CharField(widget=UnfoldAdminPasswordWidget(attrs=NEW_PASSWORD))

    class Meta:
        model = User
        fields: ClassVar = ["email", "full_name"]
        widgets: ClassVar = {
            "email": UnfoldAdminEmailInputWidget,
            "full_name": UnfoldAdminTextInputWidget,
        }

    def clean_password(self) -> str:
        """Refuse weak passwords."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class MembershipForm(forms.ModelForm):
    """A member's role."""

    user: ClassVar[Any] = None

    class Meta:
        model = Membership
        fields: ClassVar = ["role"]

    def clean_role(self) -> str:
        """Refuse to leave the organisation without an owner."""
        role = str(self.cleaned_data["role"])
        owners = Membership.objects.filter(
            organisation_id=self.instance.organisation_id, role=Role.OWNER
        )
        was_owner = self.initial.get("role") == Role.OWNER
        if was_owner and role != Role.OWNER and owners.count() <= 1:
            raise ValidationError("Every organisation needs an owner. Name another one first.")
        return role


class NewMembershipForm(forms.ModelForm):
    """A new member: a known address joins with its own account, an unknown one gets one."""

    user: ClassVar[Any] = None
    email = forms.EmailField(label="E-mail address", widget=UnfoldAdminEmailInputWidget)
    full_name = forms.CharField(
        max_length=200, required=False, label="Full name", widget=UnfoldAdminTextInputWidget
    )
    password = forms.CharField(
        required=False,
        label="First password",
        widget=UnfoldAdminPasswordWidget(attrs=NEW_PASSWORD),
        help_text="Only for somebody without an account. Left empty, they get a link by mail.",
    )

    class Meta:
        model = Membership
        fields: ClassVar = ["organisation", "role"]
        widgets: ClassVar = {
            "organisation": UnfoldAdminSelectWidget,
            "role": UnfoldAdminSelectWidget,
        }

    @staticmethod
    def organisations_for(user: Any) -> list[Any]:
        """Return the ids of organisations to which this user may add members."""
        if user.is_staff:
            return list(Organisation.objects.values_list("pk", flat=True))
        return list(user.organisations_as(OWNERS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = self.organisations_for(self.user)
        if len(allowed) == 1:
            self.instance.organisation_id = allowed[0]
            del self.fields["organisation"]
        else:
            choices = Organisation.objects.filter(pk__in=allowed).order_by("name")
            self.fields["organisation"].queryset = choices  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Refuse a second membership, and weak passwords."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        organisation = given.get("organisation") or self.instance.organisation_id
        known = User.objects.filter(email=given.get("email", "")).first()
        if known and Membership.objects.filter(user=known, organisation=organisation).exists():
            self.add_error("email", "This person is a member already.")
        elif known is None:
            self._check_password(given.get("password", ""))
        return given

    def _check_password(self, password: str) -> None:
        if not password:
            return  # a mail with a link to set one goes out with the new membership
        try:
            validate_password(password)
        except ValidationError as weak:
            self.add_error("password", weak)

    def add(self, actor: Actor) -> Membership:
        """Store the membership; only an account that is made here gets the password."""
        given = self.cleaned_data
        organisation = Organisation.objects.get(pk=self.instance.organisation_id)
        with transaction.atomic():
            is_new = not User.objects.filter(email=given["email"]).exists()
            member = add_member(
                organisation,
                actor,
                email=given["email"],
                role=given["role"],
                full_name=given["full_name"],
            )
            if is_new and given["password"]:  # without one a link goes out by mail
                member.user.set_password(given["password"])
                member.user.save(update_fields=["password"])
        return member
