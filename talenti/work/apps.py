"""App configuration of durable work."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Work items, the actors that do them, and the sweeper."""

    name = "talenti.work"
    label = "work"
    verbose_name = "Work"

    def ready(self) -> None:
        """Register the gauges."""
        from talenti.work import gauges  # noqa: F401
