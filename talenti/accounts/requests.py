"""Asking for the mail: in the caller's transaction, and one at a time for each person."""

from talenti.models import Membership, User
from talenti.work.queue import enqueue

SEND_PASSWORD_MAIL = "accounts.send_password_mail"  # noqa: S105 - a kind of work


def request_password_mail(user: User) -> bool:
    """Queue the mail for a member; False for somebody without an organisation.

    Work belongs to an organisation: operations staff without one get their password from
    `manage.py changepassword`.
    """
    home = Membership.objects.filter(user=user).order_by("created_at", "pk").first()
    if home is None:
        return False
    enqueue(SEND_PASSWORD_MAIL, organisation_id=home.organisation_id, subject_id=user.pk)
    return True


def find_member(email: str) -> User | None:
    """Return the active person with this address, however it is written."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()
