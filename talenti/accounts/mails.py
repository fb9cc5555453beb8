"""The mail with the link, as text: it carries nothing that could be clicked by mistake."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from talenti.accounts.links import make_link
from talenti.errors import PermanentFailure, RetryLater
from talenti.models import User


def send_password_mail(user: User) -> None:
    """Send one person a link to set a password.

    Raises PermanentFailure when the address is refused, RetryLater when the mail server is away.
    """
    new = not user.has_usable_password()
    context = {
        "user": user,
        "new": new,
        "link": make_link(user),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "public_url": settings.PUBLIC_URL,
    }
    mail = EmailMessage(
        subject="Your access to Talenti" if new else "A new password for Talenti",
        body=render_to_string("accounts/password_mail.txt", context),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise PermanentFailure("The address was refused.", code="address_refused") from error
    except (smtplib.SMTPException, OSError) as error:
        raise RetryLater(f"The mail server is away ({type(error).__name__}).") from error
