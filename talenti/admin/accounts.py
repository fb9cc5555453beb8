"""Organisations, people and their roles."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from talenti.admin.account_forms import (
    MembershipForm,
    NewMembershipForm,
    NewUserForm,
    OrganisationForm,
    UserForm,
)
from talenti.admin.outcomes import try_on
from talenti.admin.tenants import TenantAdmin
from talenti.api.members import change_organisation, change_role, remove_member
from talenti.history import Actor, record
from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.roles import OWNERS, Role

ROLE_COLOURS = {
    Role.OWNER.label: "success",
    Role.RECRUITER.label: "info",
    Role.REVIEWER.label: "warning",
}


class AccountAdmin(TenantAdmin):
    """Pages that are open to staff for every organisation, and to owners for their own."""

    writers: ClassVar[frozenset[str]] = OWNERS

    def allows(self, request: HttpRequest, roles: frozenset[str], row: Any = None) -> bool:
        """Let staff do what owners do."""
        return request.user.is_staff or super().allows(request, roles, row)

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return all rows to staff, the rest to members as far as they know each other."""
        return rows if request.user.is_staff else self.cut_to_member(rows, request.user)

    def cut_to_member(self, rows: Any, user: Any) -> QuerySet[Any]:
        """Return the rows of the user's organisations."""
        return rows.filter(organisation__in=list(user.roles))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form's own fields."""
        return list(self.get_form(request, obj).base_fields)


@admin.register(Organisation)
class OrganisationAdmin(AccountAdmin):
    """An owner's settings; staff add organisations."""

    form = OrganisationForm
    fields = ("name", "contact_email", "retention_days", "blind_first")
    list_display = ("name", "members", "retention_days", "blind_first", "created_at")
    search_fields = ("name",)
    ordering = ("name",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the settings."""
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the members in the same query."""
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    def cut_to_member(self, rows: Any, user: Any) -> QuerySet[Any]:
        """Return the user's own organisations."""
        return rows.filter(pk__in=list(user.roles))

    def organisation_of(self, row: Any) -> Any:
        """Return its own id."""
        return row.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only staff open organisations."""
        return request.user.is_staff

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store the settings and who changed which."""
        actor = Actor.person(request.user)
        if change:
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            change_organisation(Organisation.objects.get(pk=obj.pk), actor, **values)
            return
        obj.save()
        HistoryEntry.objects.create(
            organisation=obj,
            subject="organisation",
            subject_id=obj.pk,
            root_id=obj.pk,
            verb="created",
            actor_kind=actor.kind,
            actor=actor.user,
        )

    @display(description="Members")
    def members(self, row: Any) -> int:
        """Return how many members it has."""
        return row.member_count


@admin.register(User)
class UserAdmin(AccountAdmin):
    """People. Members read who their colleagues are; only staff change accounts."""

    form = UserForm
    list_display = ("email", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    writers: ClassVar[frozenset[str]] = frozenset()

    def cut_to_member(self, rows: Any, user: Any) -> QuerySet[Any]:
        """Return colleagues, who share an organisation, and the user."""
        organisations = list(user.roles)
        return rows.filter(memberships__organisation__in=organisations).distinct()

    def allows(self, request: HttpRequest, roles: frozenset[str], row: Any = None) -> bool:
        """Rows are cut already: whoever is in the list may be read."""
        user: Any = request.user
        return user.is_staff or bool(roles and user.roles)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Ask for a first password when a user is added."""
        kwargs["fields"] = NewUserForm.Meta.fields if obj is None else UserForm.Meta.fields
        form = super().get_form(request, obj, *args, **kwargs)
        return form if obj else type("NewOwnForm", (NewUserForm,), {"user": request.user})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is asked of a new user, or shown of one."""
        if obj is None:
            return ["email", "full_name", "password"]
        return ["email", "full_name", "is_active", "is_staff"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let superusers alone make staff."""
        return [] if request.user.is_superuser else ["is_staff"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store the account, and in each of its organisations who changed it."""
        if not change:
            obj.set_password(form.cleaned_data["password"])
        obj.save()
        for membership in obj.memberships.all():
            record(membership, "changed", Actor.person(request.user), data={"subject": "user"})

    def history_of(self, request: HttpRequest, row: Any) -> QuerySet[HistoryEntry]:
        """Return what the user did, as far as the reader may know of it."""
        own = HistoryEntry.objects.for_user(request.user)
        return own.filter(actor=row)

    def organisation_of(self, row: Any) -> Any:
        """Return none: people are cut by membership."""
        return None


@admin.register(Membership)
class MembershipAdmin(AccountAdmin):
    """Who has which role; owners invite, change and remove, but never the last owner."""

    form = MembershipForm
    list_display = ("person", "email", "shown_role", "organisation", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__full_name")
    ordering = ("organisation__name", "user__email")
    removers: ClassVar[frozenset[str]] = OWNERS

    @display(description="Member", ordering="user__full_name")
    def person(self, row: Membership) -> str:
        """Return the member's name."""
        return str(row.user)

    @display(description="E-mail", ordering="user__email")
    def email(self, row: Membership) -> str:
        """Return the member's address."""
        return row.user.email

    @display(description="Role", ordering="role", label=ROLE_COLOURS)
    def shown_role(self, row: Membership) -> str:
        """Return the role's name."""
        return row.get_role_display()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for a person when adding; a role is all that changes afterwards."""
        if obj is not None:
            return ["role"]
        form = NewMembershipForm
        several = len(form.organisations_for(request.user)) > 1
        return [*(["organisation"] if several else []), "email", "role", "full_name", "password"]

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return another form for a new member."""
        if obj is None:
            return type("NewOwnForm", (NewMembershipForm,), {"user": request.user})
        return super().get_form(request, obj, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store the role; a new person gets an account, a known one keeps theirs."""
        actor = Actor.person(request.user)
        if change:
            change_role(obj, actor, obj.role)
            return
        member = form.add(actor)
        obj.pk, obj.user, obj._state.adding = member.pk, member.user, False

    def is_removable(self, row: Any) -> bool:
        """Every organisation keeps an owner."""
        return not is_last_owner(row)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove a member, unless meanwhile the last owner."""
        try_on(request, lambda: remove_member(obj, Actor.person(request.user)), "Removed.")


def is_last_owner(row: Membership) -> bool:
    """Return whether the organisation would have no owner without this row."""
    others = Membership.objects.filter(organisation_id=row.organisation_id, role=Role.OWNER)
    return row.role == Role.OWNER and not others.exclude(pk=row.pk).exists()
