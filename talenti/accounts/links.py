"""Links under which a password is set: they work once, and PASSWORD_RESET_TIMEOUT seconds long."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from talenti.models import User


def make_link(user: User) -> str:
    """Return a new link; it says nothing of the person, and ends when the password changes."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.PUBLIC_URL + reverse("set_password", kwargs={"uidb64": uid, "token": token})
