"""The console: Django's admin, open to members."""

from django.contrib.admin import AdminSite


class ConsoleSite(AdminSite):
    """Placeholder until the pages register."""
