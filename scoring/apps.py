"""App configuration."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Registers receivers, durable work and the admin's pages."""

    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself."""
        from interviews.callroom.simulated.scripts import add_scripts
        from scoring import receivers, tasks  # noqa: F401
        from scoring.admin import home, interviews, records  # noqa: F401
        from scoring.demo import calls, follow  # noqa: F401

        add_scripts(calls.scripts)
