"""The forms of the password pages, in the console's looks."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget


class ForgottenPasswordForm(forms.Form):
    """Asks for the address."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "email"}),
    )


class NewPasswordForm(SetPasswordForm):
    """Asks for the new password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(
                attrs={"autocomplete": "new-password"}
            )
