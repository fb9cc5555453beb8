"""Organisations and their members."""

import uuid
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from talenti.api import members
from talenti.api.docs import describe
from talenti.api.idempotency import idempotent
from talenti.api.pagination import paginate
from talenti.api.permissions import SignedIn
from talenti.api.serializers import (
    MemberInput,
    MemberShown,
    OrganisationInput,
    OrganisationShown,
    RoleInput,
)
from talenti.api.views import ApiView, TenantView, read_input, read_query
from talenti.models import Membership, Organisation, User
from talenti.roles import OWNERS, READERS

MEMBER = (
    "id",
    "user_id",
    "user__email",
    "user__full_name",
    "role",
    "user__is_active",
    "created_at",
)
MEMBER_NAMES = ("id", "user", "email", "full_name", "role", "is_active", "created_at")


def show_organisation(row: Organisation, user: User) -> dict[str, Any]:
    """Return an organisation as its members see it."""
    return {
        "id": row.pk,
        "name": row.name,
        "retention_days": row.retention_days,
        "blind_first": row.blind_first,
        "contact_email": row.contact_email,
        "role": user.role_in(row.pk),
        "created_at": row.created_at,
    }


def show_member(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a member from its columns."""
    return dict(zip(MEMBER_NAMES, row, strict=True))


class OrganisationsView(ApiView):
    """`organisations`: one's own, so everybody may ask."""

    permission_classes = [SignedIn]

    @describe("My organisations", response=OrganisationShown, listed=True)
    def get(self, request: Request) -> Response:
        """Return a page of them."""
        read_query(None, request)
        user: Any = request.user
        rows = Organisation.objects.filter(pk__in=list(user.roles))
        return Response(paginate(request, rows, lambda row: show_organisation(row, user)))


class OneOrganisation(TenantView):
    """A view below one organisation."""

    def organisation(self, pk: uuid.UUID) -> Organisation:
        """Return the organisation for a member with the right role."""
        self.require(pk)
        row = Organisation.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row


class OrganisationView(OneOrganisation):
    """`organisations/{id}`."""

    roles: ClassVar = {"GET": READERS, "PATCH": OWNERS}

    @describe("One organisation", response=OrganisationShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return it."""
        return Response(show_organisation(self.organisation(pk), self.user))

    @describe("Change settings", request=OrganisationInput, response=OrganisationShown)
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Set what is given."""
        row = self.organisation(pk)
        members.change_organisation(row, self.actor, **read_input(OrganisationInput, request))
        return Response(show_organisation(row, self.user))


class MembersView(OneOrganisation):
    """`organisations/{id}/members`."""

    roles: ClassVar = {"GET": OWNERS, "POST": OWNERS}

    @describe("Members", response=MemberShown, listed=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page of them, the newest first."""
        self.require(pk)
        read_query(None, request)
        rows = Membership.objects.filter(organisation_id=pk).values_list(*MEMBER)
        return Response(paginate(request, rows, show_member))

    @describe(
        "Add a member", request=MemberInput, response=MemberShown, status=201, refusals=(409,)
    )
    @idempotent()
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Make somebody a member, known here or not."""
        row = self.organisation(pk)
        made = members.add_member(row, self.actor, **read_input(MemberInput, request))
        return Response(one_member(made.pk), status=201)


class MemberView(TenantView):
    """`organisations/{id}/members/{id}`."""

    roles: ClassVar = {"GET": OWNERS, "PATCH": OWNERS, "DELETE": OWNERS}

    def member(self, pk: uuid.UUID, member_id: uuid.UUID) -> Membership:
        """Return the membership for an owner of its organisation."""
        self.require(pk)
        row = Membership.objects.filter(pk=member_id, organisation_id=pk).first()
        if row is None:
            raise Http404
        return row

    @describe("One member", response=MemberShown)
    def get(self, request: Request, pk: uuid.UUID, member_id: uuid.UUID) -> Response:
        """Return it."""
        return Response(one_member(self.member(pk, member_id).pk))

    @describe("Change a role", request=RoleInput, response=MemberShown, refusals=(409,))
    def patch(self, request: Request, pk: uuid.UUID, member_id: uuid.UUID) -> Response:
        """Give the member another role."""
        row = self.member(pk, member_id)
        members.change_role(row, self.actor, read_input(RoleInput, request)["role"])
        return Response(one_member(row.pk))

    @describe("Remove a member", status=204, refusals=(409,))
    def delete(self, request: Request, pk: uuid.UUID, member_id: uuid.UUID) -> Response:
        """End the membership; the person stays a user."""
        members.remove_member(self.member(pk, member_id), self.actor)
        return Response(status=204)


def one_member(pk: uuid.UUID) -> dict[str, Any]:
    """Return a member by the membership's id."""
    return show_member(Membership.objects.values_list(*MEMBER).get(pk=pk))
