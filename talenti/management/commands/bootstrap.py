"""Make the first organisation and its owner on an installation without demo data."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from talenti.accounts.requests import request_password_mail
from talenti.history import SYSTEM, record
from talenti.models import Membership, Organisation, User
from talenti.roles import Role


class Command(BaseCommand):
    """`manage.py bootstrap`: there is no default password; the owner gets a link by mail."""

    help = "Create an organisation with its owner, and mail them a link to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two names and --staff."""
        parser.add_argument("--organisation", required=True, help="its name")
        parser.add_argument("--owner-email", required=True, help="where the link is sent")
        parser.add_argument("--owner-name", default="", help="how the console greets them")
        parser.add_argument(
            "--staff", action="store_true", help="the owner operates this installation, too"
        )

    def handle(
        self, *, organisation: str, owner_email: str, owner_name: str, staff: bool, **_: Any
    ) -> None:
        """Make what is missing; a second call changes nothing and sends another link if needed."""
        name, email = organisation.strip(), owner_email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("--owner-email is not an e-mail address.") from error
        if not name or len(name) > 200:
            raise CommandError("--organisation must have 1 to 200 characters.")
        with transaction.atomic():
            home, new = Organisation.objects.get_or_create(
                name=name, defaults={"contact_email": email}
            )
            owner = self._find_owner(email, owner_name, staff=staff)
            self._make_owner(home, owner)
        self.stdout.write(f"{name}: {'created' if new else 'there already'}.")
        self._say_how(owner)

    def _find_owner(self, email: str, full_name: str, *, staff: bool) -> User:
        known = User.objects.filter(email=email).first()
        owner = known or User.objects.create_user(email, full_name=full_name)
        if staff and not owner.is_staff:
            owner.is_staff = True
            owner.save(update_fields=["is_staff"])
        return owner

    def _make_owner(self, home: Organisation, owner: User) -> None:
        member, new = Membership.objects.get_or_create(
            organisation=home, user=owner, defaults={"role": Role.OWNER}
        )
        if new:
            record(member, "added", SYSTEM, to_state=Role.OWNER, data={"user": str(owner.pk)})
        elif member.role != Role.OWNER:
            raise CommandError("This person is a member with another role: change it there.")

    def _say_how(self, owner: User) -> None:
        if owner.has_usable_password():
            self.stdout.write("The owner has a password already: nothing is sent.")
            return
        request_password_mail(owner)  # one that waits already stays the only one
        self.stdout.write("A mail with a link to set a password goes out with the next work.")
