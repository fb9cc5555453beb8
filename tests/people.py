"""The people of the tests: Demo Ltd's own, a stranger, an operator, and the candidate."""

from dataclasses import dataclass

from rest_framework.test import APIClient

from talenti.api.tokens import issue_access
from talenti.models import Membership, Organisation, User
from talenti.roles import Role

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class People:
    """Who is who; Charlie owns another organisation, Oscar is operations staff without one."""

    home: Organisation
    elsewhere: Organisation
    alice: User  # recruits
    bob: User  # reviews
    vera: User  # views
    olive: User  # owns
    charlie: User  # is a stranger
    oscar: User  # operates

    def members(self) -> dict[str, User]:
        """Return the members of `home` by role."""
        return {
            Role.OWNER: self.olive,
            Role.RECRUITER: self.alice,
            Role.REVIEWER: self.bob,
            Role.VIEWER: self.vera,
        }


def make_user(name: str, *, organisation: Organisation | None = None, role: str = "") -> User:
    """Return a user `<name>@example.org` with PASSWORD and at most one membership."""
    user = User.objects.create_user(
        f"{name}@example.org", PASSWORD, full_name=f"{name.title()} Example"
    )
    if organisation is not None:
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def make_people() -> People:
    """Return two organisations with everybody in them."""
    home = Organisation.objects.create(name="Demo Ltd", contact_email="people@demo.example")
    elsewhere = Organisation.objects.create(name="Other Ltd")
    oscar = make_user("oscar")
    User.objects.filter(pk=oscar.pk).update(is_staff=True)
    return People(
        home=home,
        elsewhere=elsewhere,
        alice=make_user("alice", organisation=home, role=Role.RECRUITER),
        bob=make_user("bob", organisation=home, role=Role.REVIEWER),
        vera=make_user("vera", organisation=home, role=Role.VIEWER),
        olive=make_user("olive", organisation=home, role=Role.OWNER),
        charlie=make_user("charlie", organisation=elsewhere, role=Role.OWNER),
        oscar=oscar,
    )


def client_for(user: User | None) -> APIClient:
    """Return a client that speaks to the API as `user`, or as nobody."""
    client = APIClient()
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_access(user.pk)}")
    return client


def candidate_client(token: str) -> APIClient:
    """Return a client that speaks to the API as the candidate with this invitation's secret."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Invitation {token}")
    return client
