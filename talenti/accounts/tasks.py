"""Durable work of accounts."""

from talenti.accounts.mails import send_password_mail
from talenti.accounts.requests import SEND_PASSWORD_MAIL
from talenti.models import User
from talenti.work.actors import durable
from talenti.work.claims import Claim


@durable(SEND_PASSWORD_MAIL, lease_seconds=60)
def send_mail_with_link(claim: Claim) -> None:
    """Send the link, which is made here and stored nowhere; a lost worker sends a second one."""
    user = User.objects.filter(pk=claim.subject_id, is_active=True).first()
    if user is not None:
        send_password_mail(user)
    with claim.finish():
        pass
