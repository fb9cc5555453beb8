"""The pages on which a member asks for a link and sets a password. They say nothing of anybody."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from talenti.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from talenti.accounts.requests import find_member, request_password_mail
from talenti.api.client_address import client_address
from talenti.api.throttling import may_ask_for_mail

# As on the console's pages, whose scripts and styles these use.
SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


@method_decorator(never_cache, name="dispatch")
class AccountPage(TemplateView):
    """A page outside the console, in its looks; its address goes to nobody."""

    heading = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the console's security policy."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers.setdefault("Content-Security-Policy", SECURITY_POLICY)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the frame of the page needs."""
        frame = admin.site.each_context(self.request)
        return {**frame, **super().get_context_data(**kwargs), "title": self.heading}


class ForgottenPasswordView(AccountPage, FormView):
    """Asks for an address and mails its member a link; the answer is the same for everybody."""

    heading = "Forgotten password"
    template_name = "accounts/forgotten.html"
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("password_mail_sent")

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        """Queue the mail, so that a known address takes no longer than an unknown one."""
        email = form.cleaned_data["email"].strip().lower()
        if may_ask_for_mail(client_address(self.request), email):
            member = find_member(email)
            if member is not None:
                request_password_mail(member)
        return super().form_valid(form)


class MailSentView(AccountPage):
    """Says that a mail is on its way if there is somebody to write to."""

    heading = "Look into your mail"
    template_name = "accounts/mail_sent.html"


class SetPasswordView(AccountPage, PasswordResetConfirmView):
    """Sets the password; sessions and refresh tokens end with the old one."""

    heading = "Set a password"
    template_name = "accounts/set_password.html"
    form_class = NewPasswordForm
    reset_url_token = "new"  # noqa: S105 - what stands in the address instead of the token
    success_url = reverse_lazy("password_set")


class PasswordSetView(AccountPage):
    """Leads to the sign-in page."""

    heading = "Your password is set"
    template_name = "accounts/password_set.html"
