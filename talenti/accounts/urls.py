"""The addresses of the password pages. What stands after /password/ is a secret (see scrubbing)."""

from django.urls import path, re_path

from talenti.accounts import views

urlpatterns = [
    # The console's sign-in page links to this name.
    path("forgotten/", views.ForgottenPasswordView.as_view(), name="admin_password_reset"),
    path("forgotten/sent/", views.MailSentView.as_view(), name="password_mail_sent"),
    path("forgotten/done/", views.PasswordSetView.as_view(), name="password_set"),
    re_path(
        r"^password/(?P<uidb64>[A-Za-z0-9_-]{1,64})\.(?P<token>[A-Za-z0-9-]{1,80})/$",
        views.SetPasswordView.as_view(),
        name="set_password",
    ),
]
