"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Outbox: everything that leaves the service, exactly once."""

    name = "unhurried.service.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the workers know the outbox."""
        import_module("unhurried.service.outbox.jobs")
