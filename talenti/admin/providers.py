"""Providers: which are called and which are left alone; for those who run the installation."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from talenti.admin.theme import is_operator
from talenti.models import Breaker, BreakerState
from talenti.providers.names import title_of

WORKS, PAUSED, TRYING, DUE = "Works", "Left alone", "Being tried", "Tried with the next call"
COLOURS = {WORKS: "success", PAUSED: "danger", TRYING: "warning", DUE: "warning"}


@admin.register(Breaker)
class BreakerAdmin(ModelAdmin):
    """A list to read. Nobody opens or closes a breaker by hand: a try is never far away."""

    list_display = ("provider", "standing", "changed", "failures", "last_fault", "next_try")
    list_display_links = ("provider",)
    fields = readonly_fields = list_display
    list_before_template = "console/providers_note.html"
    ordering = ("name",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operations see it."""
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operations see it."""
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are written by calls alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by calls alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by calls alone."""
        return False

    @display(description="Provider", ordering="name")
    def provider(self, row: Breaker) -> str:
        """Return what people call it."""
        return title_of(row.name)

    @display(description="State", label=COLOURS)
    def standing(self, row: Breaker) -> str:
        """Return whether it is called."""
        return standing_of(row)

    @display(description="Since", ordering="since")
    def changed(self, row: Breaker) -> str:
        """Return when it began to be in this state."""
        return shown(row.since)

    @display(description="Next try", ordering="next_try_at", empty_value="")
    def next_try(self, row: Breaker) -> str:
        """Return from when on the next call tries it, nothing while it works."""
        return shown(row.next_try_at) if row.next_try_at else ""


def shown(moment: datetime) -> str:
    """Return the moment in UTC: pauses are as short as half a minute."""
    return f"{moment:%-d %b %Y, %H:%M:%S}"


def standing_of(row: Breaker) -> str:
    """Return how the provider stands at this moment."""
    now = timezone.now()
    if row.state == BreakerState.CLOSED or row.next_try_at is None:
        return WORKS
    if row.trying_until is not None and row.trying_until > now:
        return TRYING
    return PAUSED if row.next_try_at > now else DUE
