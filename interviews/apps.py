"""App configuration."""

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    """Registers receivers, durable work and the admin's pages."""

    name = "interviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself."""
        from interviews import receivers, tasks  # noqa: F401
        from interviews.admin import calls, candidates, guides, jobs  # noqa: F401
        from interviews.services import call_gauges  # noqa: F401
