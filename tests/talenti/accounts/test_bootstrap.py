"""An installation without demo data gets its first owner, and no password is made up."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from talenti.accounts.requests import SEND_PASSWORD_MAIL
from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.work.models import WorkItem

pytestmark = pytest.mark.django_db


def bootstrap(**given: object) -> str:
    out = StringIO()
    names = {"organisation": "Acme", "owner_email": "Olga@Acme.example"}
    call_command("bootstrap", **names | given, stdout=out)
    return out.getvalue()


def mails() -> int:
    return WorkItem.objects.filter(kind=SEND_PASSWORD_MAIL).count()


def test_first_organisation_and_owner_are_made() -> None:
    said = bootstrap(owner_name="Olga Owner")

    olga = User.objects.get(email="olga@acme.example")
    assert (olga.full_name, olga.is_staff, olga.has_usable_password()) == (
        "Olga Owner",
        False,
        False,
    )
    assert [(row.organisation.name, row.role) for row in olga.memberships.all()] == [
        ("Acme", "owner")
    ]
    assert HistoryEntry.objects.filter(verb="added", to_state="owner").count() == 1
    assert mails() == 1
    assert said == (
        "Acme: created.\nA mail with a link to set a password goes out with the next work.\n"
    )


def test_second_call_changes_nothing() -> None:
    bootstrap()
    bootstrap()

    counts = (Organisation.objects.count(), User.objects.count(), Membership.objects.count())
    assert counts == (1, 1, 1)
    assert mails() == 1


def test_owner_with_a_password_gets_no_mail() -> None:
    User.objects.create_user("olga@acme.example", "correct horse battery staple")

    assert bootstrap() == "Acme: created.\nThe owner has a password already: nothing is sent.\n"
    assert mails() == 0


def test_owner_may_operate_the_installation() -> None:
    bootstrap(staff=True)

    assert User.objects.get().is_staff


@pytest.mark.parametrize(
    "given",
    [
        {"owner_email": "nobody"},
        {"owner_email": ""},
        {"organisation": "  "},
        {"organisation": "x" * 201},
    ],
)
def test_wrong_names_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        bootstrap(**given)

    assert User.objects.count() == 0
