"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Audit: who did what to whose record: append-only, chained, verifiable."""

    name = "unhurried.service.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the triggers in place, and check that they are."""
        import_module("unhurried.service.audit.checks")
        triggers = import_module("unhurried.service.audit.triggers")
        post_migrate.connect(triggers.after_migrate, sender=self)
