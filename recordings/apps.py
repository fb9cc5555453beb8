"""App configuration."""

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    """Registers receivers, durable work and the admin's pages."""

    name = "recordings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself."""
        from recordings import receivers, tasks  # noqa: F401
        from recordings.admin import records  # noqa: F401
