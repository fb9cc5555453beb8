"""App configuration of the house itself and of its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class TalentiConfig(AppConfig):
    """Organisations, users and history."""

    name = "talenti"
    default = True

    def ready(self) -> None:
        """Load the system checks and what registers itself."""
        from talenti import checks  # noqa: F401
        from talenti.accounts import receivers as account_receivers  # noqa: F401
        from talenti.accounts import tasks  # noqa: F401
        from talenti.admin import accounts, history, providers, work  # noqa: F401
        from talenti.api import receivers  # noqa: F401
        from talenti.providers import breakers  # noqa: F401
        from talenti.storage import cleaning  # noqa: F401
        from talenti.webhooks import gauges  # noqa: F401


class AdminConfig(SimpleAdminConfig):
    """The console, open to members (see talenti.admin.site)."""

    default_site = "talenti.admin.site.ConsoleSite"
