"""The wall in the console: every page of a tenant's rows is built on TenantAdmin.

Rows are cut to the user's organisations before anything else, so that a foreign id is unknown to
lists, pickers, filters, actions and pages alike. What a member may do follows from the role in the
row's own organisation; Django's model permissions play no part.
"""

import uuid
from typing import Any, ClassVar, NoReturn

from django import forms
from django.contrib import messages
from django.contrib.admin import RelatedFieldListFilter
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from talenti.admin.histories import describe_all
from talenti.admin.outcomes import explain
from talenti.errors import TalentiError
from talenti.history import Actor, record
from talenti.models import HistoryEntry, Organisation
from talenti.roles import READERS, WRITERS
from talenti.tenancy import TenantRow

HISTORY_LINES = 200


class OwnRowsFilter(RelatedFieldListFilter):
    """A filter by a related row that offers the user's own rows only."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[Any, Any]]:
        """Return the ids and names of own rows, by name."""
        own = field.related_model._default_manager.for_user(request.user)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in own.order_by(*ordering or ["pk"])[:200]]


class TenantForm(forms.ModelForm):
    """A form of one tenant's row; only members of several organisations are asked which."""

    roles = WRITERS
    user: ClassVar[Any] = None
    belongs_to = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.user.organisations_as(self.roles)
        if not self.instance._state.adding or len(own) == 1:
            del self.fields["belongs_to"]
            if self.instance._state.adding:
                self.instance.organisation_id = own[0]
        else:
            choices = Organisation.objects.filter(pk__in=own).order_by("name")
            self.fields["belongs_to"].queryset = choices  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        chosen = self.cleaned_data.get("belongs_to")
        if chosen is not None:
            self.instance.organisation = chosen
        super()._post_clean()  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        """Check constraints that name the organisation too: they hold within one."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"organisation"} if self.instance.organisation_id else excluded


class TenantAdmin(ModelAdmin):
    """Pages of rows that belong to an organisation."""

    form: type[forms.ModelForm] = TenantForm
    writers: ClassVar[frozenset[str]] = WRITERS
    removers: ClassVar[frozenset[str]] = frozenset()
    actions: Any = ()
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = False

    # --- whose rows -------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the user's organisations."""
        return self.cut(super().get_queryset(request), request)

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return those of `rows` that the user may know of."""
        return rows.for_user(request.user)

    def own_row(self, request: HttpRequest, object_id: str) -> Any:
        """Return one row of the user's organisations; 404 for any other id."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def row_to_change(
        self, request: HttpRequest, object_id: str, roles: frozenset[str] | None = None
    ) -> Any:
        """Return an own row that this user's role may act on; 404 or 403 otherwise."""
        row = self.own_row(request, object_id)
        if not self.allows(request, roles or self.writers, row):
            raise PermissionDenied
        return row

    def _get_obj_does_not_exist_redirect(self, *_: Any) -> NoReturn:
        raise Http404

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows of the user's own organisations only."""
        related = db_field.remote_field.model
        if issubclass(related, TenantRow):
            kwargs["queryset"] = related.objects.for_user(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # --- who may what -----------------------------------------------------------------------
    def allows(self, request: HttpRequest, roles: frozenset[str], row: Any = None) -> bool:
        """Return whether the user has one of `roles` in the row's organisation, or in any."""
        user: Any = request.user
        if row is None:
            return bool(user.organisations_as(roles))
        return user.role_in(self.organisation_of(row)) in roles

    def organisation_of(self, row: Any) -> uuid.UUID:
        """Return the id of the organisation that the row belongs to."""
        return row.organisation_id

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the app to whoever may see this page."""
        return request.user.is_authenticated and self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every member reads."""
        return self.allows(request, READERS, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who write may add."""
        return self.allows(request, self.writers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who write in the row's organisation may change it."""
        return self.allows(request, self.writers, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted, except where a page says that it is harmless."""
        return (
            obj is not None and self.allows(request, self.removers, obj) and self.is_removable(obj)
        )

    def is_removable(self, row: Any) -> bool:
        """Return whether nothing refers to this row yet."""
        return False

    # --- changing, and what is remembered of it ---------------------------------------------
    def get_form(
        self,
        request: HttpRequest,
        obj: Model | None = None,
        change: bool = False,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Any:
        """Return the form class, which knows the user."""
        own_form = type("OwnForm", (self.form,), {"user": request.user})
        return super().get_form(request, obj, change, form=own_form, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Ask for the organisation where there is a choice."""
        given = list(super().get_fields(request, obj))
        user: Any = request.user
        several = obj is None and len(user.organisations_as(self.writers)) > 1
        rest = [name for name in given if name != "belongs_to"]
        return ["belongs_to", *rest] if several else rest

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        """Offer one button for saving and one for going on."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kw)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer kindly when somebody stored the same a moment ago."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except TalentiError as refusal:
            messages.error(request, explain(refusal))
            return redirect(request.path)
        except IntegrityError:
            messages.error(request, "Somebody stored the same a moment ago. Nothing was changed.")
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store the row and the fact in the history."""
        super().save_model(request, obj, form, change)
        changed = sorted(form.changed_data)
        verb = "changed" if change else "created"
        record(obj, verb, Actor.person(request.user), data={"fields": changed})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row; the fact stays in the history."""
        record(obj, "deleted", Actor.person(request.user))
        obj.delete()

    def log_addition(self, *_: Any) -> None:
        """Keep no second log: names in it would outlive their deletion."""

    log_change = log_deletions = log_addition

    # --- history ----------------------------------------------------------------------------
    def history_root(self, row: Any) -> uuid.UUID:
        """Return the id under which the row's history is kept."""
        return row.pk

    def history_of(self, request: HttpRequest, row: Any) -> QuerySet[HistoryEntry]:
        """Return what happened to the row, in order of time."""
        root = self.history_root(row)
        entries = HistoryEntry.objects.filter(
            organisation_id=self.organisation_of(row), root_id=root
        )
        return entries if root == row.pk else entries.filter(subject_id=row.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the row's history in words."""
        row = self.own_row(request, object_id)
        entries = self.history_of(request, row).select_related("actor").order_by("-id")
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "subtitle": str(row),
            "opts": self.opts,
            "object": row,
            "entries": describe_all(entries[:HISTORY_LINES]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "console/history.html", context)


class RecordAdmin(TenantAdmin):
    """Pages of rows that are written by services alone: they are read here, never changed."""

    writers: ClassVar[frozenset[str]] = frozenset()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return every field, so that each is shown."""
        return [field.name for field in self.model._meta.fields]
