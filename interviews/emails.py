"""Mails of interviews, as text and HTML."""

import smtplib
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from interviews.models import Interview
from talenti.errors import PermanentFailure, RetryLater


def send_invitation_mail(interview: Interview, link: str, expires_at: datetime) -> None:
    """Send one candidate the secret link.

    Raises PermanentFailure when the address is refused, RetryLater when the mail server is away.
    """
    context = {
        "interview": interview,
        "candidate": interview.candidate,
        "organisation": interview.organisation,
        "link": link,
        "expires_at": expires_at,
    }
    subject = f"Your interview for {interview.job.title} at {interview.organisation.name}"
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a header is one line
        body=render_to_string("interviews/invitation.txt", context),
        to=[interview.candidate.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("interviews/invitation.html", context), "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise PermanentFailure("The address was refused.", code="address_refused") from error
    except (smtplib.SMTPException, OSError) as error:
        raise RetryLater(f"The mail server is away ({type(error).__name__}).") from error
